"""The order of need, worked out by the database: the start page reads the rows that it shows, not the whole team."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TimeField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from clients.models import EVERY_SESSION, Client, Episode, LabelledClient
from clients.services.restrictions import restricted_clients
from organisations.database.statements import written_once
from organisations.models import Practitioner
from sessions_app.measures.verdict.keys import Tone
from sessions_app.services.under_way import has_one_today

TONES = (Tone.ACT, Tone.WATCH, Tone.GOOD, Tone.QUIET)
"""The most pressing first; an episode without one is quiet."""
QUIET = len(TONES) - 1
UNREAD = 100
"""Of how many episodes at most the page reads the marks itself, where no job has yet worked out what they ask for."""
ONE_DAY = Value(datetime.timedelta(days=1))
ORDER = ("need", "late_from", "due_on", "due_at", "tone_rank", "sort_key", "reference")


class Need(IntEnum):
    """The parts of the page in their order: what is under way, today, who needs somebody, the late, later, the rest."""

    UNDER_WAY = 0
    TODAY = 1
    ACT = 2
    LATE = 3
    LATER = 4
    REST = 5

    @property
    def key(self) -> str:
        """How an address names it."""
        return self.name.lower()


@dataclass(frozen=True)
class NeedCounts:
    """How many clients stand in each part, how many need somebody wherever they stand, and all together."""

    parts: Mapping[Need, int]
    pressing: int

    @property
    def all(self) -> int:
        return sum(self.parts.values())


def clients_of(practitioner: Practitioner, *, only_mine: bool, label: UUID | None = None) -> QuerySet[Client]:
    """The current clients of the start page, each once with the newest open episode as `course`; no practice clients.

    Nor those whose data are kept and not used for now: nobody begins anything with them.

    With `label` those who have that label of the organisation, while it is in use. Whose help has ended is found in the
    list of clients; who is new and has none yet belongs here.
    """
    clients = Client.objects.visible_to(practitioner).current().filter(is_practice=False)
    clients = clients.exclude(pk__in=restricted_clients())
    clients = clients.select_related("contact", "second_contact", "next_contact")
    if only_mine:
        clients = clients.filter(Q(contact=practitioner) | Q(second_contact=practitioner))
    if label is not None:
        has_it = LabelledClient.objects.filter(client=OuterRef("pk"), label=label, label__retired_at=None)
        clients = clients.filter(Exists(has_it))
    episodes = Episode.objects.filter(client=OuterRef("pk"))
    newer = episodes.open().filter(
        Q(started_on__gt=OuterRef("course__started_on"))
        | Q(started_on=OuterRef("course__started_on"), created_at__gt=OuterRef("course__created_at"))
    )
    clients = clients.alias(course=FilteredRelation("episodes", condition=Q(episodes__ended_on=None)))
    return clients.filter(~Exists(newer), Q(course__isnull=False) | ~Exists(episodes))


@dataclass(frozen=True)
class Ranking:
    """Whose clients are asked for, on what day; `tones` are those of the episodes without a stored one.

    Each question's SQL is written once (`written_once`), save for words that somebody has typed.
    """

    by: Practitioner
    only_mine: bool
    label: UUID | None
    today: datetime.date
    tones: Mapping[UUID, str]

    @property
    def _asked(self) -> tuple[Any, ...]:
        keys: dict[Tone, list[UUID]] = {tone: [] for tone in TONES}
        for key, tone in self.tones.items():
            keys[Tone(tone)].append(key)
        return self.by, self.only_mine, self.label, self.today, *(keys[tone] for tone in TONES[:QUIET])

    def counts(self) -> NeedCounts:
        """How many stand where; one query."""
        parts, pressing = dict.fromkeys(Need, 0), 0
        for need, rank, clients in _counts(*self._asked):
            parts[Need(need)] += clients
            pressing += clients if rank == 0 else 0
        return NeedCounts(parts, pressing)

    def clients(self) -> list[Any]:
        """All of them in the order of need, each with `need`; one query."""
        return _ranked(*self._asked)

    def first_of(self, need: Need, most: int) -> list[Any]:
        """The first of one part; one query."""
        return _first_of(need, most, *self._asked)

    def query(self) -> QuerySet[Any]:
        """The same clients as a query, to be narrowed by words."""
        return in_need(*self._asked)

    def counts_by_team(self) -> list[tuple[int, int, UUID, int]]:
        """(part, rank of the tone, team, how many clients) of the person's teams, without regard to a label."""
        by, only_mine, _label, *about = self._asked
        return _counts_by_team(by, only_mine, None, *about)


