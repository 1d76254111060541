"""What was measured beside the main series, for a document: periodic forms, other raters, goals that were rated."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from clients.models import Episode
from reports.charts.compared_svg import ComparedSeries
from reports.client_page.compared import goal_series, periodic_series, rater_series
from reports.client_page.other_measures import periodic_of
from reports.record.choices import GOALS, OTHERS, RecordChoice
from reports.record.goal_words import goal_wording
from sessions_app.services.courses import Curve
from sessions_app.standards.loading import load_standards


def read_others(episode: Episode, curves: Sequence[Curve], choice: RecordChoice) -> tuple[ComparedSeries, ...]:
    """Other raters, then periodic forms, each cut to the period; what has nothing in it is left out."""
    if not choice.has(OTHERS):
        return ()
    periodic = periodic_of(episode, load_standards(episode.organisation_id))
    return tuple(_within([*rater_series(episode, curves), *periodic_series(periodic)], choice))


def read_goal_curves(episode: Episode, choice: RecordChoice, *, may_quote: bool) -> tuple[ComparedSeries, ...]:
    """The goals that the client has rated in the period, named as they may be said."""
    if not (choice.has(OTHERS) and choice.has(GOALS)):
        return ()
    return tuple(_within(goal_series(episode, lambda goal: goal_wording(goal, may_quote=may_quote)), choice))


def _within(found: Iterable[ComparedSeries], choice: RecordChoice) -> Iterator[ComparedSeries]:
    for one in found:
        if measured := tuple(row for row in one.measured if choice.holds(row[0])):
            yield replace(one, measured=measured)
