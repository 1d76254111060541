"""The handed-over device goes on to the next rater, without coming back to staff."""

from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from organisations.access import capability
from organisations.models import CapabilityKind
from sessions_app.services import rater_queue


@csrf_exempt  # the token in the path is the authority, together with the staff session parked on this device
@require_http_methods(["POST"])
@capability(CapabilityKind.HANDOVER)
def rating_next(request, token):
    """Their own form, by a token of its own; thanks again where nobody is left."""
    opened = rater_queue.open_next(request, request.capability)
    response = redirect("rating-form", opened) if opened else redirect("rating-thanks", token)
    response.status_code = 303
    return response
