"""Cases for one's own supervision: put on the list, what came of them, taken off."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.form_pages import tell_saved
from organisations.views.undo import tell_done
from sessions_app.forms.practice_goal import BringToSupervisionForm, SupervisionCaseForm
from sessions_app.models import SupervisionCase
from sessions_app.services import supervision_cases as service
from sessions_app.views.shared import form_page, posted


@keeps_typed
@requires(Can.RECORD_SESSION)
def supervision_case_new(request):
    """Put a case on the list; `episode` of the address is chosen already."""
    by = request.practitioner
    form = BringToSupervisionForm(posted(request), by=by, initial={"episode": request.GET.get("episode", "")})
    record_access("client.choices", form.offered)
    if request.method == "POST" and form.carry_out(service.bring_to_supervision, by=by):
        undo = reverse("supervision-case-remove", args=[form.outcome.pk])
        tell_done(request, _("It is on your list for supervision."), undo=undo)
        return redirect("supervision")
    return form_page(request, "sessions_app/supervision_case_new.html", form)


@keeps_typed
@requires(Can.RECORD_SESSION)
def supervision_case(request, supervision_case_id):
    """The question, when it was brought, and what one took home."""
    case = _own(request, supervision_case_id)
    form = SupervisionCaseForm(posted(request), instance=case)
    if request.method == "POST" and form.carry_out(service.save_supervision_case, case=case, by=request.practitioner):
        tell_saved(request, form, _("Saved."))
        return redirect("supervision")
    return form_page(request, "sessions_app/supervision_case.html", form, case=case)


@require_POST
@requires(Can.RECORD_SESSION)
def supervision_case_remove(request, supervision_case_id):
    """Take a case off the list."""
    case = _own(request, supervision_case_id)
    service.remove_supervision_case(case=case, by=request.practitioner)
    tell_done(request, _("It is off your list."), undo=reverse("supervision-case-restore", args=[case.pk]))
    return redirect("supervision")


@require_POST
@requires(Can.RECORD_SESSION)
def supervision_case_restore(request, supervision_case_id):
    """Put it back."""
    service.restore_supervision_case(case=_own(request, supervision_case_id), by=request.practitioner)
    messages.success(request, _("It is on your list for supervision."))
    return redirect("supervision")


def _own(request, supervision_case_id) -> SupervisionCase:
    rows = SupervisionCase.objects.visible_to(request.practitioner).filter(practitioner=request.practitioner)
    case = get_object_or_404(rows.select_related("episode__client"), pk=supervision_case_id)
    record_access("supervision.case", [case.episode.client_id])
    return case
