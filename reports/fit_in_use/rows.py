"""What "Is FIT really done?" is counted from, read in a number of queries that does not grow."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest, TruncDate

from clients.models import Client, ClientTeam, ConsentPurpose, Episode
from clients.models.client import ClientQuerySet
from clients.models.lawful_grounds import Content
from clients.services.consents import clients_to_share
from organisations.models import Membership, Practitioner
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import (
    OWN_WORDS,
    Alert,
    AlertLevel,
    AlertStep,
    Attendance,
    Note,
    Rating,
    Session,
    StepKind,
    TeamMeetingCase,
)

ACTS = (StepKind.DECIDED, StepKind.SET_ASIDE)


@dataclass(frozen=True)
class UsePeriod:
    """Some days, both ends included."""

    first: date
    last: date

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class SessionUse:
    """A session that was held, and what it has."""

    client: UUID
    episode: UUID
    practitioner: UUID
    held_on: date
    outcome_skipped: str
    alliance_skipped: str
    has_ors: bool
    has_srs: bool
    has_words: bool


@dataclass(frozen=True, slots=True)
class CourseUse:
    """An episode with its rhythm; `ors_days` are the days with an ORS, in order."""

    episode: UUID
    client: UUID
    contact: UUID | None
    started_on: date
    ended_on: date | None
    archived_on: date | None
    rhythm: int
    first_session_on: date | None
    ors_days: tuple[date, ...]

    def is_open_on(self, day: date) -> bool:
        """Whether it was going on at the end of a day."""
        ends = [one for one in (self.ended_on, self.archived_on) if one is not None]
        return self.started_on <= day and all(one > day for one in ends)

    def is_seen_by(self, day: date) -> bool:
        """Whether there was a session by then, so that there is something to speak of."""
        return self.first_session_on is not None and self.first_session_on <= day

    def last_ors(self, until: date) -> date | None:
        """The last day with an ORS, up to a day."""
        place = bisect_right(self.ors_days, until)
        return self.ors_days[place - 1] if place else None


@dataclass(frozen=True, slots=True)
class AlertUse:
    """A red or yellow alert: of which day, since when it could be seen, and when somebody acted on it first."""

    client: UUID
    contact: UUID | None
    raised_on: date
    known_on: date
    acted_on: date | None


@dataclass(frozen=True, slots=True)
class StaffUse:
    """Somebody who logs in, and when they first practised and first held a session with a client."""

    practitioner: UUID
    teams: frozenset[UUID]
    practised_on: date | None
    first_session_on: date | None


@dataclass(frozen=True)
class UseRows:
    """Everything of some days. `teams` are those of each client, `discussed` (episode, day) of what was spoken of."""

    sessions: list[SessionUse]
    courses: list[CourseUse]
    alerts: list[AlertUse]
    teams: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    discussed: set[tuple[UUID, date]] = field(default_factory=set)
    staff: list[StaffUse] = field(default_factory=list)


def load_use_rows(by: Practitioner, days: UsePeriod) -> UseRows:
    """What may be counted of the clients that a person may see; for an administrator of all. Six queries.

    As on the results page practice clients count nowhere, archived ones do, and so does whom the country's law lets
    count. Teams are those of today: nothing tells since when a client was helped by one.
    """
    clients, measured = _clients(by), load_measured_rows(by, days)
    return replace(measured, teams=_teams(clients), discussed=_discussed(clients, days), staff=_staff(by))


def load_measured_rows(by: Practitioner, days: UsePeriod) -> UseRows:
    """The same of all clients together, without meetings and people. Three queries."""
    clients, zone = _clients(by), ZoneInfo(by.organisation.time_zone)
    sessions = list(_sessions(clients, days))
    return UseRows(
        sessions=sessions,
        courses=_courses(clients, days, sessions, zone),
        alerts=_alerts(clients, days, zone),
    )


def _clients(by: Practitioner) -> ClientQuerySet:
    seen = Client.objects.visible_to(by).filter(is_practice=False)
    return clients_to_share(seen, ConsentPurpose.STATISTICS, Content.MARKS, by.organisation)


def _answered(part: str) -> QuerySet[Rating]:
    keys = [one.key for one in FAMILY.values() if one.part == part]
    return Rating.objects.filter(session=OuterRef("pk"), superseded_by=None, instrument__in=keys)


def _held(clients: ClientQuerySet) -> QuerySet[Session]:
    return Session.objects.valid().filter(attendance=Attendance.ATTENDED, client__in=clients)


def _sessions(clients: ClientQuerySet, days: UsePeriod) -> Iterable[SessionUse]:
    words = Note.objects.filter(session=OuterRef("pk"), kind__in=OWN_WORDS).exclude(text="")
    rows = _held(clients).filter(held_on__range=(days.first, days.last))
    columns = ("client", "episode", "practitioner", "held_on", "outcome_skipped", "alliance_skipped")
    has = {"has_ors": Exists(_answered(OUTCOME)), "has_srs": Exists(_answered(ALLIANCE)), "has_words": Exists(words)}
    for row in rows.annotate(**has).values_list(*columns, *has).iterator():
        yield SessionUse(*row)


def _courses(
    clients: ClientQuerySet, days: UsePeriod, sessions: Iterable[SessionUse], zone: ZoneInfo
) -> list[CourseUse]:
    """The last ORS from before the days is asked for, those within them are known."""
    measured: dict[UUID, list[date]] = defaultdict(list)
    for one in sessions:
        if one.has_ors:
            measured[one.episode].append(one.held_on)
    held = Session.objects.valid().filter(episode=OuterRef("pk"), attendance=Attendance.ATTENDED)
    before = held.filter(Exists(_answered(OUTCOME)), held_on__lt=days.first)
    open_then = Q(ended_on=None) | Q(ended_on__gt=days.first)
    rows = Episode.objects.filter(open_then, client__in=clients, started_on__lte=days.last).annotate(
        archived_on=TruncDate("client__archived_at", tzinfo=zone),
        seen_on=_one_of(held, Min("held_on")),
        before=_one_of(before, Max("held_on")),
    )
    return [
        CourseUse(
            episode=one.pk,
            client=one.client_id,
            contact=one.client.contact_id,
            started_on=one.started_on,
            ended_on=one.ended_on,
            archived_on=one.archived_on,
            rhythm=one.client.outcome_rhythm,
            first_session_on=one.seen_on,
            ors_days=tuple(sorted([*([one.before] if one.before else []), *measured[one.pk]])),
        )
        for one in rows.select_related("client").only(
            "started_on", "ended_on", "client__contact", "client__outcome_rhythm"
        )
    ]


def _one_of(rows: QuerySet[Session], what: Min | Max) -> Subquery:
    return Subquery(rows.order_by().values("episode").annotate(day=what).values("day"))


def _alerts(clients: ClientQuerySet, days: UsePeriod, zone: ZoneInfo) -> list[AlertUse]:
    steps = AlertStep.objects.filter(alert=OuterRef("pk"), kind__in=ACTS).order_by("at")
    rows = Alert.objects.filter(
        episode__client__in=clients,
        raised_on__range=(days.first, days.last),
        level__in=(AlertLevel.AMBER, AlertLevel.RED),
    ).exclude(session__voided_at__isnull=False)
    first = Subquery(steps.annotate(day=TruncDate("at", tzinfo=zone)).values("day")[:1])
    known = Greatest("raised_on", TruncDate("created_at", tzinfo=zone))
    columns = ("episode__client", "episode__client__contact", "raised_on", "known_on", "acted_on")
    return [AlertUse(*row) for row in rows.annotate(known_on=known, acted_on=first).values_list(*columns)]


def _discussed(clients: ClientQuerySet, days: UsePeriod) -> set[tuple[UUID, date]]:
    cases = TeamMeetingCase.objects.standing().filter(discussed_at__isnull=False, episode__client__in=clients)
    here = cases.filter(meeting__held_on__range=(days.first, days.last))
    return set(here.values_list("episode", "meeting__held_on"))


def _teams(clients: ClientQuerySet) -> dict[UUID, frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for client, team in ClientTeam.objects.filter(client__in=clients).values_list("client", "team"):
        found[client].add(team)
    return {client: frozenset(teams) for client, teams in found.items()}


def _staff(by: Practitioner) -> list[StaffUse]:
    people = Practitioner.objects.filter(organisation=by.organisation_id).contacts()
    held = Session.objects.valid().filter(attendance=Attendance.ATTENDED, practitioner=OuterRef("practitioner"))

    def first(*, practice: bool) -> Subquery:
        here = held.filter(client__is_practice=practice)
        return Subquery(here.order_by().values("practitioner").annotate(day=Min("held_on")).values("day"))

    rows = Membership.objects.filter(practitioner__in=people).annotate(
        practised_on=first(practice=True), first_session_on=first(practice=False), who=F("practitioner")
    )
    teams: dict[UUID, set[UUID]] = defaultdict(set)
    days = {}
    for who, team, *found in rows.values_list("who", "team", "practised_on", "first_session_on"):
        teams[who].add(team)
        days[who] = found
    return [StaffUse(who, frozenset(teams[who]), *found) for who, found in days.items()]


def months_until(today: date, count: int) -> list[UsePeriod]:
    """So many months, the latest last: that of `today` as far as it has come."""
    found, last = [], today
    for _month in range(count):
        first = last.replace(day=1)
        found.append(UsePeriod(first, last))
        last = first - timedelta(days=1)
    return found[::-1]
