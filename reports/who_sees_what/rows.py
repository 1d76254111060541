"""Everybody who can see something here, with what they can see; the queries do not grow with them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.functional import Promise

from clients.models import Client, ClientBlock
from organisations.login.second_factor import users_with_second_factor
from organisations.models import ApiToken, Membership, Practitioner
from organisations.roles import Role
from organisations.services.local_day import today_in
from organisations.tokens.scopes import WORDS
from sessions_app.models import OpenedCase


@dataclass(frozen=True)
class Reach:
    """How many clients somebody can open: those who are helped now, and the archived; practice clients are nobody."""

    current: int = 0
    archived: int = 0


@dataclass(frozen=True)
class TokenReach:
    """A valid token: what another program reads with its practitioner's rights, once it is confirmed."""

    name: str
    kinds: Sequence[Promise | str]
    expires_at: datetime
    is_waiting: bool


@dataclass(frozen=True)
class SeesWhat:
    """One person, or one other system, with what they can see today."""

    person: Practitioner
    teams: Sequence[str]
    reach: Reach
    contact_of: int = 0
    opened_cases: int = 0
    tokens: Sequence[TokenReach] = ()
    has_second_factor: bool = False

    @property
    def is_system(self) -> bool:
        return self.person.user_id is None and bool(self.tokens)

    @property
    def is_invited(self) -> bool:
        return self.person.user_id is None and not self.tokens

    @property
    def last_log_in(self) -> datetime | None:
        return self.person.user.last_login if self.person.user else None


def rows_for(by: Practitioner) -> list[SeesWhat]:
    """Who has access to the organisation of an administrator, or is invited to, by name; nine queries."""
    today = today_in(by.organisation)
    people = [person for person in _with_access(by) if not person.access_is_over(today)]
    tokens, reaches = _tokens(by), _reaches(by)
    everybody = Client.objects.visible_to(by).filter(is_practice=False).aggregate(**_COUNTED)
    contacts, opened = _contacts(by), _opened_cases(by, today)
    secured = users_with_second_factor([person.user_id for person in people if person.user_id])
    return [
        SeesWhat(
            person,
            [team.name for team in person.teams.all()],
            Reach(**everybody) if person.role == Role.ADMIN else reaches.get(person.pk, Reach()),
            contacts.get(person.pk, 0),
            opened.get(person.pk, 0),
            tokens.get(person.pk, ()),
            person.user_id in secured,
        )
        for person in people
        if person.user_id or person.email or person.pk in tokens
    ]


def without_access(by: Practitioner) -> int:
    """How many practitioners are kept for their names' sake and can see nothing."""
    ended = Q(is_active=False) | Q(access_until__lt=today_in(by.organisation))
    return Practitioner.objects.visible_to(by).filter(ended).count()


_COUNTED = {"current": Count("pk", filter=Q(archived_at=None)), "archived": Count("pk", filter=~Q(archived_at=None))}


def _with_access(by: Practitioner) -> Iterable[Practitioner]:
    people = Practitioner.objects.visible_to(by).filter(is_active=True).order_by("name", "pk")
    return people.select_related("user").prefetch_related("teams")


def _reaches(by: Practitioner) -> Mapping[UUID, Reach]:
    """By practitioner: the clients of their teams, each counted once. As `Client.visible_to` says it of one person."""
    client = "team__client_teams__client"
    real = Q(**{f"{client}__is_practice": False, f"{client}__merged_into": None})
    current, archived = Q(**{f"{client}__archived_at": None}), ~Q(**{f"{client}__archived_at": None})
    rows = (
        Membership.objects.filter(organisation=by.organisation_id)
        .exclude(practitioner__role__in=[Role.ADMIN, Role.CONSULTANT])
        .values("practitioner")
        .annotate(
            current=Count(client, filter=real & current, distinct=True),
            archived=Count(client, filter=real & archived, distinct=True),
        )
    )
    shut = _shut_out(by)
    return {
        row["practitioner"]: Reach(
            row["current"] - shut[row["practitioner"], False], row["archived"] - shut[row["practitioner"], True]
        )
        for row in rows
    }


def _shut_out(by: Practitioner) -> Mapping[tuple[UUID, bool], int]:
    """By practitioner and whether they are archived: of how many clients of their teams a block leaves them out."""
    blocks = ClientBlock.objects.standing().filter(organisation=by.organisation_id, client__is_practice=False)
    found: Counter[tuple[UUID, bool]] = Counter()
    blocks = list(blocks.select_related("client").prefetch_related("client__client_teams"))
    if not blocks:
        return found
    teams_of = defaultdict(set)
    for person, team in Membership.objects.filter(organisation=by.organisation_id).values_list("practitioner", "team"):
        teams_of[person].add(team)
    for block in blocks:
        client, here = block.client, {row.team_id for row in block.client.client_teams.all()}
        named = {client.contact_id, client.second_contact_id, *block.people}
        for person, teams in teams_of.items():
            if teams & here and person not in named and not teams.intersection(block.teams):
                found[person, client.archived_at is not None] += 1
    return found


def _contacts(by: Practitioner) -> Mapping[UUID, int]:
    """By practitioner: of how many current clients they are first or second contact."""
    found: dict[UUID, int] = defaultdict(int)
    clients = Client.objects.visible_to(by).current().filter(is_practice=False)
    for pair in clients.values_list("contact", "second_contact"):
        for person in {one for one in pair if one}:
            found[person] += 1
    return found


def _opened_cases(by: Practitioner, today: date) -> Mapping[UUID, int]:
    cases = OpenedCase.objects.visible_to(by).open_on(today).agreed().order_by()
    return dict(cases.values_list("consultant").annotate(Count("pk")))


def _tokens(by: Practitioner) -> Mapping[UUID, Sequence[TokenReach]]:
    valid = ApiToken.objects.visible_to(by).with_validity().filter(revoked_at=None, expires_at__gt=Now())
    found = defaultdict(list)
    for token in valid.with_waiting().order_by("name"):
        kinds = [WORDS[scope] for scope in WORDS if scope in token.scopes]
        found[token.practitioner_id].append(TokenReach(token.name, kinds, token.expires_at, token.is_waiting))
    return found
