"""The application's own guards without the database's: row security is off, and other organisations' rows stay away.

With row security on, a guard between organisations could be missing and nobody would notice.
"""

import uuid

import pytest
from django.apps import apps
from django.db import connection

from organisations.database.rls import is_tenant_model
from organisations.models import OrganisationQuerySet
from organisations.services.log_in_rules import who_has_no_second_factor
from organisations.tenancy.context import GLOBAL_TABLES
from sessions_app.forms.import_file import ChoicesForm
from sessions_app.models import SessionImport
from tests.conftest import APPLICATION, OWNER, connect_as
from tests.guards.test_second_ids import CASES, NAMES, complaints
from tests.guards.worlds import near_and_far
from tests.route_matrix import complaints_about, make_world, rolled_back
from tests.shared_worlds import shared
from tests.test_routes import ROUTES, TABLE

OF_OTHER_HOUSES = ("other", "other_admin")
WALLED = sorted(
    model._meta.db_table
    for model in apps.get_models()
    if is_tenant_model(model) and model._meta.managed and model._meta.db_table not in GLOBAL_TABLES
)


@pytest.fixture(scope="module")
def no_wall(django_db_setup, django_db_blocker):
    """The tables' owner takes row security off, until the module's transaction is rolled back."""
    with django_db_blocker.unblock():
        connect_as(OWNER)
        with rolled_back():
            with connection.cursor() as cursor:
                for table in WALLED:
                    cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} DISABLE ROW LEVEL SECURITY")
            yield
        connect_as(APPLICATION)


@pytest.fixture(scope="module")
def worlds(no_wall, django_db_blocker):
    with shared(lambda: make_world().log_in(), django_db_blocker) as worlds:
        yield worlds


@pytest.fixture(scope="module")
def askers(no_wall, django_db_blocker):
    with shared(near_and_far, django_db_blocker) as askers:
        yield askers


@pytest.fixture
def world(worlds, askers):
    askers.close()  # its addresses are this one's too
    with worlds() as world:
        yield world


@pytest.fixture
def both(worlds, askers):
    worlds.close()
    with askers() as both:
        yield both


# Libraries have their own; /readyz says that the role could see all, as it should.
LOOKED_AT = [name for name in ROUTES if name in TABLE and not TABLE[name].library and name != "readyz"]
# Where an id counts within an organisation only, it is row security that tells two of them apart.
ASKED = [(name, case) for name, case in zip(NAMES, CASES, strict=True) if not case[2].per_house]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_route_shows_nobody_another_organisations_rows(name, world):
    assert complaints_about(name, TABLE[name], world, OF_OTHER_HOUSES, ids_shown(name, world)) == []


def test_an_import_offers_nobody_who_works_in_another_organisation(no_wall, ada, dora):
    upload = SessionImport(report={"questions": {"practitioner": ["D. Dam"]}}, choices={})
    field = ChoicesForm(upload=upload, by=ada).fields["person0"]
    assert ada.user.email in dict(field.choices)
    assert dora.user.email not in dict(field.choices)


def ids_shown(name, world):
    """Finds the foreign rows that a page names by their ids, a list by its links; not what the address named."""
    url = world.url(name)
    ids = {key: str(value) for key, value in world.kwargs.items() if isinstance(value, uuid.UUID)}

    def look(actor, answer):
        page = answer.content.decode(errors="replace")
        return [f"shows {key}" for key, value in ids.items() if value in page and value not in url]

    return look


@pytest.mark.parametrize(("route", "name", "ask"), [case for _name, case in ASKED], ids=[name for name, _ in ASKED])
def test_a_second_id_of_another_organisation_is_as_nobodys(both, route, name, ask):
    assert complaints(both, route, name, ask, near=False) == []


def test_what_another_organisations_clients_have_taught_is_not_shown(world):
    url = world.url("expected-course")
    assert len(world.browser_of("practitioner").get(url).context["rows"]) == 1
    assert world.browser_of("other").get(url).context["rows"] == []


def test_nobody_of_another_organisation_is_counted_as_without_a_second_factor(world):
    people, total = who_has_no_second_factor(world.people["other_admin"])
    assert {person.pk for person in people} == {world.people["other"].pk, world.people["other_admin"].pk}
    assert total == 2


def test_a_guard_that_is_gone_is_seen(world, monkeypatch):
    monkeypatch.setattr(OrganisationQuerySet, "visible_to", lambda self, practitioner: self.all())
    assert "team-edit GET as other_admin: 200 instead of 404" in complaints_about(
        "team-edit", TABLE["team-edit"], world, OF_OTHER_HOUSES
    )
