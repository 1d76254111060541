"""Write down what was decided at a session, and say that it was seen to."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.form_pages import merge_page, tell_saved
from organisations.views.undo import tell_done
from sessions_app.forms.decision import SessionDecisionForm, new_decision
from sessions_app.models import SessionDecision
from sessions_app.services import decisions
from sessions_app.views.shared import attempt, form_page, saved_as_json, session_of


@keeps_typed
@require_POST
@requires(Can.RECORD_SESSION)
def decision_save(request, session_id, decision_id):
    """As `note_save`: JSON for the script (200, 409, 422), pages for the button; the first save makes the row."""
    session = session_of(request, session_id, "decision.save")
    stored = (
        SessionDecision.objects.visible_to(request.practitioner).filter(pk=decision_id).select_related("responsible")
    )
    decision = stored.first() or new_decision(session, decision_id)
    form = SessionDecisionForm(request.POST, decision=decision, by=request.practitioner)
    given = {"session": session, "decision_id": decision_id, "by": request.practitioner}
    saved = None
    if form.is_valid():
        try:
            saved = attempt(form, decisions.save_decision, **given, **form.cleaned_data)
        except SessionDecision.DoesNotExist as error:
            raise Http404 from error
    as_json = request.accepts("application/json") and not request.accepts("text/html")
    return saved_as_json(form, saved, session.time_zone) if as_json else _as_page(request, session, form, saved)


def _as_page(request, session, form, saved):
    if saved is not None:
        tell_saved(request, form, _("The decision is saved."))
        return redirect("session-flow", session.pk)
    if form.meanwhile is not None:
        return merge_page(request, form, back=reverse("session-flow", args=[session.pk]))
    about = {"session": session, "client": session.client}
    return form_page(request, "sessions_app/decision_refused.html", form, **about)


@require_POST
@requires(Can.RECORD_SESSION)
def decision_done(request, decision_id):
    """One tap: it was seen to."""
    decision = _found(request, decision_id, "decision.done")
    decisions.finish_follow_up(decision=decision, by=request.practitioner)
    tell_done(request, _("Done. It no longer stands on Today."), undo=reverse("decision-reopen", args=[decision.pk]))
    return redirect(_back(request, decision))


@require_POST
@requires(Can.RECORD_SESSION)
def decision_reopen(request, decision_id):
    """Take that back."""
    decision = _found(request, decision_id, "decision.reopen")
    decisions.reopen_follow_up(decision=decision, by=request.practitioner)
    messages.success(request, _("Undone. It stands on Today again."))
    return redirect(_back(request, decision))


def _found(request, decision_id, action):
    rows = SessionDecision.objects.visible_to(request.practitioner).select_related("session")
    decision = get_object_or_404(rows, pk=decision_id)
    record_access(action, [decision.session.client_id])
    return decision


def _back(request, decision):
    """The page that asked, where it is one of ours; else Today."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return reverse("today")
