"""What an evaluation of the action plan is made from: measurements, goals, words and decisions of a period."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.models import Episode
from reports.charts.client_chart import ClientChart, build_client_chart
from reports.charts.series import ChartSeries
from reports.client_page.course import chart_series
from reports.plan_evaluation.sentences import counts_of, sentences
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.series import Series
from sessions_app.models import Goal, GoalMark, GoalState, SessionDecision
from sessions_app.services.courses import load_curves
from sessions_app.services.goals import marks_of


@dataclass(frozen=True)
class GoalEvaluated:
    """A goal at the end of a period: its name for the reader, how it stands, what the client gave it then and now.

    `then` and `now` are the first and the last mark in the period as (mark, day); both None without any, `then` None
    with only one.
    """

    name: str
    is_own_words: bool
    standing: str
    then: tuple[int, datetime.date] | None
    now: tuple[int, datetime.date] | None
    is_step: bool = False

    @property
    def said(self) -> str:
        """The marks in words."""
        if self.now is None:
            return _("not rated in the period")
        mark, day = self.now
        given = {"now": mark, "day": date_format(day, "DATE_FORMAT")}
        if self.then is None:
            return _("rated once, %(now)s of 10 on %(day)s") % given
        given |= {"then": self.then[0], "first": date_format(self.then[1], "DATE_FORMAT")}
        if self.then[0] == mark:
            return _("%(then)s of 10 on %(first)s and on %(day)s") % given
        return _("from %(then)s on %(first)s to %(now)s of 10 on %(day)s") % given


@dataclass(frozen=True)
class Evaluated:
    """Everything of a period but the client's words, which are asked for apart. Without a session there is no
    `course`, and no `chart` of it.
    """

    first_text: str
    goals: list[GoalEvaluated]
    decisions: list[SessionDecision]
    course: ChartSeries | None
    chart: ClientChart | None
    mixes_forms: bool


def read_period(
    episode: Episode, since: datetime.date, until: datetime.date, goals: Sequence[Goal], *, with_words: bool
) -> Evaluated:
    """The period of an episode. `goals` are all of the episode; `with_words`: their own wordings may be told."""
    curves = [curve for curve in load_curves(episode) if curve.is_main]
    series = curves[0].series
    in_period = tuple(one for one in series.sessions if since <= one.held_on <= until)
    cut = replace(series, sessions=in_period)
    top = [goal for goal in goals if goal.parent_id is None]
    course = _course(episode, series, since, until) if in_period else None
    with_srs = FAMILY[series.of.alliance].scored
    earlier = any(since <= one.held_on <= until for curve in curves[1:] for one in curve.series.sessions)
    return Evaluated(
        first_text="\n".join(sentences(cut, counts_of(top, since, until))),
        goals=_goals(goals, since, until, with_words=with_words),
        decisions=_decisions(episode, since, until),
        course=course,
        chart=build_client_chart(course, with_srs=with_srs) if course else None,
        mixes_forms=earlier,
    )


def goals_of(episode: Episode) -> list[Goal]:
    """The goals of an episode and their steps, in the order in which they were agreed; one query."""
    return list(Goal.objects.filter(episode=episode).order_by("since", "created_at"))


def _decisions(episode: Episode, since: datetime.date, until: datetime.date) -> list[SessionDecision]:
    held = {"session__held_on__gte": since, "session__held_on__lte": until}
    found = SessionDecision.objects.written().filter(session__episode=episode, **held).select_related("session")
    return list(found.order_by("session__held_on", "created_at"))


def _course(episode: Episode, series: Series, since: datetime.date, until: datetime.date) -> ChartSeries:
    """The curves of the period by date, for eyes outside: without words, without what staff decided, without bands."""
    course = chart_series(episode, series, notes={}, to_client=True, by_date=True)
    points = tuple(point for point in course.points if since <= point.held_on <= until)
    days = tuple(one for one in course.day_events if since <= one.day <= until and one.event.kind == "new_contact")
    return replace(course, points=points, day_events=days, band=(), state=(), band_label="", description="")


def _goals(
    goals: Sequence[Goal], since: datetime.date, until: datetime.date, *, with_words: bool
) -> list[GoalEvaluated]:
    """The goals that stood in the period, each with its steps after it."""
    shown = [goal for goal in goals if goal.since <= until and (goal.ended_on is None or goal.ended_on >= since)]
    marks: dict[UUID, list[GoalMark]] = defaultdict(list)
    for mark in marks_of(goal.pk for goal in shown):
        if since <= mark.session.held_on <= until:
            marks[mark.goal_id].append(mark)
    found, steps = [], [goal for goal in shown if goal.parent_id]
    for number, goal in enumerate((goal for goal in shown if goal.parent_id is None), start=1):
        found.append(_goal(goal, marks[goal.pk], number, until, with_words=with_words))
        of_goal = [step for step in steps if step.parent_id == goal.pk]
        if with_words:
            found += [_goal(step, marks[step.pk], number, until, with_words=True) for step in of_goal]
    return found


def _goal(goal: Goal, marks: list[GoalMark], number: int, until: datetime.date, *, with_words: bool) -> GoalEvaluated:
    ends = [(mark.mark, mark.session.held_on) for mark in (*marks[:1], *marks[-1:])]
    may_tell = with_words or not goal.is_own_words
    own = goal.wording if may_tell else ""
    return GoalEvaluated(
        name=goal.aim
        or own
        or _("Goal %(number)s, in the client's own words, which are not shared") % {"number": number},
        is_own_words=not goal.aim and goal.is_own_words and may_tell,
        standing=_standing(goal, until),
        then=ends[0] if len(marks) > 1 else None,
        now=ends[-1] if marks else None,
        is_step=goal.parent_id is not None,
    )


def _standing(goal: Goal, until: datetime.date) -> str:
    """How a goal stood at the end of the period."""
    if goal.ended_on is not None and goal.ended_on <= until:
        return f"{goal.get_state_display()} {date_format(goal.ended_on, 'DATE_FORMAT')}"
    return str(GoalState.ACTIVE.label if goal.ended_on else goal.get_state_display())
