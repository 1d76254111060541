"""The tab of a client's goals: what is worked on, how near the client says they are, and what has ended."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import Episode
from reports.client_page.page import ClientPage
from reports.client_page.small_charts import SmallChart, goal_chart
from sessions_app.models import Goal, GoalState
from sessions_app.services.goals import TOP, marks_of
from sessions_app.services.plan_evaluations import evaluations_of

Row = tuple[datetime.date, int, str]  # day, mark, key of the session


@dataclass(frozen=True)
class GoalCard:
    """A goal with its steps and the marks that the client gave it; `chart` is None before the first one."""

    goal: Goal
    steps: list[Goal]
    marks: list[Row]
    chart: SmallChart | None

    @property
    def latest(self) -> int | None:
        return self.marks[-1][1] if self.marks else None

    @property
    def sentence(self) -> str:
        """From which mark to which, since when."""
        if len(self.marks) < 2:
            return ""
        (first_on, first, _key), (_on, last, _last) = self.marks[0], self.marks[-1]
        given = {"first": first, "last": last, "day": date_format(first_on, "MONTH_DAY_FORMAT")}
        return _("From %(first)s to %(last)s since %(day)s.") % given


def read_goals(page: ClientPage) -> dict[str, Any]:
    """What the tab's template shows of the episode: the open goals, then those that have ended; three queries."""
    if page.episode is None:
        return {}
    cards = goal_cards(page.episode)
    open_now = [card for card in cards if card.goal.is_open]
    ended = sorted((card for card in cards if not card.goal.is_open), key=_ended_on, reverse=True)
    shown = [
        card.goal.wording for card in open_now if card.goal.shown_to_client and card.goal.state == GoalState.ACTIVE
    ]
    summary = _summary([card.goal for card in cards])
    written = evaluations_of([page.episode.pk])
    return {"goals": open_now, "ended": ended, "worked_on": shown, "summary": summary, "evaluations": written}


def goal_cards(episode: Episode) -> list[GoalCard]:
    """The goals of an episode, the oldest first, each with its steps and marks; two queries."""
    return _cards(list(_goals(episode)))


def _ended_on(card: GoalCard) -> datetime.date:
    return card.goal.ended_on or datetime.date.min


def _goals(episode: Episode):
    return Goal.objects.filter(episode=episode).select_related("replaced_by").order_by("since", "created_at")


def _cards(goals: Sequence[Goal]) -> list[GoalCard]:
    marks: dict[UUID, list[Row]] = defaultdict(list)
    for row in marks_of(goal.pk for goal in goals):
        marks[row.goal_id].append((row.session.held_on, row.mark, str(row.session_id)))
    steps: dict[UUID, list[Goal]] = defaultdict(list)
    for goal in goals:
        if goal.parent_id:
            steps[goal.parent_id].append(goal)
    return [
        GoalCard(goal, steps[goal.pk], marks[goal.pk], _chart(goal, marks[goal.pk]))
        for goal in goals
        if goal.parent_id is None
    ]


def _chart(goal: Goal, marks: list[Row]) -> SmallChart | None:
    if not marks:
        return None
    return goal_chart(marks, name=f"goal-{goal.pk}", title=_("The client's own rating, 0 to 10"), top=TOP)


def _summary(goals: Sequence[Goal]) -> str:
    """How many goals stand where, in a sentence."""
    counts: dict[str, int] = defaultdict(int)
    for goal in goals:
        counts[GoalState.ACTIVE if goal.is_open else goal.state] += 1
    said = [
        ngettext("%d goal under way", "%d goals under way", counts[GoalState.ACTIVE]) % counts[GoalState.ACTIVE],
        ngettext("%d reached", "%d reached", counts[GoalState.REACHED]) % counts[GoalState.REACHED],
        ngettext("%d replaced", "%d replaced", counts[GoalState.REPLACED]) % counts[GoalState.REPLACED],
        ngettext("%d dropped", "%d dropped", counts[GoalState.DROPPED]) % counts[GoalState.DROPPED],
    ]
    states = (GoalState.ACTIVE, GoalState.REACHED, GoalState.REPLACED, GoalState.DROPPED)
    return ", ".join(words for words, state in zip(said, states, strict=True) if counts[state])
