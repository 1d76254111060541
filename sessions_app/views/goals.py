"""Agree goals and steps, say when they were reached, and mark how near the client is."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.models import Episode
from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.services.undo import read_state, sign_state
from organisations.views.form_pages import tell_saved
from organisations.views.undo import tell_done
from sessions_app.forms.goal import GoalForm, GoalMarksForm
from sessions_app.models import OPEN_STATES, Goal
from sessions_app.services import goals
from sessions_app.views.shared import form_page, posted, session_of


@keeps_typed
@requires(Can.RECORD_SESSION)
def goal_new(request, episode_id):
    """A new goal of an episode."""
    rows = Episode.objects.visible_to(request.practitioner).select_related("client")
    return _new(request, get_object_or_404(rows, pk=episode_id), None)


@keeps_typed
@requires(Can.RECORD_SESSION)
def goal_step_new(request, goal_id):
    """A new step towards a goal."""
    goal = _goal(request, goal_id, "goal.step_form")
    return _new(request, goal.episode, goal)


def _new(request, episode, parent):
    record_access("goal.new_form", [episode.client_id])
    by = request.practitioner
    about = {"organisation_id": episode.organisation_id, "episode": episode, "parent": parent}
    goal = Goal(**about, since=today_in(by.organisation), is_rated=parent is None, shown_to_client=parent is None)
    form = GoalForm(posted(request), goal=goal, today=goal.since)
    fresh = Goal(**about, is_rated=parent is None, shown_to_client=parent is None)
    if request.method == "POST" and form.carry_out(goals.save_goal, goal=fresh, by=by):
        messages.success(request, _("The goal is saved."))
        return redirect(_tab(episode))
    context = {"client": episode.client, "parent": parent, "back": _tab(episode)}
    return form_page(request, "sessions_app/goal_form.html", form, **context)


@keeps_typed
@requires(Can.RECORD_SESSION)
def goal_edit(request, goal_id):
    """Change a goal or a step; say that it was reached, dropped or replaced, and when."""
    goal = _goal(request, goal_id, "goal.edit_form")
    form = GoalForm(posted(request), goal=goal, today=today_in(request.practitioner.organisation))
    if request.method == "POST" and form.carry_out(goals.save_goal, goal=goal, by=request.practitioner):
        tell_saved(request, form, _("The goal is saved."))
        return redirect(_tab(goal.episode))
    context = {"client": goal.episode.client, "parent": goal.parent, "back": _tab(goal.episode), "goal": goal}
    return form_page(request, "sessions_app/goal_form.html", form, **context)


@require_POST
@requires(Can.RECORD_SESSION)
def goal_reached(request, goal_id):
    """One tap: reached today."""
    goal = _goal(request, goal_id, "goal.reached")
    was = sign_state({"state": goal.state}, of=goal.pk)
    if goal.state in OPEN_STATES:
        goals.reach_goal(goal=goal, by=request.practitioner)
        tell_done(request, _("Reached."), undo=reverse("goal-reopen", args=[goal.pk]), was=was)
    return redirect(_tab(goal.episode))


@require_POST
@requires(Can.RECORD_SESSION)
def goal_reopen(request, goal_id):
    """Take that back; `was` is the state of before."""
    goal = _goal(request, goal_id, "goal.reopen")
    state = read_state(request.POST.get("was", ""), of=goal.pk)
    if state:
        goals.reopen_goal(goal=goal, state=state["state"], by=request.practitioner)
        messages.success(request, _("Undone. The goal goes on."))
    else:
        messages.error(request, _("This can no longer be undone here. Change the goal on its own page."))
    return redirect(_tab(goal.episode))


@requires(Can.RECORD_SESSION)
def goal_marks(request, session_id):
    """How near the client is to each goal at a session, from 0 to 10."""
    session = session_of(request, session_id, "goal.marks_form")
    form = GoalMarksForm(posted(request), session=session)
    if request.method == "POST" and form.carry_out(goals.mark_goals, session=session, by=request.practitioner):
        tell_saved(request, form, _("The marks are saved."))
        return redirect("session-flow", session.pk)
    return form_page(request, "sessions_app/goal_marks.html", form, session=session, client=session.client)


def _goal(request, goal_id, action):
    rows = Goal.objects.visible_to(request.practitioner).select_related("episode__client", "parent")
    goal = get_object_or_404(rows, pk=goal_id)
    record_access(action, [goal.episode.client_id])
    return goal


def _tab(episode):
    """The tab of the goals, on the client's page."""
    return reverse("client-detail", args=[episode.client_id], query={"tab": "goals", "episode": episode.pk})
