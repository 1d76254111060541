"""Open a client in an emergency, end that, and look at what others have opened."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.form_pages import form_page
from sessions_app.forms.emergency_access import EmergencyOpeningForm
from sessions_app.models import EmergencyAccess
from sessions_app.services import emergency_accesses as services

PAGE = 50


@requires(Can.OPEN_EMERGENCY)
def emergency_open(request):
    """The form, and what one has open now; whoever has a second factor shows it first."""
    by = request.practitioner
    form = EmergencyOpeningForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.carry_out(services.open_emergency, by=by):
        return redirect("emergency-client", form.outcome.pk)
    if request.method != "POST" and form.factor_first:  # before anything is typed, which would be lost
        return redirect(form.factor_first)
    mine = list(services.open_of(by))
    record_access("emergency.list", {access.client_id for access in mine})
    hours = by.organisation.emergency_hours
    return form_page(request, "sessions_app/emergency_open.html", form, mine=mine, hours=hours)


@require_POST
@requires(Can.OPEN_EMERGENCY)
def emergency_end(request, emergency_access_id):
    """Close it before its hours are over."""
    access = get_object_or_404(services.opened_by(request.practitioner), pk=emergency_access_id)
    services.end_emergency(access=access, by=request.practitioner)
    messages.success(request, _("Closed. You do not see the client any more."))
    return redirect("emergency-open")


@require_safe
@requires(Can.REVIEW_EMERGENCIES)
def emergency_accesses(request):
    """What was opened, the newest first: who, when and why, and who has looked at it."""
    by = request.practitioner
    rows = EmergencyAccess.objects.visible_to(by).select_related("practitioner", "looked_by", "client__organisation")
    page = Paginator(rows.newest_first(), PAGE).get_page(request.GET.get("page"))
    record_access("emergency.review", {access.client_id for access in page})
    context = {"page": page, "rows": services.shown_to(by, page), "me": by}
    return TemplateResponse(request, "sessions_app/emergency_accesses.html", context)


@require_POST
@requires(Can.REVIEW_EMERGENCIES)
def emergency_look(request, emergency_access_id):
    """Looked at by me."""
    by = request.practitioner
    access = get_object_or_404(EmergencyAccess.objects.visible_to(by), pk=emergency_access_id)
    try:
        services.look_at_emergency(access=access, by=by)
        messages.success(request, _("Noted that you have looked at it."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("emergency-accesses")