@written_once
def unread(by: Practitioner, only_mine: bool, label: UUID | None):
    """Some of the episodes of `clients_of` whose tone no job has worked out yet: those of whoever was seen last."""
    clients: QuerySet[Any] = clients_of(by, only_mine=only_mine, label=label)
    newest = clients.filter(course__tone="").order_by("-course__last_session_on", "pk")[:UNREAD]
    return Episode.objects.filter(pk__in=newest.values("course__pk"))


@written_once
def _ranked(*asked: Any):
    return in_need(*asked)


@written_once
def _first_of(need: Need, most: int, *asked: Any):
    return in_need(*asked).filter(need=need)[:most]


@written_once
def _counts(*asked: Any):
    # Grouped, not counted with a filter for each part: what a part is stands in the query once.
    groups = in_need(*asked).order_by().values("need", rank=F("tone_rank")).annotate(clients=Count("pk"))
    return groups.values_list("need", "rank", "clients")


@written_once
def _counts_by_team(by: Practitioner, *asked: Any):
    groups = in_need(by, *asked).order_by().filter(client_teams__team__in=by.memberships.values("team"))
    counts = groups.values("need", rank=F("tone_rank"), team=F("client_teams__team")).annotate(clients=Count("pk"))
    return counts.values_list("need", "rank", "team", "clients")


def in_need(
    by: Practitioner, only_mine: bool, label: UUID | None, today: datetime.date, *tones: list[UUID]
) -> QuerySet[Any]:
    """The clients of the start page in the order of need, each with `need`; `tones` as in `_tone_rank`.

    Sessions that are under way; today's by time; who needs somebody; the late, the latest first; then by appointment
    and name. What is due when, and what is late, is what `clients.services.due` says.
    """
    clients = clients_of(by, only_mine=only_mine, label=label)
    here, tomorrow_or_later = Q(course__isnull=False), Q(next_on__gt=today)
    held_since = Q(course__last_session_on__isnull=False, course__last_session_on__gte=F("next_on"))
    agreed = here & Q(next_on__lte=today) & ~held_since
    by_rhythm = here & ~Q(outcome_rhythm=EVERY_SESSION) & Q(rhythm_until__lt=today)
    kind = _kind(here, tomorrow_or_later, agreed, by_rhythm, today)
    late_from = Case(
        When(tomorrow_or_later, then=Value(today)),
        When(agreed, then=F("next_on")),
        When(by_rhythm, then=F("rhythm_until")),
        default=Value(today),
        output_field=DateField(),
    )
    has_day = agreed | (here & tomorrow_or_later)
    ranked = clients.alias(rhythm_until=_rhythm_until(), tone_rank=_tone_rank(tones)).alias(
        kind=kind,
        late_from=late_from,
        due_on=Case(When(has_day, then=F("next_on")), default=Value(datetime.date.max), output_field=DateField()),
        due_at=Case(
            When(has_day & Q(next_at__isnull=False), then=F("next_at")),
            default=Value(datetime.time.max),
            output_field=TimeField(),
        ),
    )
    pressing = Case(
        When(~Q(kind__in=(Need.UNDER_WAY, Need.TODAY)) & Q(tone_rank=0), then=Need.ACT),
        default=F("kind"),
        output_field=IntegerField(),
    )
    return ranked.annotate(need=pressing).order_by(*ORDER)


def _kind(here: Q, tomorrow_or_later: Q, agreed: Q, by_rhythm: Q, today: datetime.date) -> Case:
    """The part of the page by what is agreed and begun; who needs somebody is found afterwards."""
    return Case(
        When(has_one_today(today), then=Need.UNDER_WAY),
        When(here & tomorrow_or_later, then=Need.LATER),
        When(agreed & Q(next_on=today), then=Need.TODAY),
        When(agreed | by_rhythm, then=Need.LATE),
        default=Need.REST,
        output_field=IntegerField(),
    )


def _rhythm_until() -> Cast:
    """The last day on which the rhythm of the ORS is kept; of "every session" it says nothing."""
    since = Coalesce("course__outcome_last_on", "course__started_on")
    days = ExpressionWrapper(F("outcome_rhythm") * ONE_DAY, output_field=DurationField())
    return Cast(ExpressionWrapper(since + days, output_field=DateTimeField()), DateField())


def _tone_rank(tones: Sequence[list[UUID]]) -> Case:
    """0 for act up to 3 for quiet, as in TONES; `tones` are episodes without a stored one, by rank."""
    ranks = [
        When(Q(course__tone=tone) | Q(course__pk__any=keys), then=rank)
        for rank, (tone, keys) in enumerate(zip(TONES[:QUIET], tones, strict=True))
    ]
    return Case(*ranks, default=QUIET, output_field=IntegerField())
