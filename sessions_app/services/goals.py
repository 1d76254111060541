"""Goals of an episode and the steps towards them: agreed, reached, dropped, replaced; and how near the client is."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.models import OPEN_STATES, Goal, GoalMark, GoalState, Session
from sessions_app.models.goal import GoalMarkQuerySet, GoalQuerySet
from sessions_app.services.locking import lock_countable

TOP = 10
"""The best mark; the least is 0."""
WRITTEN = (
    "wording",
    "aim",
    "set_by",
    "state",
    "since",
    "until",
    "ended_on",
    "replaced_by",
    "is_rated",
    "shown_to_client",
)
ENDING = ("state", "ended_on", "replaced_by")
_LEFT = ["organisation", "episode", "parent"]


@transaction.atomic
def save_goal(*, goal: Goal, by: Practitioner, version: RowVersion | None = None, **fields: Any) -> Goal:
    """Store a new goal (or a step of one), or change a stored one's fields; StoredMeanwhile as in `merge`.

    One that has ended without a day ended today; one that goes on has no end. ValidationError for what does not fit.
    """
    if goal._state.adding:
        goal = _checked_new(goal, fields)
    else:
        goal = Goal.objects.select_for_update(of=("self",)).select_related("episode").get(pk=goal.pk)
        fields = merge(version, values_of(goal, list(fields)), fields)
    if "state" in fields and fields["state"] in OPEN_STATES:
        fields |= {"ended_on": None, "replaced_by": None}
    elif "state" in fields and not fields.get("ended_on"):
        fields["ended_on"] = today_in(by.organisation)
    other = fields.get("replaced_by")
    if other is not None and other.episode_id != goal.episode_id:
        raise ValidationError({"replaced_by": _("Choose a goal of this episode.")})
    if goal._state.adding:
        for name, value in fields.items():
            setattr(goal, name, value)
        goal.full_clean(exclude=_LEFT)
        goal.save(force_insert=True)
    else:
        write(goal, fields, exclude=_LEFT)
    record_access("goal.save", [goal.episode.client_id])
    return goal


def _checked_new(goal: Goal, fields: dict[str, Any]) -> Goal:
    """A goal that is not stored yet; ValidationError where it would be the step of a step."""
    if goal.parent is not None and (goal.parent.parent_id or goal.parent.episode_id != goal.episode_id):
        raise ValidationError(_("A step has no steps of its own."))
    return goal


@transaction.atomic
def reach_goal(*, goal: Goal, by: Practitioner) -> Goal:
    """It was reached today; done twice, or once it has ended otherwise, nothing changes."""
    goal = Goal.objects.select_for_update(of=("self",)).select_related("episode").get(pk=goal.pk)
    if goal.is_open:
        write(goal, {"state": GoalState.REACHED, "ended_on": today_in(by.organisation)}, exclude=_LEFT)
    record_access("goal.reached", [goal.episode.client_id])
    return goal


@transaction.atomic
def reopen_goal(*, goal: Goal, state: str, by: Practitioner) -> Goal:
    """It goes on in the open `state` that it was in before."""
    goal = Goal.objects.select_for_update(of=("self",)).select_related("episode").get(pk=goal.pk)
    write(goal, {"state": GoalState(state), "ended_on": None, "replaced_by": None}, exclude=_LEFT)
    record_access("goal.reopen", [goal.episode.client_id])
    return goal


def rated_goals(session: Session) -> GoalQuerySet:
    """What the client can rate at a session: goals and steps under way that are rated, those with a mark there too."""
    of_episode = Goal.objects.filter(episode=session.episode_id)
    asked = of_episode.filter(is_rated=True, state=GoalState.ACTIVE) | of_episode.filter(marks__session=session)
    return asked.distinct().order_by("since", "created_at")


def marks_at(session: Session, goals: Iterable[Goal]) -> dict[str, int | None]:
    """The marks of these goals at a session, by the goal's key; one query."""
    stored = dict(GoalMark.objects.filter(session=session).values_list("goal", "mark"))
    return {str(goal.pk): stored.get(goal.pk) for goal in goals}


@transaction.atomic
def mark_goals(
    *, session: Session, by: Practitioner, version: RowVersion | None = None, **marks: int | None
) -> Session:
    """Keep how near the client is to each goal, 0 to 10 by the goal's key; None takes a mark away.

    StoredMeanwhile as in `merge`; ValidationError at a session that was voided.
    """
    session = lock_countable(session.pk)
    goals = {str(goal.pk): goal for goal in rated_goals(session)}
    known = {key: mark for key, mark in marks.items() if key in goals}
    chosen = merge(version, marks_at(session, goals.values()), known)
    for key, mark in chosen.items():
        row = {"organisation_id": session.organisation_id, "goal": goals[key], "session": session}
        if mark is None:
            GoalMark.objects.filter(**row).delete()
        else:
            GoalMark.objects.update_or_create(**row, defaults={"mark": mark})
    record_access("goal.mark", [session.client_id])
    return session


def marks_of(goals: Iterable[UUID]) -> GoalMarkQuerySet:
    """The marks of these goals that count, the oldest first, each with its session."""
    found = GoalMark.objects.counting().filter(goal__in=goals).select_related("session")
    return found.order_by("session__held_on", "session__started_at", "session__created_at")


def counting_marks() -> GoalMarkQuerySet:
    """The marks that count, the oldest first: to be fetched with goals that somebody may see."""
    return GoalMark.objects.counting().order_by("session__held_on", "created_at")


def others_beside(goal: Goal) -> GoalQuerySet:
    """What can take a goal's place: the others of its episode, of a step those of the same goal."""
    beside = Goal.objects.filter(episode=goal.episode, parent=goal.parent).exclude(pk=goal.pk)
    return beside.order_by("since", "created_at")


def mark_row(session: Session, key: str) -> GoalMark | None:
    """The stored mark of a goal (by its key) at a session."""
    return GoalMark.objects.filter(session=session, goal=UUID(key)).first()


def worked_on_at(session_id: UUID) -> list[str]:
    """What stands as "what we work on" on the client's form of a session, in the wording of the goals; one query.

    None at a session of a group: there the device goes from hand to hand.
    """
    return [goal.wording for goal in _worked_on_at(session_id)]


@written_once
def _worked_on_at(session_id: UUID):
    here = Session.objects.valid().filter(pk=session_id, group_member=None)
    return Goal.objects.worked_on().filter(episode__in=here.values("episode"))
