"""Evaluate the action plan: choose a period, write, and use what was written."""

from typing import Any

from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from clients.models import Episode
from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.form_pages import tell_saved
from reports.plan_evaluation.form import PeriodForm
from reports.plan_evaluation.going_out import read_going_out
from reports.plan_evaluation.period import DAYS, NAMES
from reports.plan_evaluation.plain_text import plain_text
from reports.plan_evaluation.read import goals_of, read_period
from sessions_app.forms.plan_evaluation import PlanEvaluationForm
from sessions_app.models import PlanEvaluation
from sessions_app.services.own_words import may_share_words
from sessions_app.services.plan_evaluations import begin_evaluation, save_evaluation, words_in
from sessions_app.views.shared import attempt, form_page, posted, saved_as_json


@requires(Can.RECORD_SESSION)
def plan_evaluation_new(request, episode_id):
    """Look at a period (`period`, a key of NAMES, or DAYS with `since` and `until`); sent, the evaluation begins with
    what the measurements say.
    """
    by = request.practitioner
    rows = Episode.objects.visible_to(by).select_related("client__organisation", "service")
    episode = get_object_or_404(rows, pk=episode_id)
    record_access("plan_evaluation.new_form", [episode.client_id])
    goals = goals_of(episode)
    asked = request.POST if request.method == "POST" else request.GET
    form = PeriodForm(asked, episode=episode, goals=goals, today=today_in(by.organisation))
    period = form.chosen
    with_words = may_share_words(episode.client)
    found = read_period(episode, period.since, period.until, goals, with_words=with_words)
    if request.method == "POST" and not form.errors:
        text = found.first_text
        begun = begin_evaluation(episode=episode, since=period.since, until=period.until, text=text, by=by)
        return redirect("plan-evaluation", begun.pk)
    context = {"client": episode.client, "episode": episode, "period": period, "found": found, "periods": NAMES}
    context |= {"form": form, "days": DAYS}
    return TemplateResponse(request, "reports/plan_evaluation_new.html", context, status=422 if form.errors else 200)


@keeps_typed
@requires(Can.RECORD_SESSION)
def plan_evaluation(request, plan_evaluation_id):
    """Write it: saved while it is typed (JSON: 200, 409, 422) or by the button."""
    evaluation = evaluation_asked(request, plan_evaluation_id, "plan_evaluation.edit_form")
    client, by = evaluation.episode.client, request.practitioner
    with_words = may_share_words(client)
    words = list(words_in(evaluation.episode, evaluation.since, evaluation.until, by)) if with_words else []
    form = PlanEvaluationForm(posted(request), evaluation=evaluation, words=words)
    if request.method == "POST":
        saved = None
        if form.is_valid():
            saved = attempt(form, save_evaluation, evaluation=evaluation, by=by, **form.cleaned_data)
        if request.accepts("application/json") and not request.accepts("text/html"):
            return saved_as_json(form, saved, by.organisation.time_zone)
        if saved is not None:
            tell_saved(request, form, _("The evaluation is saved."))
            return redirect("plan-evaluation", evaluation.pk)
    context = {"client": client, "evaluation": evaluation, "with_words": with_words}
    context |= _material(evaluation, with_words=with_words)
    return form_page(request, "reports/plan_evaluation.html", form, **context)


@requires(Can.RECORD_SESSION)
def plan_evaluation_document(request, plan_evaluation_id):
    """As it goes out: to print, and as plain text to copy. Nothing where the case worker may be told nothing."""
    evaluation = evaluation_asked(request, plan_evaluation_id, "plan_evaluation.document")
    about = {"client": evaluation.episode.client, "evaluation": evaluation, "episode": evaluation.episode}
    out = read_going_out(evaluation, request.practitioner)
    if out is None:
        return TemplateResponse(request, "reports/plan_evaluation_closed.html", about)
    text = plain_text(evaluation, out.found, out.words)
    context = about | {"words": out.words, "plain_text": text, "record": out.record, "found": out.found}
    return TemplateResponse(request, "reports/plan_evaluation_document.html", context)


def _material(evaluation: PlanEvaluation, *, with_words: bool) -> dict[str, Any]:
    episode = evaluation.episode
    found = read_period(episode, evaluation.since, evaluation.until, goals_of(episode), with_words=with_words)
    return {"found": found, "episode": episode}


def evaluation_asked(request, key, action) -> PlanEvaluation:
    """An evaluation that the practitioner may see, else 404; the access is recorded as `action`."""
    rows = PlanEvaluation.objects.visible_to(request.practitioner)
    found = rows.select_related("episode__client__organisation", "episode__service", "made_by")
    evaluation = get_object_or_404(found, pk=key)
    record_access(action, [evaluation.episode.client_id])
    return evaluation
