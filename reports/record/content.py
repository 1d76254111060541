"""What an episode holds for a document, as far as it was chosen and may be shared."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from clients.models import Episode
from organisations.models import Practitioner
from reports.charts.compared_svg import ComparedSeries
from reports.charts.events import DECISION, GOAL_REACHED, Event
from reports.charts.series import ChartSeries
from reports.client_page.course import chart_series, notes_of
from reports.client_page.document_tab import DocumentSession, Text, Wanted, document_sessions
from reports.client_page.goals_tab import GoalCard, goal_cards
from reports.record.choices import DECISIONS, GOALS, HOME, RECORD, REMARKS, WORDS, RecordChoice
from reports.record.others import read_goal_curves, read_others
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.reading import Reading
from sessions_app.measures.series import Series
from sessions_app.models import SessionDecision
from sessions_app.services.courses import Curve, load_curves
from sessions_app.services.document import fields_of
from sessions_app.texts.verdict import VerdictText, say

WITH_TEXTS = (DECISION, GOAL_REACHED)
"""Kinds of events whose label quotes what was written or said."""


@dataclass(frozen=True)
class RecordCourse:
    """One period's main series within what was chosen, its curve, and what the whole of it says.

    `said` is None where nothing was measured in that time.
    """

    series: Series
    chart: ChartSeries
    with_srs: bool
    said: VerdictText | None


@dataclass(frozen=True)
class RecordContent:
    """All that goes in. `words_are_kept_back`: there are words of the client's that nobody has agreed to share."""

    episode: Episode
    choice: RecordChoice
    day: datetime.date
    courses: tuple[RecordCourse, ...]
    sessions: tuple[DocumentSession, ...]
    goals: tuple[GoalCard, ...]
    names: dict[str, str]
    left_out: tuple[tuple[str, str], ...]
    may_quote: bool
    others: tuple[ComparedSeries, ...] = ()
    goal_curves: tuple[ComparedSeries, ...] = ()
    words_are_kept_back: bool = False

    @property
    def decisions(self) -> list[tuple[DocumentSession, SessionDecision]]:
        """The decisions in their order, each with its session."""
        return [(one, decision) for one in self.sessions for decision in one.decisions]

    @property
    def compared(self) -> tuple[ComparedSeries, ...]:
        """What stands below the latest curve."""
        return (*self.others, *self.goal_curves)

    @property
    def said(self) -> str:
        """What the rules say of the latest curve; "" in a status: it speaks to practitioners of what they do next."""
        said = self.courses[-1].said if self.courses and self.choice.kind == RECORD else None
        return said.sentence if said else ""

    @property
    def rules_version(self) -> str:
        """Of the rules that the sentences come from."""
        return self.courses[-1].series.rules.version if self.courses else ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to put into a document."""
        return not (self.courses or self.sessions or self.goals or self.others)


def read_content(
    episode: Episode, choice: RecordChoice, *, day: datetime.date, may_share: bool, by: Practitioner | None
) -> RecordContent:
    """Read an episode for a document; `may_share`: the client agrees that the case worker is given their own words.

    Only own words that `by` may read go in; None reads all.
    """
    may_quote = choice.kind in (RECORD, HOME) or may_share
    fields = fields_of(episode.organisation_id, episode.service_id)
    found = document_sessions(episode, fields, Wanted(), day, by)[::-1]
    chosen = [one for one in found if choice.holds(one.session.held_on)]
    sessions = [_within(one, choice, may_quote) for one in chosen]
    shows_words = choice.has(WORDS) and may_quote
    curves = load_curves(episode)
    courses = tuple(_courses(episode, curves, choice, by, quotes=shows_words))
    return RecordContent(
        episode=episode,
        choice=choice,
        day=day,
        courses=courses,
        sessions=tuple(sessions),
        goals=tuple(card for card in goal_cards(episode) if _is_of_period(card, choice)) if choice.has(GOALS) else (),
        names={field.key: field.label for field in fields},
        left_out=tuple(_left_out(chosen, choice)),
        may_quote=may_quote,
        others=read_others(episode, curves, choice),
        goal_curves=read_goal_curves(episode, choice, may_quote=may_quote),
        words_are_kept_back=choice.has(WORDS) and not may_quote,
    )


def _within(one: DocumentSession, choice: RecordChoice, may_quote: bool) -> DocumentSession:
    """A session with the texts and decisions that go in."""

    def chosen(texts: Sequence[Text]) -> list[Text]:
        return [text for text in texts if str(text.note.pk) not in choice.without]

    parts = [
        replace(
            part,
            words=chosen(part.words) if choice.has(WORDS) and may_quote else [],
            remarks=chosen(part.remarks) if choice.has(REMARKS) else [],
        )
        for part in one.parts
    ]
    decided = [decision for decision in one.decisions if str(decision.pk) not in choice.without]
    return replace(one, parts=parts, decisions=decided if choice.has(DECISIONS) else [])


def _left_out(sessions: Iterable[DocumentSession], choice: RecordChoice) -> Iterable[tuple[str, str]]:
    """(id, beginning) of what was left out, to be brought back."""
    for one in sessions:
        texts = [text.note for part in one.parts for text in (*part.words, *part.remarks)]
        for note in texts:
            if str(note.pk) in choice.without:
                yield str(note.pk), note.text[:80]
        for decision in one.decisions:
            if str(decision.pk) in choice.without:
                yield str(decision.pk), str(decision)[:80]


def _is_of_period(card: GoalCard, choice: RecordChoice) -> bool:
    """Whether a goal was worked on in the period."""
    ended = card.goal.ended_on
    begun = choice.until is None or card.goal.since <= choice.until
    return begun and (choice.since is None or ended is None or ended >= choice.since)


def _courses(
    episode: Episode, curves: Sequence[Curve], choice: RecordChoice, by: Practitioner | None, *, quotes: bool
) -> Iterable[RecordCourse]:
    """The main series of each period by age, the oldest first, cut to what was chosen."""
    notes = notes_of(episode, by) if quotes else {}
    for curve in reversed([curve for curve in curves if curve.is_main]):
        whole = curve.series
        ordered = whole.sorted()
        places = [place for place, one in enumerate(ordered) if choice.holds(one.held_on)]
        if not places:
            continue
        first = places[0]
        part = replace(whole, sessions=ordered[first : places[-1] + 1])
        measured = any(one.ors is not None or one.srs is not None for one in part.sessions)
        to_client = choice.kind == HOME
        band = chart_series(episode, whole, notes={}, to_client=to_client)
        chart = chart_series(episode, part, notes=notes, to_client=to_client)
        shifted = tuple(replace(at, index=at.index - first) for at in band.band if at.index >= first)
        chart = replace(chart, band=shifted, band_label=band.band_label, band_title=band.band_title, state=())
        chart = _without_texts(chart, choice)
        # What was known on the last day of the period, counted from the beginning.
        known = replace(whole, sessions=ordered[: places[-1] + 1], overdue=None)
        said = say(Reading(known).verdict) if measured else None
        yield RecordCourse(part, chart, FAMILY[whole.of.alliance].scored, said)


def _without_texts(chart: ChartSeries, choice: RecordChoice) -> ChartSeries:
    """The course with the events of the period, none with a text: those stand where they were chosen, or nowhere."""

    def bare(event: Event) -> Event:
        return replace(event, label=chart.event_names[event.kind]) if event.kind in WITH_TEXTS else event

    points = tuple(replace(point, events=tuple(bare(event) for event in point.events)) for point in chart.points)
    days = tuple(replace(one, event=bare(one.event)) for one in chart.day_events if choice.holds(one.day))
    return replace(chart, points=points, day_events=days)
