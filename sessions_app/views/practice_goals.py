"""Goals for one's own practice, each button a step; and showing the page to somebody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from organisations.access import keeps_typed, requires
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.undo import tell_done
from sessions_app.forms.practice_goal import PracticeGoalForm
from sessions_app.models import PracticeGoal, SupervisionShare
from sessions_app.services import practice_goals as service
from sessions_app.views.shared import form_page, posted


@dataclass(frozen=True)
class GoalStep:
    """What a button of a goal does, what is said, and the step that takes it back."""

    carry_out: Callable[..., Any]
    said: Promise | str = ""
    undo: str = ""


STEPS = {
    "practised": GoalStep(service.note_practised, lazy("Practised today."), "not-practised"),
    "not-practised": GoalStep(service.undo_practised),
    "reached": GoalStep(service.reach_practice_goal, lazy("Reached."), "reopen"),
    "reopen": GoalStep(service.reopen_practice_goal),
    "remove": GoalStep(service.remove_practice_goal, lazy("Taken away.")),
}


@keeps_typed
@requires(Can.RECORD_SESSION)
def practice_goal_new(request):
    """Set oneself a goal."""
    by = request.practitioner
    form = PracticeGoalForm(posted(request), today=today_in(by.organisation))
    if request.method == "POST" and form.carry_out(service.set_practice_goal, by=by):
        messages.success(request, _("The goal is yours. Only you see it, and whoever you show it to."))
        return redirect("development")
    return form_page(request, "sessions_app/practice_goal_form.html", form)


@require_POST
@requires(Can.RECORD_SESSION)
def practice_goal_step(request, practice_goal_id, step):
    """One of STEPS, of one's own goals only."""
    what = STEPS[step]
    own = PracticeGoal.objects.visible_to(request.practitioner).filter(practitioner=request.practitioner)
    goal = get_object_or_404(own, pk=practice_goal_id)
    what.carry_out(goal=goal, by=request.practitioner)
    if what.undo:
        tell_done(request, str(what.said), undo=reverse(f"practice-goal-{what.undo}", args=[goal.pk]))
    elif what.said:
        messages.success(request, str(what.said))
    return redirect("development")


@require_POST
@requires(Can.RECORD_SESSION)
def development_show(request, share_id):
    """Show one's development page to somebody with whom one shares supervision."""
    service.show_development(share=_share(request, share_id), shown=True, by=request.practitioner)
    tell_done(request, _("Shown. You can end it whenever you want."), undo=reverse("development-hide", args=[share_id]))
    return redirect("development")


@require_POST
@requires(Can.RECORD_SESSION)
def development_hide(request, share_id):
    """Show it to them no longer."""
    service.show_development(share=_share(request, share_id), shown=False, by=request.practitioner)
    messages.success(request, _("Ended. This page is yours alone again."))
    return redirect("development")


def _share(request, share_id):
    own = SupervisionShare.objects.visible_to(request.practitioner).open().filter(practitioner=request.practitioner)
    return get_object_or_404(own, pk=share_id)
