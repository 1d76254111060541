"""Two worlds for one request: the rows of whoever asks, and those of others, whose words nobody else may read."""

from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection
from django.test import Client as Browser

from clients.models import ClientLabel
from organisations.models import ApiToken, Practitioner
from organisations.roles import Role
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import Goal, GroupMeeting
from tests.api.asking import System, system_of
from tests.factories import (
    ClientFactory,
    EpisodeFactory,
    PractitionerFactory,
    ServiceFactory,
    SessionFactory,
    TeamFactory,
    UserFactory,
)
from tests.route_matrix import HOUSE_WORDS, World, make_world, rows_beside, session_of_client

OWN_WORDS = "solsort"
HERE = ("organisations", "clients", "sessions_app")
LOOKS = {
    f"organisations.{name}" for name in ("AccessEvent", "AccessHead", "DeviceSession", "ApiToken", "User", "Outbox")
}


@dataclass
class Asker:
    """Somebody with rows of their own; `own` are their ids by name, `foreign` those that they may not use."""

    organisation_id: Any
    people: dict[str, Practitioner]
    own: dict[str, Any]
    foreign: dict[str, Any]
    unseen: tuple[str, ...]  # words of the foreign rows
    system: System  # another system with a token of theirs
    log_ins: dict[str, SimpleCookie] = field(default_factory=dict)  # by who of `people` it is
    before: dict[tuple[Any, str], str] = field(default_factory=dict)  # `stored` of the organisation, all made

    def url(self, route: str, **named: str) -> str:
        return World(self.people, self.own | named, {}, None).url(route)

    def browser_of(self, who: str) -> Browser:
        browser = Browser(raise_request_exception=False)
        browser.cookies = copy(self.log_ins[who])
        return browser


def near_and_far() -> tuple[Asker, Asker]:
    """A colleague of another team, and somebody of another organisation; the foreign rows are the same."""
    world = make_world()
    house = world.people["practitioner"].organisation
    with tenant(house.pk):
        foreign = world.kwargs | _more_of_others(world)
        near = _asker(world.people["colleague"], foreign)
    with tenant(world.people["other"].organisation_id):
        far = _asker(world.people["other"], foreign)
    near.unseen, far.unseen = ("kanariefugl", "papegoje-7"), ("kanariefugl", "papegoje-7", HOUSE_WORDS)
    for asker in (near, far):
        for who, person in asker.people.items():
            browser = Browser()
            browser.force_login(person.user)
            asker.log_ins[who] = browser.cookies
        asker.before = stored(asker.organisation_id)
    return near, far


def _more_of_others(world: World) -> dict[str, Any]:
    system = _system(world.people["practitioner"], HOUSE_WORDS)
    return {"system_id": system.pk, "supervision_submission_id": world.kwargs["meeting_id"]}


def _system(by: Practitioner, name: str) -> Practitioner:
    system = PractitionerFactory(organisation=by.organisation, user=None, email="", name=f"System {name}")
    given = {"organisation": by.organisation, "created_by": by, "name": name, "scopes": ["clients:read"]}
    ApiToken.objects.create(practitioner=system, prefix=name[:8], **given)
    return system


def _asker(practitioner: Practitioner, foreign: dict[str, Any]) -> Asker:
    """A practitioner with two clients, a third without an episode, and whoever is around, in services of their own."""
    house = {"organisation": practitioner.organisation}
    services = [ServiceFactory(**house, name=f"{OWN_WORDS} {number}") for number in range(3)]
    teams = [TeamFactory(**house, service=service) for service in services[:2]]
    for team in teams:
        practitioner.memberships.create(**house, team=team)
    colleagues = [PractitionerFactory(**house, teams=teams) for _number in range(2)]
    admin = PractitionerFactory(**house, role=Role.ADMIN, user=UserFactory())
    session, own = session_of_client(practitioner, teams[0], OWN_WORDS, "own-1")
    _second, beside = session_of_client(practitioner, teams[0], OWN_WORDS, "own-2")
    free = SessionFactory(**house, episode=session.episode, practitioner=practitioner)
    own |= rows_beside(practitioner, colleagues[0], free, OWN_WORDS)
    GroupMeeting.objects.filter(pk=own["meeting_id"]).update(held_on=today_in(practitioner.organisation))
    other = ClientFactory(**house, reference="own-3", teams=teams)
    EpisodeFactory(**house, client=other, service=services[0])
    session.client.episodes.create(**house, service=services[1], started_on="2026-01-05")
    own |= {f"beside_{name}": value for name, value in beside.items()} | {
        "free_session_id": free.pk,
        "bare_client_id": ClientFactory(**house, teams=teams).pk,
        "other_client_id": other.pk,
        "other_goal_id": Goal.objects.create(
            **house, episode=session.episode, wording=OWN_WORDS, since=session.held_on
        ).pk,
        "new_decision_id": uuid4(),
        "team_id": teams[0].pk,
        "other_team_id": teams[1].pk,
        "service_id": services[0].pk,
        "third_service_id": services[2].pk,
        "practitioner_id": colleagues[0].pk,
        "third_practitioner_id": colleagues[1].pk,
        "own_practitioner_id": practitioner.pk,
        "system_id": _system(practitioner, OWN_WORDS).pk,
        "consultant_id": PractitionerFactory(
            **house, role=Role.CONSULTANT, access_until=today_in(practitioner.organisation) + timedelta(days=30)
        ).pk,
        "label_id": ClientLabel.objects.create(**house, name=OWN_WORDS).pk,
        "instrument": "srs",
    }
    people = {"staff": practitioner, "admin": admin}
    return Asker(practitioner.organisation_id, people, own, foreign, (), system_of(practitioner))


def stored(*organisations: Any) -> dict[tuple[Any, str], str]:
    """A digest of every table's rows by organisation; not who looked or logged in, nor what was asked of the worker."""
    found = {}
    for organisation_id in organisations:
        with tenant(organisation_id), connection.cursor() as cursor:
            cursor.execute(_digests())
            found |= {(organisation_id, label): digest for label, digest in cursor.fetchall()}
    return found


@cache
def _digests() -> str:
    """One statement for all tables: a request writes to few of them, and all are looked at before and after it."""
    quote = connection.ops.quote_name
    return " UNION ALL ".join(
        f"SELECT '{model._meta.label}', md5(string_agg(t::text, ';' ORDER BY t.{quote(model._meta.pk.column)}))"
        f" FROM {quote(model._meta.db_table)} t"
        for model in apps.get_models()
        if model.__module__.startswith(HERE) and model._meta.label not in LOOKS and model._meta.managed
    )


def changed(before: dict, after: dict) -> list[str]:
    """The tables that differ."""
    return sorted({label for (whose, label), digest in after.items() if before[whose, label] != digest})
