"""What the start page shows of a team: all of a small one, the beginning of each part of a large one."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.services.merged_records import once_named
from organisations.models import Practitioner
from reports.today.meetings import next_meetings
from reports.today.order import Need, NeedCounts, Ranking, unread
from reports.today.summaries import TodayRow, rows_of
from reports.today.team_lead import NOBODYS, LeadView, read_lead
from sessions_app.models import TeamMeeting
from sessions_app.services.courses import load_readings
from sessions_app.standards.loading import load_standards

WHOLE = 60
"""A team of so many clients stands on one page, as one list."""
BEGINNING = 10
"""Of a larger team, how many of each part are shown at first."""
PAGE = 25
WORDS = 60
OPEN_AT_FIRST = (Need.UNDER_WAY, Need.TODAY, Need.ACT, Need.LATE)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see: one's own clients only, those with a label, one part, those with these words."""

    only_mine: bool = False
    label: UUID | None = None
    need: Need | None = None
    words: str = ""
    page: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Asked":
        """From an address; what it does not know is not asked for."""
        parts = {need.key: need for need in Need}
        return cls(
            only_mine=given.get("whose") == "mine",
            label=_key(given.get("label", "")),
            need=parts.get(given.get("need", "")),
            words=given.get("q", "").strip()[:WORDS],
            page=given.get("page", ""),
        )

    @property
    def whose(self) -> dict[str, str]:
        """Whose clients, as the address says it."""
        given = {"whose": "mine" if self.only_mine else "", "label": str(self.label or "")}
        return {key: value for key, value in given.items() if value}

    @property
    def narrowed(self) -> dict[str, str]:
        """The part and the words of the address, as far as there are any."""
        given = {"need": self.need.key if self.need is not None else "", "q": self.words}
        return {key: value for key, value in given.items() if value}

    @property
    def narrows(self) -> bool:
        return self.need is not None or bool(self.words)


@dataclass(frozen=True)
class TodaySection:
    """Some clients under a sentence that says how many there are; `need` names the whole part in an address."""

    title: str
    rows: tuple[TodayRow, ...]
    count: int
    need: Need | None = None

    @property
    def has_more(self) -> bool:
        return self.count > len(self.rows)


@dataclass(frozen=True)
class TodayPage:
    """`parts` are shown, `others` only counted; `page` is there when somebody asked for one part or for words."""

    counts: NeedCounts
    parts: tuple[TodaySection, ...]
    others: tuple[TodaySection, ...] = ()
    page: Page | None = None
    lead: LeadView = NOBODYS
    meetings: tuple[TeamMeeting, ...] = ()  # today's

    @property
    def rows(self) -> list[TodayRow]:
        return [row for part in self.parts for row in part.rows]

    @property
    def pressing_rows(self) -> list[TodayRow]:
        """Of a small team those that a colleague would mention first; the others come after what else there is."""
        return [row for row in self.rows if row.need in OPEN_AT_FIRST]

    @property
    def calm_rows(self) -> list[TodayRow]:
        return [row for row in self.rows if row.need not in OPEN_AT_FIRST]

    @property
    def is_large(self) -> bool:
        """Whether it takes more than one look, so that searching helps."""
        return self.counts.all > WHOLE


def read_page(by: Practitioner, today: datetime.date, asked: Asked) -> TodayPage:
    """The rows of the page and no others, in a number of queries that does not grow with the clients."""
    standards = load_standards(by.organisation_id)
    readings = load_readings(unread(by, asked.only_mine, asked.label), standards)
    tones = {key: reading.verdict.tone.value for key, reading in readings.items()}
    ranking = Ranking(by, asked.only_mine, asked.label, today, tones)
    counts = ranking.counts()
    page = None
    if asked.narrows:
        page = Paginator(_narrowed(ranking.query(), asked), PAGE).get_page(asked.page)
        chosen = [(asked.need, page.paginator.count, list(page))]
    elif counts.all <= WHOLE:
        chosen = [(None, counts.all, ranking.clients())]
    else:
        shown = [need for need in OPEN_AT_FIRST if counts.parts[need]]
        chosen = [(need, counts.parts[need], ranking.first_of(need, BEGINNING)) for need in shown]
    rows = iter(rows_of([client for *_about, found in chosen for client in found], standards, today, readings, by=by))
    parts = [
        TodaySection(_title(need, count, counts), tuple(next(rows) for _client in found), count, need)
        for need, count, found in chosen
    ]
    meetings = next_meetings(by, today)
    held_today = tuple(one for one in meetings.values() if one.held_on == today)
    others = _others(counts) if not page and counts.all > WHOLE else ()
    return TodayPage(counts, tuple(parts), others, page, read_lead(by, today, ranking, meetings), held_today)


def headline(shown: TodayPage) -> str:
    """The page's answer in one sentence; a team lead's begins with what nobody has looked at."""
    counts = shown.counts
    open_now, sessions, pressing = counts.parts[Need.UNDER_WAY], counts.parts[Need.TODAY], counts.pressing
    said = [_unseen(len(shown.lead.unseen))] if shown.lead.unseen else []
    said += [_under_way(open_now)] if open_now else []
    if sessions or not open_now:
        said.append(_sessions(sessions) if sessions else _("No sessions today"))
    if pressing:
        said.append(_pressing(pressing))
    return ", ".join(said)


def _key(text: str) -> UUID | None:
    """A key as an address writes it."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _narrowed(ranked, asked: Asked):
    if asked.need is not None:
        ranked = ranked.filter(need=asked.need)
    found = [
        Q(reference__icontains=word) | Q(first_name__icontains=word) | Q(pk__in=once_named(word))
        for word in asked.words.split()
    ]
    return ranked.filter(reduce(and_, found)) if found else ranked


def _others(counts: NeedCounts) -> tuple[TodaySection, ...]:
    closed = [need for need in Need if need not in OPEN_AT_FIRST and counts.parts[need]]
    return tuple(
        TodaySection(_title(need, counts.parts[need], counts), (), counts.parts[need], need) for need in closed
    )


def _title(need: Need | None, count: int, counts: NeedCounts) -> str:
    if need is None:
        return ngettext("%d client found", "%d clients found", count) % count
    if need is Need.UNDER_WAY:
        return _under_way(count)
    if need is Need.TODAY:
        return _sessions(count)
    if need is Need.ACT:
        if counts.pressing == counts.parts[Need.ACT]:
            return _pressing(count)
        return ngettext("%d other client needs you", "%d other clients need you", count) % count
    if need is Need.LATE:
        return ngettext("%d client is late", "%d clients are late", count) % count
    if need is Need.LATER:
        return ngettext("%d client has an appointment later", "%d clients have an appointment later", count) % count
    return ngettext("%d client without an appointment", "%d clients without an appointment", count) % count


def _under_way(count: int) -> str:
    return ngettext("%d session under way", "%d sessions under way", count) % count


def _unseen(count: int) -> str:
    return ngettext("%d alert that nobody has seen", "%d alerts that nobody has seen", count) % count


def _sessions(count: int) -> str:
    return ngettext("%d session today", "%d sessions today", count) % count


def _pressing(count: int) -> str:
    return ngettext("%d client needs you", "%d clients need you", count) % count
