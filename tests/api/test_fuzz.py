"""Everything that the description allows, and much that it does not: schemathesis with all its checks, as each role.

`make fuzz-api` asks more; API_SEED repeats a run.
"""

import logging
import os
import random
from collections import Counter
from contextlib import contextmanager

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from organisations.tenancy.context import tenant
from organisations.web import bearer
from organisations.web.rate_limits import Limit
from tests.api.asking import mint
from tests.factories import PractitionerFactory
from tests.route_matrix import rolled_back

EXAMPLES = int(os.environ.get("API_EXAMPLES", "4"))
SEED = int(os.environ.get("API_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
ROLES = ("practitioner", "team_lead", "admin", "other", "system")
# A rule of the house may refuse what the description allows: documented as 422, with its sentence; and no schema
# says that a text holds no NUL (400).
CONFIG = {
    "generation": {"with-security-parameters": False},
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "400", "401", "403", "404", "409", "422"]}},
}


@pytest.fixture
def api(world, monkeypatch):
    """The application itself, without limits on how often it may be asked."""
    for name in ("REQUESTS", "WRONG"):
        monkeypatch.setattr(bearer, name, Limit(name, at_most=10**9, seconds=60))
    with quiet():
        yield schemathesis.openapi.from_wsgi(
            "/api/v1/schema/", WSGIHandler(), config=SchemathesisConfig.from_dict(CONFIG)
        )


@contextmanager
def quiet():
    """No log line for each of thousands of refusals, and one connection (with its transaction) for all requests."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    logging.disable(before)


def aimed(case, world) -> None:
    """Ids that exist, instead of random ones that are always 404."""
    known = {key: str(value) for key, value in world.kwargs.items()}
    for name in case.path_parameters or {}:
        case.path_parameters[name] = known.get(name, case.path_parameters[name])
    if isinstance(case.body, dict):
        for field in ("client", "episode", "session", "service"):
            if isinstance(case.body.get(field), str):
                case.body[field] = known[f"{field}_id"]
        if "teams" in case.body:
            case.body["teams"] = [known["team_id"]]


def asked(api, world, secret: str, *, examples: int, seed: int) -> tuple[Counter, list[str]]:
    """Ask every route, rightly and wrongly: the number of answers by status, and the broken promises."""
    statuses: Counter = Counter()
    broken = []
    for found in api.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                ask_one(found.ok(), mode, world, secret, statuses, examples, seed)
            except hypothesis.errors.Unsatisfiable:
                continue  # a route without a parameter cannot be asked wrongly
            except (Exception, BaseExceptionGroup) as error:
                broken.append(f"{found.ok().label} {mode.value}: {error}")
    return statuses, broken


def ask_one(operation, mode, world, secret, statuses, examples, seed) -> None:
    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        if mode == GenerationMode.POSITIVE:
            aimed(case, world)
        with rolled_back():
            answer = case.call_and_validate(
                headers={"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
            )
        statuses[answer.status_code] += 1

    ask()


def system_beside(person):
    """Another system in a person's teams: a practitioner without a user."""
    with tenant(person.organisation_id):
        teams = [membership.team for membership in person.memberships.select_related("team")]
        return PractitionerFactory(organisation=person.organisation, user=None, teams=teams)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_the_api_keeps_what_its_description_promises(role, world, api, capsys):
    person = world.people.get(role) or system_beside(world.people["practitioner"])
    statuses, broken = asked(api, world, mint(person).secret, examples=EXAMPLES, seed=SEED)
    with capsys.disabled():
        told = f"\nAPI as {role}: {sum(statuses.values())} requests, seed {SEED}, {dict(sorted(statuses.items()))}"
        print(told)  # noqa: T201  the seed repeats the run
    assert not broken, "\n".join(broken)
    assert statuses.total() > 2 * EXAMPLES
    assert not [status for status in statuses if status >= 500]


@pytest.mark.django_db
def test_a_broken_promise_is_seen(world, api, monkeypatch):
    """The control: a field that is not in the description is found."""
    from clients.api.clients import ClientOut

    monkeypatch.setattr(ClientOut, "to_representation", lambda self, row: {"id": 7})
    _statuses, broken = asked(api, world, mint(world.people["practitioner"]).secret, examples=2, seed=1)
    assert any("GET /api/v1/clients/" in promise for promise in broken)
