"""The tab of the development document: what was said, written and decided at each session, beside the marks."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q

from clients.models import Episode
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from reports.charts.lines_svg import LineRow, line_rows
from reports.client_page.page import ClientPage
from reports.client_page.parts import series_until
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.reading import Reading
from sessions_app.measures.series import Measured
from sessions_app.models import Attendance, Note, Session, SessionDecision, TeamMeetingCase
from sessions_app.services.courses import Curve, load_curves
from sessions_app.services.document import DocumentField, fields_of
from sessions_app.services.own_words import may_read_words, notes_for
from sessions_app.texts.instruments import short_name
from sessions_app.texts.points import points, signed
from sessions_app.texts.verdict import ITEMS, VerdictText, say

WORDS, REMARKS, DECISIONS = "words", "remarks", "decisions"
SHOWN = ("", WORDS, REMARKS, DECISIONS)
PERIODS = {"3": 91, "12": 365}
"""By the word of the address: so many days back."""
PAGE = 10
LONGEST = 60


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see: one kind of text, the sessions of a period, the ones with these words."""

    show: str = ""
    period: str = ""
    words: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Wanted":
        """From an address; what it does not know is not asked for."""
        show, period = given.get("show", ""), given.get("period", "")
        words = given.get("q", "").replace("\x00", "").strip()[:LONGEST]
        return cls(show if show in SHOWN else "", period if period in PERIODS else "", words)

    @property
    def narrows(self) -> bool:
        return bool(self.show or self.period or self.words)

    def takes(self, text: str) -> bool:
        """Whether all the words stand in a text, in any order and case."""
        return all(word in text.casefold() for word in self.words.casefold().split())


@dataclass(frozen=True)
class Marks:
    """What was marked on one form at a session, beside the time before."""

    name: str
    total: str
    change: str
    lines: tuple[LineRow, ...]


@dataclass(frozen=True)
class Text:
    """A field and what is written in it."""

    about: DocumentField
    note: Note


@dataclass(frozen=True)
class DocumentPart:
    """The part of a session after one form: the marks, the client's own words, the remarks. `kind` is ors or srs."""

    kind: str
    marks: Marks | None
    words: list[Text]
    remarks: list[Text]


@dataclass(frozen=True)
class DocumentSession:
    """One session of the document; `state` is what the curve said then, None where nothing was measured."""

    session: Session
    number: int | None
    state: VerdictText | None
    parts: list[DocumentPart]
    decisions: list[SessionDecision]
    meetings: list[TeamMeetingCase]


def read_document(page: ClientPage) -> dict[str, Any]:
    """What the tab's template shows: a page of sessions of the episode, the newest first."""
    wanted = Wanted.read(page.asked)
    if wanted.words:
        record_access("client.view", [page.client.pk], typed=wanted.words)
    if page.episode is None:
        return {"wanted": wanted}
    episode, by = page.episode, page.by
    fields = fields_of(episode.organisation_id, episode.service_id)
    found = document_sessions(episode, fields, wanted, today_in(by.organisation), by)
    shown = Paginator(found, PAGE).get_page(page.asked.get("page"))
    curves = load_curves(episode)
    query = {"tab": "document", "episode": episode.pk, "show": wanted.show, "period": wanted.period, "q": wanted.words}
    return {
        "wanted": wanted,
        "document_page": shown,
        "document": [_measured(one, curves) for one in shown],
        "query": urlencode({key: value for key, value in query.items() if value}),
        "names": {field.key: field for field in fields},
        "elsewhere": _elsewhere(page, wanted),
        "words_closed": not may_read_words(by, page.client),
        "shows": SHOWN,
    }


def document_sessions(
    episode: Episode, fields: Iterable[DocumentField], wanted: Wanted, today: datetime.date, by: Practitioner | None
) -> list[DocumentSession]:
    """The sessions that hold what is wanted, without their marks; four queries whatever their number."""
    sessions = Session.objects.valid().filter(episode=episode).select_related("practitioner").oldest_first()
    notes: dict[UUID, dict[str, Note]] = defaultdict(dict)
    for note in _notes(by, Q(session__episode=episode)).select_related("updated_by"):
        notes[note.session_id][note.kind] = note
    decisions = defaultdict(list)
    for decision in _decisions(Q(session__episode=episode)).select_related("responsible", "done_by"):
        decisions[decision.session_id].append(decision)
    spoken = _spoken(episode)
    found, number = [], 0
    for session in sessions:
        attended = session.attendance == Attendance.ATTENDED
        number += attended
        parts = list(_parts(fields, notes[session.pk], wanted))
        decided = [one for one in decisions[session.pk] if wanted.takes(f"{one.text} {one.support}")]
        decided = decided if wanted.show in ("", DECISIONS) else []
        spoken_of = [one for one in spoken[session.pk] if wanted.takes(one.heard) and wanted.show in ("", DECISIONS)]
        written = decided or spoken_of or any(part.words or part.remarks for part in parts)
        if wanted.period and session.held_on < today - datetime.timedelta(days=PERIODS[wanted.period]):
            continue
        if written or (attended and not wanted.show and not wanted.words):
            found.append(DocumentSession(session, number if attended else None, None, parts, decided, spoken_of))
    return found[::-1]


