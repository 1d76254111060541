"""What somebody measured quarter by quarter, how open the SRS was, and which alerts came: never beside anybody else."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from clients.models import Client, ClientQuerySet, ConsentPurpose
from clients.models.lawful_grounds import Content
from clients.services.consents import clients_to_share
from organisations.models import Practitioner
from sessions_app.measures.instruments.base import ALLIANCE, OUTCOME
from sessions_app.measures.instruments.registry import CLIENT, FAMILY
from sessions_app.measures.results.suppression import INSIDE
from sessions_app.models import Alert, Attendance, Rating, Session
from sessions_app.standards.loading import load_standards
from sessions_app.standards.values import ALLIANCE as ALLIANCE_CUTOFF
from sessions_app.texts.rules import RULES

QUARTERS = 8
"""So far back: two years."""
MOST_RULES = 5


@dataclass
class QuarterFigures:
    """A quarter; shares of the SRS are None where fewer than INSIDE clients gave one."""

    year: int
    number: int
    sessions: int = 0
    with_outcome: int = 0
    with_alliance: int = 0
    clients: set[UUID] = field(default_factory=set)
    below: int = 0
    full: int = 0

    @property
    def is_shown(self) -> bool:
        """Whether enough clients gave an SRS."""
        return len(self.clients) >= INSIDE

    @property
    def below_share(self) -> int | None:
        """Of a hundred SRS so many were below the cut-off: the client said that something could be better."""
        return round(100 * self.below / self.with_alliance) if self.is_shown else None

    @property
    def full_share(self) -> int | None:
        """Of a hundred SRS so many were full."""
        return round(100 * self.full / self.with_alliance) if self.is_shown else None


@dataclass(frozen=True)
class RuleCount:
    """A rule in words, and with how many clients it came; None where those are fewer than INSIDE."""

    said: str
    clients: int | None


@dataclass(frozen=True)
class DevelopmentFigures:
    """The newest quarter first, back to the first one with a session; the most frequent rules first.

    `rules` are empty where fewer than INSIDE clients had any alert in a year.
    """

    quarters: list[QuarterFigures]
    rules: list[RuleCount]
    has_sessions: bool


def read_figures(whose: Practitioner, today: date) -> DevelopmentFigures:
    """Somebody's own figures, of the clients that they may see now and whose figures may be counted; five queries."""
    seen = Client.objects.visible_to(whose).filter(is_practice=False)
    clients = clients_to_share(seen, ConsentPurpose.STATISTICS, Content.MARKS, whose.organisation)
    quarters = _quarters(today)
    first = min(quarters)
    since = date(first[0], 3 * first[1] - 2, 1)
    held = Session.objects.valid().filter(practitioner=whose, client__in=clients, attendance=Attendance.ATTENDED)
    days = dict(held.filter(held_on__range=(since, today)).values_list("pk", "held_on"))
    for day in days.values():
        quarters[_quarter(day)].sessions += 1
    _count_ratings(quarters, days, clients, whose)
    rows = [quarters[key] for key in sorted(quarters, reverse=True)]
    while rows and not rows[-1].sessions:
        rows.pop()
    return DevelopmentFigures(rows, _rules(whose, clients, today), bool(days))


def _count_ratings(quarters, days: dict[UUID, date], clients: ClientQuerySet, whose: Practitioner) -> None:
    cutoff = load_standards(whose.organisation_id).values[ALLIANCE_CUTOFF]
    own = Rating.objects.current().filter(session__practitioner=whose, session__client__in=clients, rater=CLIENT)
    since = min(days.values(), default=date.max)
    own = own.filter(session__held_on__gte=since)
    for session, client, key, total in own.values_list("session", "session__client", "instrument", "total"):
        if session not in days:
            continue
        row, instrument = quarters[_quarter(days[session])], FAMILY[key]
        if instrument.part == OUTCOME:
            row.with_outcome += 1
        elif instrument.part == ALLIANCE and total is not None:
            row.with_alliance += 1
            row.clients.add(client)
            row.below += total < cutoff
            row.full += total == instrument.total_max


def _rules(whose: Practitioner, clients: ClientQuerySet, today: date) -> list[RuleCount]:
    """With how many clients each rule spoke at one's own sessions in the last year, the most frequent first."""
    since = today.replace(year=today.year - 1, day=min(today.day, 28))
    own = Alert.objects.filter(session__practitioner=whose, episode__client__in=clients, raised_on__gte=since)
    found: dict[str, set[UUID]] = defaultdict(set)
    for rule, client in own.values_list("rule", "episode__client").distinct():
        found[rule].add(client)
    if len(set[UUID]().union(*found.values())) < INSIDE:
        return []
    counts = Counter({rule: len(who) for rule, who in found.items()})
    known: list[tuple[str, int]] = [(rule, count) for rule, count in counts.most_common() if rule in RULES]
    return [RuleCount(str(RULES[rule]), count if count >= INSIDE else None) for rule, count in known[:MOST_RULES]]


def _quarters(today: date) -> dict[tuple[int, int], QuarterFigures]:
    year, number = _quarter(today)
    last = 4 * year + number - 1
    keys = [(index // 4, index % 4 + 1) for index in range(last - QUARTERS + 1, last + 1)]
    return {key: QuarterFigures(*key) for key in keys}


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3 + 1
