"""What a device with a form says to the server beside the form: sealed answers, a beginning, a late log-out."""

import json
import logging

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from organisations.access import capability, public, requires
from organisations.models import HANDOVER, CapabilityKind
from organisations.roles import Can
from organisations.tokens import capabilities
from organisations.web import errors, rate_limits
from sessions_app.services import handover, links, pending_answers, sealed_answers
from sessions_app.services.ratings import Receipt
from sessions_app.texts.form_wording import known
from sessions_app.views.client_form import form as form_pages
from sessions_app.views.shared import session_of

logger = logging.getLogger(__name__)
LONGEST_ENVELOPE = 8 * 1024  # bytes; a form of five marks takes one
# Envelopes that brought no answer, from one address or to one form. What opening one costs: `make bench ONLY=sealed`.
UNOPENED = rate_limits.Limit("sealed", at_most=120, seconds=60)


@public
@csrf_exempt  # what is inside the envelope is the authority
@require_POST
def sealed_answer(request):
    """An answer that waited on a device. 200: the server has it; 410: its key or form is too old; 422: no answer;
    409: one of too many to its form.

    429 where too many that brought none came before: from the same address, or to the form that the envelope names.
    One that names a form that exists is opened whatever came from its address.
    """
    envelope = _json_of(request)
    sender = _form_named(envelope) or rate_limits.address_of(request)
    if wait := UNOPENED.wait(sender):
        return errors.too_many(request, wait=wait)
    try:
        fields = sealed_answers.open_envelope(envelope)
    except sealed_answers.UnknownKey:
        logger.warning("A sealed answer names a key that is not there")
        return _unopened(sender, "unknown_key", 410)
    except sealed_answers.NotOurs:
        return _unopened(sender, "unreadable", 422)
    found = capabilities.find(fields.get("token", ""), *form_pages.FORMS)
    if found is None:
        return _unopened(sender, "closed", 410)
    with pending_answers.acting_for(found, request.request_id):
        return _kept(found, fields)


def _form_named(envelope: object) -> str:
    """The form that is written on an envelope, if it exists; "" for an older device's, which says nothing."""
    name = envelope.get("form") if isinstance(envelope, dict) else None
    found = capabilities.named(name, *form_pages.FORMS) if isinstance(name, str) else None
    return str(capabilities.public_id(found)) if found else ""


def _unopened(sender: str, outcome: str, status: int) -> HttpResponse:
    UNOPENED.spend(sender)
    return JsonResponse({"outcome": outcome}, status=status)


def _kept(found, fields: dict[str, str]) -> HttpResponse:
    language = pending_answers.form_language(found)
    if language is None or not handover.takes_answers(found):
        return JsonResponse({"outcome": "closed"}, status=410)
    posted = QueryDict(mutable=True)
    posted.update(fields)
    with translation.override(known(language)):
        kept = form_pages.keep(found, posted, language)
    if kept.errors:
        return JsonResponse({"outcome": "incomplete"}, status=422)
    # The device forgets what is answered with 200.
    return JsonResponse({"outcome": kept.outcome}, status=409 if kept.outcome == Receipt.TOO_MANY else 200)


def _json_of(request: HttpRequest) -> object:
    if len(request.body) > LONGEST_ENVELOPE:
        return None
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


@csrf_exempt
@require_POST
@capability(*form_pages.FORMS)
def form_started(request, token):
    """The first mark is set: the practitioner sees that, nothing else."""
    pending_answers.note_started(request.capability)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
@capability(CapabilityKind.HANDOVER)
def form_park(request, token):
    """A device that was handed over without a network logs its staff out now that there is one."""
    if request.user.is_authenticated and request.session.get("practitioner"):
        page = reverse("session-flow", args=[request.capability.object_id])
        back = f"{page}?back={request.capability.detail}"
        handover.park_staff(request, opened=request.capability, next_url=back)
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD"])
@capability(CapabilityKind.HANDOVER)
def form_shell(request, token):
    """The empty form without a token, for a device to keep: the words alone."""
    return form_pages.shell_page(request)


@require_POST
@requires(Can.RECORD_SESSION)
def session_offline_tokens(request, session_id):
    """Tokens for the forms of a session that are still due, for a device that may lose the network."""
    session = session_of(request, session_id, "session.carry")
    due = links.forms_to_send(session, session.client, session.episode)
    here = handover.handover_of(request)
    request.session[HANDOVER] = str(here)  # what is handed over from now on belongs together
    facts = {"by": request.practitioner, "handover": here}
    try:
        carried = handover.carry_forms(session=session, forms=due, **facts)
    except ValidationError as error:  # a colleague has taken the session out meanwhile
        return JsonResponse({"error": " ".join(error.messages)}, status=409)
    forms = [
        {
            "form": form.key,
            "token": token,
            "shell": reverse("form-shell", args=[token]),
            "park": reverse("form-park", args=[token]),
            "address": form_pages.shell_address(session, form),
        }
        for form, token in carried
    ]
    return JsonResponse({"handover": str(here), "forms": forms})


@public
@require_http_methods(["GET", "HEAD"])
def offline(request):
    """What a device shows instead of any page while there is no network; it keeps a copy."""
    return render(request, "sessions_app/offline.html")
