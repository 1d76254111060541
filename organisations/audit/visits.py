"""Visits in the access log: what one person did about the same clients on one day, without a longer pause."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, UUIDField, Value, Window
from django.db.models.functions import Coalesce, Lead, TruncDate

from organisations.models import AccessEvent

PAUSE = timedelta(minutes=30)  # a longer one begins another visit; a log-in without a sign of life ends after it too
SHOWN = 100  # events of one visit on a page; the file has all of them
NOBODY = uuid.UUID(int=0)  # the client's own form and the program, which are no person


@dataclass
class Visit:
    """Events of one person, the newest first; `more` are older ones that are not shown."""

    events: list[AccessEvent]
    more: int = 0

    @property
    def last(self) -> AccessEvent:
        return self.events[0]

    @property
    def first(self) -> AccessEvent:
        return self.events[-1]


@dataclass
class Page:
    """Some visits, the newest first, as templates ask a page; how many pages there are would take a count of all."""

    number: int
    visits: list[Visit]
    has_next: bool
    has_previous: bool = field(init=False)

    def __post_init__(self):
        self.has_previous = self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_next or self.has_previous

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1


class Visits:
    """The visits among some events.

    `zone` says when a day begins. With `of_client` every event is taken to be about that one client, whomever else
    it was about.
    """

    def __init__(self, events: QuerySet[AccessEvent], zone: str, *, of_client: bool = False):
        self.zone = ZoneInfo(zone)
        self.same = ("who", "role") if of_client else ("who", "role", "client_ids")
        self.events = events.annotate(
            who=Coalesce("practitioner_id", Value(NOBODY, UUIDField())), day=TruncDate("at", tzinfo=self.zone)
        )

    def page(self, asked: str | None, size: int) -> Page:
        """Page `asked` of `size` visits; what is no page is the first one. Two queries and those of `events`."""
        number = int(asked) if asked and asked.isascii() and asked.isdigit() and 0 < int(asked[:7]) < 10**6 else 1
        found = list(self._last_events()[(number - 1) * size : number * size + 1])
        return Page(number, self._whole(found[:size]), has_next=len(found) > size)

    def all(self) -> Page:
        """All of them on one page."""
        return Page(1, self._whole(list(self._last_events())), has_next=False)

    def _last_events(self) -> QuerySet[AccessEvent]:
        """The last event of each visit, the newest first: those that none follows within the pause."""
        following = Window(Lead("at"), partition_by=[*self.same, "day"], order_by=["at", "seq"])
        events = self.events.order_by().annotate(following_at=following)
        is_last = Q(following_at=None) | Q(following_at__gt=F("at") + PAUSE)
        return events.filter(is_last).order_by("-at", "-seq")

    def _whole(self, last_events: list[AccessEvent]) -> list[Visit]:
        """The visits that end with these events, each with what came before in it."""
        if not last_events:
            return []
        oldest = last_events[-1].at.astimezone(self.zone)
        rows = self.events.filter(
            at__gte=datetime.combine(oldest.date(), time(), self.zone),
            at__lte=last_events[0].at,
            **{f"{column}__in": _once(getattr(event, column) for event in last_events) for column in self.same},
        )
        groups: dict[tuple[Any, ...], list[AccessEvent]] = defaultdict(list)
        for event in rows.order_by("-at", "-seq"):
            groups[self._key(event)].append(event)
        return [_visit(last, groups[self._key(last)]) for last in last_events]

    def _key(self, event: AccessEvent) -> tuple[Any, ...]:
        return tuple(tuple(value) if isinstance(value, list) else value for value in self._values(event))

    def _values(self, event: AccessEvent) -> list[Any]:
        return [getattr(event, column) for column in (*self.same, "day")]


def _once(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _visit(last: AccessEvent, group: list[AccessEvent]) -> Visit:
    """`group` are the events of a day, the newest first, of which some belong to other visits."""
    mine = [last]
    for event in islice(group, group.index(last) + 1, None):
        if mine[-1].at - event.at > PAUSE:
            break
        mine.append(event)
    return Visit(mine[:SHOWN], max(0, len(mine) - SHOWN))
