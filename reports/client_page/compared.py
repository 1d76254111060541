"""What is compared with the curves: periodic forms, goals and other raters, each with its own scale."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from clients.models import Episode
from reports.charts.compared_svg import ComparedSeries
from reports.client_page.other_measures import PeriodicChart, PeriodicForms
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import Goal, GoalMark
from sessions_app.services.courses import Curve
from sessions_app.services.forms_due import labels_in, raters_of
from sessions_app.services.goals import TOP, marks_of
from sessions_app.texts.instruments import rater_words, short_name
from sessions_app.texts.verdict import points

LONGEST = 60
"""Letters of a goal that stand over its curve."""


def compared_with(episode: Episode, periodic: PeriodicForms) -> tuple[ComparedSeries, ...]:
    """The periodic forms of an episode, then its goals that the client has rated (not their steps); two queries."""
    return (*periodic_series(periodic), *goal_series(episode, lambda goal: goal.wording))


def periodic_series(periodic: PeriodicForms) -> Iterator[ComparedSeries]:
    """Each text of a periodic form that was answered."""
    return (_periodic(one) for one in periodic.charts)


def goal_series(episode: Episode, say: Callable[[Goal], str]) -> Iterator[ComparedSeries]:
    """The goals that the client has rated, not their steps; `say` names a goal. Two queries."""
    goals = list(Goal.objects.filter(episode=episode, parent=None).order_by("since", "created_at"))
    marks: dict[UUID, list[GoalMark]] = defaultdict(list)
    for mark in marks_of(goal.pk for goal in goals):
        marks[mark.goal_id].append(mark)
    return (_goal(say(goal), marks[goal.pk]) for goal in goals if marks[goal.pk])


def rater_series(episode: Episode, curves: Iterable[Curve]) -> Iterator[ComparedSeries]:
    """The outcome as others than the client's own form have it, of `load_curves`; one query where there is any."""
    others = [one for one in curves if not one.is_main and one.series.ors_totals()]
    labels = labels_in(raters_of(episode.client)) if others else {}
    return (_rater(one, labels) for one in others)


def _periodic(one: PeriodicChart) -> ComparedSeries:
    say, top = (str if one.about.is_choice else points), one.about.said_max
    measured = tuple((row.held_on, row.key, row.score, say(row.score)) for row in one.measured)
    title = _("%(form)s, 0 to %(top)s") % {"form": one.name, "top": say(top)}
    return ComparedSeries(title, measured, top=top, scale=("0", say(top)), limits=one.limits)


def _goal(wording: str, marks: list[GoalMark]) -> ComparedSeries:
    measured = tuple((one.session.held_on, str(one.session_id), one.mark, str(one.mark)) for one in marks)
    title = _("Goal: “%(goal)s”, 0 to 10") % {"goal": Truncator(wording).chars(LONGEST)}
    return ComparedSeries(title, measured, top=TOP, scale=("0", str(TOP)))


def _rater(curve: Curve, labels: dict[str, str]) -> ComparedSeries:
    series, top = curve.series, FAMILY[curve.form.instrument_key].total_max
    measured = tuple((one.held_on, one.key, total, points(total)) for one, total in series.ors_totals())
    name = f"{short_name(curve.form.instrument_key)} · {rater_words(curve.form.rater, labels)}"
    limit = (series.cutoff, _("cut-off %(points)s") % {"points": points(series.cutoff)})
    title = _("%(form)s, 0 to %(top)s") % {"form": name, "top": points(top)}
    return ComparedSeries(title, measured, top=top, scale=("0", points(top)), limits=(limit,))
