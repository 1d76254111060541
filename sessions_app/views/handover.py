"""Hand the device over: a token for one form, and the staff session is parked."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.roles import Can
from sessions_app.services import handover
from sessions_app.views.loading import form_of, session_of


@require_POST
@requires(Can.RECORD_SESSION)
def session_handover(request, session_id, instrument):
    session = session_of(request, session_id, "session.handover")
    form, page = form_of(instrument), reverse("session-flow", args=[session.pk])
    try:
        token = handover.open_form(session=session, form=form, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(page)
    handover.park_staff(request, next_url=f"{page}?back={form.detail}")
    response = redirect("rating-form", token)
    # What staff looked at before must not come back from this device's memory.
    response["Clear-Site-Data"] = '"cache"'
    return response
