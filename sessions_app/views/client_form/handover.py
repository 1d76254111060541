"""Hand the device over: a token for one form, and the staff session is parked."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.roles import Can
from organisations.tokens import capabilities
from sessions_app.services import handover, rater_queue
from sessions_app.texts.closing import closings_for
from sessions_app.views.shared import form_of, session_of


@require_POST
@requires(Can.RECORD_SESSION)
def session_handover(request, session_id, instrument):
    session = session_of(request, session_id, "session.handover")
    by_script = request.headers.get("Accept") == "application/json"
    page = reverse("session-flow", args=[session.pk])
    first, *then = [form_of(detail) for detail in request.POST.getlist("forms") or [instrument]]
    try:
        closing = request.POST.get("closing", "")
        words = {"closing": closing if closing in closings_for(request.practitioner.organisation) else ""}
        here, by = handover.handover_of(request), request.practitioner
        token = handover.open_form(session=session, form=first, by=by, handover=here, **words)
    except ValidationError as error:
        if by_script:  # it asks again as a page, which says why
            return JsonResponse({}, status=409)
        messages.error(request, " ".join(error.messages))
        return redirect(page)
    handover.park_staff(request, opened=capabilities.opened_by(token), next_url=f"{page}?back={first.key}")
    rater_queue.start_queue(request, session=session, forms=then)
    address = reverse("rating-form", args=[token])
    response = JsonResponse({"location": address}) if by_script else redirect(address)
    # What staff looked at before must not come back from this device's memory.
    response["Clear-Site-Data"] = '"cache"'
    return response
