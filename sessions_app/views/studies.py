"""Studies: planned, opened, amended and closed by an administrator; people enrolled by who works with them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.form_pages import tell_saved
from sessions_app.forms.study import AllocateForm, AmendmentForm, AssessForm, LeaveForm, PowerForm, StudyForm
from sessions_app.measures.studies.power import needed, power_of
from sessions_app.models import Study, StudyParticipant
from sessions_app.services import studies as service
from sessions_app.services import study_enrolment
from sessions_app.views.shared import form_page, posted


@require_safe
@requires(Can.READ_STUDIES)
def studies(request):
    """Every study that one may read."""
    rows = Study.objects.visible_to(request.practitioner).newest_first()
    context = {"studies": list(rows), "may_plan": request.practitioner.can(Can.MANAGE_STUDIES)}
    return TemplateResponse(request, "sessions_app/studies.html", context)


@keeps_typed
@requires(Can.MANAGE_STUDIES)
def study_new(request):
    """Plan a study; it is a draft until somebody opens it."""
    form = StudyForm(posted(request))
    if request.method == "POST" and form.carry_out(service.plan_study, by=request.practitioner):
        messages.success(request, _("The study is a draft. Nobody is enrolled before it is opened."))
        return redirect("study", form.outcome.pk)
    return form_page(request, "sessions_app/study_form.html", form)


@keeps_typed
@requires(Can.MANAGE_STUDIES)
def study_edit(request, study_id):
    """Another text, period or arms of a draft."""
    study = study_of(request, study_id)
    form = StudyForm(posted(request), instance=study)
    if request.method == "POST" and form.carry_out(
        service.change_study, study=Study(pk=study.pk), by=request.practitioner
    ):
        tell_saved(request, form, _("Saved."))
        return redirect("study", study.pk)
    return form_page(request, "sessions_app/study_form.html", form, study=study)


@requires(Can.MANAGE_STUDIES)
def study_open(request, study_id):
    """Say what opening means, and open it."""
    return _confirmed(request, study_id, service.open_study, "sessions_app/study_open.html", _("The study is open."))


@requires(Can.MANAGE_STUDIES)
def study_close(request, study_id):
    """Say what closing means, and close it."""
    return _confirmed(
        request, study_id, service.close_study, "sessions_app/study_close.html", _("The study is closed.")
    )


@keeps_typed
@requires(Can.MANAGE_STUDIES)
def study_amend(request, study_id):
    """Put down what is changed in an open study."""
    study = study_of(request, study_id)
    form = AmendmentForm(posted(request))
    if request.method == "POST" and form.carry_out(service.amend_study, study=study, by=request.practitioner):
        messages.success(request, _("The amendment stands beside the protocol."))
        return redirect("study", study.pk)
    return form_page(request, "sessions_app/study_amend.html", form, study=study)


@requires(Can.EDIT_CLIENT)
def study_assess(request, study_id):
    """Assess one of the clients that one sees, and enrol them or put down why not."""
    study, by = study_of(request, study_id), request.practitioner
    form = AssessForm(posted(request), study=study, by=by)
    record_access("client.choices", form.offered)
    if request.method == "POST" and form.carry_out(study_enrolment.assess_client, study=study, by=by):
        messages.success(request, _assessed(form.outcome))
        return redirect("study", study.pk)
    return form_page(request, "sessions_app/study_assess.html", form, study=study)


@requires(Can.MANAGE_STUDIES)
def study_allocate(request, study_id):
    """Draw the lot for a practitioner."""
    study, by = study_of(request, study_id), request.practitioner
    form = AllocateForm(posted(request), study=study, by=by)
    if request.method == "POST" and form.carry_out(study_enrolment.allocate_practitioner, study=study, by=by):
        name = form.outcome.practitioner.name
        messages.success(request, _("The lot for %(name)s is drawn.") % {"name": name})
        return redirect("study", study.pk)
    return form_page(request, "sessions_app/study_allocate.html", form, study=study)


@requires(Can.EDIT_CLIENT)
def study_leave(request, study_participant_id):
    """Put down why somebody is out of the study."""
    rows = StudyParticipant.objects.visible_to(request.practitioner).enrolled().select_related("study", "client")
    row = get_object_or_404(rows, pk=study_participant_id)
    record_access("study.leave_page", [row.client_id])
    form = LeaveForm(posted(request))
    if request.method == "POST" and form.carry_out(
        study_enrolment.leave_study, participant=row, by=request.practitioner
    ):
        messages.success(request, _("%(client)s is out of the study.") % {"client": row.client.reference})
        return redirect("study", row.study_id)
    return form_page(request, "sessions_app/study_leave.html", form, row=row)


@require_safe
@requires(Can.READ_STUDIES)
def study_power(request):
    """How many a study of two arms needs; the numbers stand in the address, so that they can be passed on."""
    form = PowerForm(request.GET or None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        design, clients = form.design, form.cleaned_data["clients"]
        context |= {"design": design, "needed": needed(design, form.cleaned_data["power"]), "asked": True}
        context |= {"power": power_of(design, clients) * 100 if clients else None}
    return TemplateResponse(request, "sessions_app/study_power.html", context, status=422 if form.errors else 200)


def study_of(request, study_id):
    """A study that one may read, else 404."""
    return get_object_or_404(Study.objects.visible_to(request.practitioner), pk=study_id)


def _confirmed(request, study_id, carry_out, template, said):
    study = study_of(request, study_id)
    if request.method == "POST":
        try:
            carry_out(study=study, by=request.practitioner)
            messages.success(request, said)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("study", study.pk)
    return TemplateResponse(request, template, {"study": study})


def _assessed(row: StudyParticipant) -> str:
    client = {"client": row.client.reference}
    if row.enrolled_at is None:
        return _("%(client)s was assessed and does not take part.") % client
    return _("%(client)s takes part.") % client


PAGES = {
    "studies": ("", studies),
    "study-new": ("new/", study_new),
    "study-power": ("power/", study_power),
    "study-edit": ("<uuid:study_id>/edit/", study_edit),
    "study-open": ("<uuid:study_id>/open/", study_open),
    "study-close": ("<uuid:study_id>/close/", study_close),
    "study-amend": ("<uuid:study_id>/amend/", study_amend),
    "study-assess": ("<uuid:study_id>/assess/", study_assess),
    "study-allocate": ("<uuid:study_id>/lots/", study_allocate),
    "study-leave": ("participants/<uuid:study_participant_id>/leave/", study_leave),
}
"""Where each stands below the address of studies, by its route."""
