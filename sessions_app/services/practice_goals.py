"""Goals for one's own practice: set, practised day by day, reached, taken away; and who is shown them."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.models import PracticeGoal, SupervisionShare

MOST_DAYS = 100
"""So many days on which a goal was practised are kept; the first ones go."""


@transaction.atomic
def set_practice_goal(*, wording: str, agreed_with: str, set_on: datetime.date, by: Practitioner) -> PracticeGoal:
    """Set oneself a goal; ValidationError for a day to come."""
    if set_on > today_in(by.organisation):
        raise ValidationError({"set_on": _("That day is still to come.")})
    about = {"wording": wording.strip(), "agreed_with": agreed_with.strip(), "set_on": set_on}
    return PracticeGoal.objects.create(organisation_id=by.organisation_id, practitioner=by, **about)


@transaction.atomic
def note_practised(*, goal: PracticeGoal, by: Practitioner) -> None:
    """It was practised today; said once a day."""
    goal, today = _own(goal, by), today_in(by.organisation)
    if today not in goal.practised_on:
        goal.practised_on = [*goal.practised_on, today][-MOST_DAYS:]
        goal.save(update_fields=["practised_on"])


@transaction.atomic
def undo_practised(*, goal: PracticeGoal, by: Practitioner) -> None:
    """It was not practised today after all."""
    goal, today = _own(goal, by), today_in(by.organisation)
    goal.practised_on = [day for day in goal.practised_on if day != today]
    goal.save(update_fields=["practised_on"])


@transaction.atomic
def reach_practice_goal(*, goal: PracticeGoal, by: Practitioner) -> None:
    """One's own goal is reached today; the first day stands."""
    goal = _own(goal, by)
    goal.reached_on = goal.reached_on or today_in(by.organisation)
    goal.save(update_fields=["reached_on"])


@transaction.atomic
def reopen_practice_goal(*, goal: PracticeGoal, by: Practitioner) -> None:
    """It is not reached yet after all."""
    goal = _own(goal, by)
    goal.reached_on = None
    goal.save(update_fields=["reached_on"])


@transaction.atomic
def remove_practice_goal(*, goal: PracticeGoal, by: Practitioner) -> None:
    """Take one's own goal away for good."""
    PracticeGoal.objects.filter(pk=goal.pk, practitioner=by).delete()


@transaction.atomic
def show_development(*, share: SupervisionShare, shown: bool, by: Practitioner) -> None:
    """Whether somebody with whom one shares supervision sees one's development page too."""
    SupervisionShare.objects.filter(pk=share.pk, practitioner=by, ended_at=None).update(with_development=shown)


def _own(goal: PracticeGoal, by: Practitioner) -> PracticeGoal:
    return PracticeGoal.objects.select_for_update(of=("self",)).get(pk=goal.pk, practitioner=by)
