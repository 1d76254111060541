"""Nobody writes a field that is not theirs: every writable route x every field of every model, with foreign values."""

import datetime
import uuid

import pytest
from django.apps import apps
from django.db import connection, models

from organisations.database.rls import is_tenant_model
from organisations.history.tracking import is_event_model
from organisations.tenancy.context import tenant
from tests.api.asking import System, api_routes, methods_of, mint
from tests.route_matrix import rolled_back

pytestmark = pytest.mark.django_db
WRITES = [(name, method) for name, pattern in api_routes().items() for method in methods_of(pattern) if method != "GET"]
MODELS = [model for model in apps.get_models() if is_tenant_model(model) and not is_event_model(model)]
FIELDS = sorted({field.name for model in MODELS for field in model._meta.get_fields() if hasattr(field, "column")})
# Never a body's: whose a row is, who wrote it, when, and what was worked out.
NOBODYS = {"organisation", "recorded_by", "created_by", "updated_by", "voided_by", "created_at", "updated_at", "id"}


def foreign_value(name: str, world) -> object:
    """A value that would do harm if the field took it."""
    for model in MODELS:
        field = next((field for field in model._meta.fields if field.name == name), None)
        if field is None:
            continue
        if isinstance(field, models.ForeignKey):
            if name == "organisation":
                return str(world.people["other"].organisation_id)
            return str(world.people["other"].pk)
        if isinstance(field, models.UUIDField):
            return str(uuid.uuid4())
        if isinstance(field, models.DateTimeField):
            return "2001-02-03T04:05:06Z"
        if isinstance(field, models.DateField):
            return "2001-02-03"
        if isinstance(field, models.BooleanField):
            return True
        if isinstance(field, models.IntegerField):
            return 399
        return "foreign"
    return "foreign"


def stored() -> dict[str, list]:
    """Every row of every tenant table of this organisation and of the global ones a token could reach."""
    found = {}
    with connection.cursor() as cursor:
        for model in MODELS:
            table = model._meta.db_table
            if table in {"organisations_accessevent", "organisations_accesshead", "organisations_apitoken"}:
                continue  # each request writes there: who asked, and when
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t ORDER BY 1')
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


@pytest.mark.parametrize(("name", "method"), WRITES)
def test_a_field_that_is_not_the_routes_own_is_refused_and_changes_nothing(name, method, world):
    person = world.people["practitioner"]
    system, url = System(mint(person).secret), world.url(name)
    foreign = [field for field in FIELDS if field not in writable(name, method)]
    assert len(foreign) > 80
    assert set(foreign) >= NOBODYS
    with tenant(person.organisation_id):
        before = stored()
    together = system.ask(method, url, {field: foreign_value(field, world) for field in foreign})
    assert together.status_code == 422
    assert set(together.json()["errors"]) >= set(foreign)
    for field in sorted(NOBODYS):
        alone = system.ask(method, url, {field: foreign_value(field, world)})
        assert alone.status_code == 422, field
        assert field in alone.json()["errors"]
    with tenant(person.organisation_id):
        assert stored() == before


def writable(name: str, method: str) -> set[str]:
    """What the description says that a route takes."""
    from fit_project.api import description

    told = description()
    for address, methods in told["paths"].items():
        route = methods.get(method.lower())
        if route and address.replace("/api/v1/", "") == path_of(name):
            schema = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            shape = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if schema else {}
            return set(shape.get("properties", {}))
    raise AssertionError(name)


def path_of(name: str) -> str:
    """A route's path as the description writes it."""
    pattern = str(api_routes()[name].pattern)
    return pattern.replace("<uuid:", "{").replace(">", "}")


FULL = {
    "api-client-list": lambda w: {"reference": "NEW-1", "form_language": "da", "teams": [str(w.kwargs["team_id"])]},
    "api-session-list": lambda w: {
        "client": str(w.kwargs["client_id"]),
        "submission_id": str(uuid.uuid4()),
        "held_on": datetime.date(2026, 3, 2).isoformat(),
        "contact_form": "video",
        "attendance": "attended",
    },
}


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("field", sorted(NOBODYS))
def test_beside_a_right_body_too(name, field, world):
    person = world.people["practitioner"]
    system = System(mint(person).secret)
    body = FULL[name](world)
    with rolled_back():
        assert system.post(world.url(name), body).status_code == 201
    answer = system.post(world.url(name), body | {field: foreign_value(field, world)})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize(
    ("name", "method", "field", "row"),
    [
        ("api-client-detail", "PATCH", "contact", "other"),
        ("api-client-detail", "PATCH", "second_contact", "other"),
        ("api-client-detail", "PATCH", "teams", "team"),
        ("api-episode-list", "POST", "client", "client"),
        ("api-episode-list", "POST", "service", "service"),
        ("api-session-list", "POST", "client", "client"),
        ("api-session-start", "POST", "client", "client"),
        ("api-session-start", "POST", "episode", "episode"),
        ("api-session-move", "POST", "episode", "episode"),
        ("api-rating-list", "POST", "session", "session"),
        ("api-note-list", "POST", "session", "session"),
    ],
)
def test_a_foreign_row_is_told_from_a_missing_one_by_nothing(name, method, field, row, world):
    from tests.factories import ClientFactory, EpisodeFactory, SessionFactory

    other, person = world.people["other"], world.people["practitioner"]
    with tenant(other.organisation_id):
        client = ClientFactory(organisation=other.organisation)
        episode = EpisodeFactory(organisation=other.organisation, client=client)
        session = SessionFactory(organisation=other.organisation, episode=episode, practitioner=other)
        team = other.memberships.get().team
    rows = {"other": other, "team": team, "client": client, "episode": episode, "session": session}
    rows["service"] = episode.service
    system = System(mint(person).secret)

    def told(pk) -> dict:
        value = [str(pk)] if field == "teams" else str(pk)
        answer = system.ask(method, world.url(name), {field: value})
        assert answer.status_code == 422
        errors = answer.json()["errors"]
        return {key: sentences for key, sentences in errors.items() if key.startswith(field)}

    assert told(rows[row].pk) == told(uuid.uuid4()) != {}
