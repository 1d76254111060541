"""The client's form on a handed-over device: opened by its token alone, without a session or a user."""

import re
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from organisations import capabilities
from organisations.access import capability
from organisations.models import CapabilityKind
from sessions_app.form_ref import FormRef
from sessions_app.packs.choosing import choose_wording, pack_named, short
from sessions_app.services import handover, recording
from sessions_app.views.lines import lines_of, missing_words, parsed_marks, posted_marks
from sessions_app.wording import known

DEVICE_TIME = re.compile(r"[0-9T:.Z+-]{1,40}", re.ASCII)


@csrf_exempt  # the token in the path is the authority; a form that stood open for hours must still be sent
@require_http_methods(["GET", "HEAD", "POST"])
@capability(CapabilityKind.HANDOVER)
def rating_form(request, token):
    """The four lines (GET), and what the client marked (POST: 303, 422 lines missing, 409, 410)."""
    language = handover.form_language(request.capability)
    if language is None:
        raise Http404
    with translation.override(known(language)):
        answer = _receive if request.method == "POST" else _show
        return _private(answer(request, token, language))


@require_http_methods(["GET", "HEAD"])
@capability(CapabilityKind.HANDOVER)
def rating_thanks(request, token):
    language = handover.form_language(request.capability)
    if language is None:
        raise Http404
    if request.capability.used_at is None:
        return redirect("rating-form", token)
    with translation.override(known(language)):
        return _private(_page(request, "rating_thanks.html"))


def _show(request: HttpRequest, token: str, language: str) -> HttpResponse:
    if request.capability.used_at is not None:
        return redirect("rating-thanks", token)
    if not capabilities.is_open(request.capability):
        return _page(request, "rating_closed.html", status=410)
    return _lines(request, token, language, texts={}, errors={}, submission_id=uuid.uuid4())


def _receive(request: HttpRequest, token: str, language: str) -> HttpResponse:
    if not handover.takes_answers(request.capability):
        return _page(request, "rating_closed.html", status=410)
    instrument = FormRef.parse(request.capability.detail).about
    texts = posted_marks(request.POST, instrument.items)
    marks, errors = parsed_marks(texts, instrument)
    submission_id = _submission_id(request)
    if errors:
        return _lines(request, token, language, texts=texts, errors=errors, submission_id=submission_id)
    device_time = request.POST.get("device_time", "")
    pack = _pack_of(request)
    outcome = recording.submit_rating(
        capability=request.capability,
        marks=[marks[key] for key in instrument.items],
        submission_id=submission_id,
        device_time=device_time if DEVICE_TIME.fullmatch(device_time) else "",
        language=short(language) if pack else known(language),
        pack=pack,
    )
    if outcome in {recording.Outcome.CONFLICT, recording.Outcome.TOO_MANY}:
        kept = outcome == recording.Outcome.CONFLICT
        return _page(request, "rating_conflict.html", status=409, kept=kept)
    response = redirect("rating-thanks", token)
    response.status_code = 303
    return response


def _submission_id(request: HttpRequest) -> uuid.UUID:
    """The form's own id; for a missing or broken one always the same of this token, so that repeats stay safe."""
    try:
        return uuid.UUID(request.POST.get("submission_id", ""))
    except ValueError:
        return uuid.uuid5(uuid.NAMESPACE_OID, bytes(request.capability.token_hash).hex())


def _pack_of(request: HttpRequest) -> str:
    """Whose words the client saw, also when the pack was withdrawn or its licence ended meanwhile."""
    shown = request.capability
    instrument = FormRef.parse(shown.detail).instrument
    return pack_named(organisation_id=shown.organisation_id, instrument=instrument, name=request.POST.get("pack", ""))


def _lines(request, token, language, *, texts, errors, submission_id) -> HttpResponse:
    shown = request.capability
    instrument = FormRef.parse(shown.detail).about
    chosen = choose_wording(organisation_id=shown.organisation_id, instrument=instrument.key, language=language)
    context = {
        "is_choice": instrument.is_choice,
        "missing": missing_words(instrument),
        "wording": chosen.words,
        "pack": chosen.pack,
        "language": chosen.language,
        "direction": chosen.direction,
        "items": lines_of(chosen.words, instrument, texts, errors),
        "errors": [f"{item.label}: {errors[item.key]}" for item in chosen.words.items if item.key in errors],
        "token": token,
        "submission_id": submission_id,
        "post_url": request.path,
        "thanks_url": reverse("rating-thanks", args=[token]),
    }
    return _page(request, "rating_form.html", status=422 if errors else 200, **context)


def _page(request: HttpRequest, template: str, status: int = 200, **context) -> HttpResponse:
    """A page of the kiosk, rendered at once: the language is the client's own only in here."""
    context = {
        "language": translation.get_language(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "instrument": FormRef.parse(request.capability.detail).part,
        "unlock_url": reverse("unlock"),
        **context,
    }
    return render(request, f"sessions_app/{template}", context, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"  # the address holds the token
    response["Content-Language"] = translation.get_language()
    return response