def _parts(fields: Iterable[DocumentField], notes: Mapping[str, Note], wanted: Wanted) -> Iterator[DocumentPart]:
    """What is written in the fields of each part, as far as it is wanted."""
    texts = [Text(about, notes[about.key]) for about in fields if about.key in notes]
    texts = [text for text in texts if wanted.takes(text.note.text)]
    for kind in (OUTCOME, ALLIANCE):
        here = [text for text in texts if text.about.part == kind]
        words = [text for text in here if text.about.is_own_words and wanted.show in ("", WORDS)]
        remarks = [text for text in here if not text.about.is_own_words and wanted.show in ("", REMARKS)]
        yield DocumentPart(kind, None, words, remarks)


def _notes(by: Practitioner | None, of: Q):
    return notes_for(by).filter(of, session__voided_at=None).exclude(text="")


def _decisions(of: Q):
    return SessionDecision.objects.written().filter(of).order_by("created_at")


def _spoken(episode: Episode) -> Mapping[UUID, list[TeamMeetingCase]]:
    """What the team heard of the episode at its meetings, by the session that was the latest one then; one query."""
    cases = TeamMeetingCase.objects.standing().filter(episode=episode, session__isnull=False).exclude(heard="")
    found = defaultdict(list)
    for case in cases.select_related("meeting__team").order_by("meeting__held_on"):
        found[case.session_id].append(case)
    return found


def _measured(found: DocumentSession, curves: Sequence[Curve]) -> DocumentSession:
    """A session with what was marked, and with what its curve said up to then."""
    key = str(found.session.pk)
    main = (curve for curve in curves if curve.is_main and curve.period.holds(found.session.held_on))
    curve = next(main, None)
    if curve is None or all(one.key != key for one in curve.series.sessions):
        return found
    known = series_until(curve.series, key)
    ordered = known.sorted()
    parts = [replace(part, marks=_marks(ordered, part.kind, getattr(known.of, _OF[part.kind]))) for part in found.parts]
    measured = ordered[-1].ors is not None or ordered[-1].srs is not None
    return replace(found, parts=parts, state=say(Reading(known).verdict) if measured else None)


_OF = {OUTCOME: "outcome", ALLIANCE: "alliance"}


def _marks(ordered: Sequence[Measured], kind: str, instrument: str) -> Marks | None:
    """The last session's marks on the outcome or the alliance form, None where there are none."""
    total, drawn = getattr(ordered[-1], kind), getattr(ordered[-1], f"{kind}_marks")
    if total is None:
        return None
    before = next((getattr(one, kind) for one in reversed(ordered[:-1]) if getattr(one, kind) is not None), None)
    labels = [str(ITEMS[key]) for key in FAMILY[instrument].items]
    lines = line_rows(labels, drawn, None) if drawn else ()
    return Marks(short_name(instrument), points(total), "" if before is None else signed(total - before), lines)


def _elsewhere(page: ClientPage, wanted: Wanted) -> list[tuple[Episode, int]]:
    """The client's other episodes that hold the words that somebody searches for, each with how often."""
    others = {episode.pk: episode for episode in page.episodes if page.episode and episode.pk != page.episode.pk}
    if not wanted.words or not others:
        return []
    counts: dict[UUID, int] = defaultdict(int)
    of = Q(session__episode__in=others)
    # Words lie sealed: the database cannot look for any in them.
    for note in _notes(page.by, of).select_related("session"):
        counts[note.session.episode_id] += wanted.takes(note.text)
    for decision in _decisions(of).select_related("session"):
        counts[decision.session.episode_id] += wanted.takes(f"{decision.text} {decision.support}")
    return [(episode, counts[key]) for key, episode in others.items() if counts[key]]
