"""The client's form, on a handed-over device or by link: opened by its token alone, without a session or a user."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from organisations.access import capability
from organisations.models import Capability, CapabilityKind, handover_here
from organisations.tokens import capabilities
from sessions_app.forms.unlock import UnlockForm
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import Instrument
from sessions_app.models import Session
from sessions_app.services import drafts, handover, pending_answers, sealed_answers
from sessions_app.services import group_meetings as groups
from sessions_app.services.rater_queue import next_of
from sessions_app.services.ratings import Receipt
from sessions_app.texts.closing import closing_words
from sessions_app.texts.form_wording import known
from sessions_app.views.client_form.for_whom import for_whom
from sessions_app.views.client_form.lines import lines_of, missing_words, parsed_marks, posted_marks, texts_of
from sessions_app.wording.choice import Chosen, choose_wording, words_answered
from sessions_app.wording.interface import places_on, words_around

LINKS = (CapabilityKind.LINK, CapabilityKind.AHEAD, CapabilityKind.FOLLOW_UP)
FORMS = (CapabilityKind.HANDOVER, *LINKS)
DEVICE_TIME = re.compile(r"[0-9T:.Z+-]{1,40}", re.ASCII)


@csrf_exempt  # the token in the path is the authority; a form that stood open for hours must still be sent
@require_http_methods(["GET", "HEAD", "POST"])
@capability(*FORMS)
def rating_form(request, token):
    """The lines (GET), and what the client marked (POST: 303, 422 lines missing, 409, 410).

    Looking at a link only leads on to its own page, however often a mail's scanner looks.
    """
    language = _language(request)
    with translation.override(known(language)):
        if request.method == "POST":
            return private(_receive(request, token, language))
        if request.capability.kind in LINKS:
            return private(_lead_on(request, token))
        return private(_show(request, token, language))


@require_http_methods(["GET", "HEAD"])
@capability(*LINKS, kiosk=False)
def link_form(request, link_id):
    """A link's form, its thanks afterwards: the token is in this page's own cookie, not in its address."""
    if capabilities.public_id(request.capability) != link_id:
        raise Http404
    language = _language(request)
    with translation.override(known(language)):
        if request.method == "GET":
            pending_answers.note_opened(request.capability)
        return private(_show(request, request.COOKIES[capabilities.FORM_COOKIE], language))


@require_http_methods(["GET", "HEAD"])
@capability(CapabilityKind.HANDOVER)
def rating_thanks(request, token):
    language = _language(request)
    if request.capability.used_at is None:
        return redirect("rating-form", token)
    with translation.override(known(language)):
        going = groups.round_of(request, request.capability)
        round_url = reverse("group-next", args=[token]) if going else ""
        context: dict[str, Any] = {"round_url": round_url, "next": next_of(request, token)}
        context |= {} if any(context.values()) else unlock_here(request)
        return private(kiosk_page(request, language, "rating_thanks.html", **context))


def unlock_here(request: HttpRequest) -> dict[str, Any]:
    """The PIN's field, for a page with which the device goes back to the staff; none where a PIN opens nothing."""
    return {"unlock_form": UnlockForm(pin=True, focused=False)} if handover.opens_by_pin(request) else {}


def shell_page(request: HttpRequest) -> HttpResponse:
    """The form's words without token, id or name; the address's fragment brings the token when there is no network."""
    language = _language(request)
    with translation.override(known(language)):
        return private(_lines(request, "", language, empty=True))


def shell_address(session: Session, form: FormKey) -> str:
    """Where a device keeps a form's shell: by form, language and version of the words. No route answers there."""
    language = session.client.form_language
    chosen = choose_wording(organisation_id=session.organisation_id, form=form, language=language)
    return f"/offline/{form.key.replace(':', '-')}/{chosen.language}/{chosen.pack or 'own'}/"


def _language(request: HttpRequest) -> str:
    language = pending_answers.form_language(request.capability)
    if language is None:
        raise Http404
    return language


def _lead_on(request: HttpRequest, token: str) -> HttpResponse:
    """From the link to a page of its own: no history, bookmark or forwarded address holds the token."""
    page = _link_page(request.capability)
    left = max(0, int((request.capability.expires_at - timezone.now()).total_seconds()))
    response = redirect(page)
    response.set_cookie(
        capabilities.FORM_COOKIE,
        token,
        max_age=left or 3600,
        path=page,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _link_page(shown: Capability) -> str:
    return reverse("link-form", args=[capabilities.public_id(shown)])


def _show(request: HttpRequest, token: str, language: str) -> HttpResponse:
    if request.capability.used_at is not None:
        if request.capability.kind in LINKS:
            return kiosk_page(request, language, "rating_thanks.html")
        return redirect("rating-thanks", token)
    if not handover.opens_here(request):
        return kiosk_page(request, language, "rating_closed.html", status=410)
    texts = texts_of(drafts.resumed(request.capability), FormKey.parse(request.capability.detail).instrument)
    return _lines(request, token, language, texts=texts, errors={}, submission_id=uuid.uuid4())


def _receive(request: HttpRequest, token: str, language: str) -> HttpResponse:
    if not handover.takes_answers(request.capability):
        return kiosk_page(request, language, "rating_closed.html", status=410)
    foreign = handover.is_in_another_handover(request)
    kept = keep(request.capability, request.POST, language, foreign=foreign)
    if kept.errors and (foreign or request.capability.revoked_at is not None):
        return kiosk_page(request, language, "rating_closed.html", status=410)
    if kept.errors:
        again = {"texts": kept.texts, "errors": kept.errors, "submission_id": kept.submission_id}
        return _lines(request, token, language, **again)
    if kept.outcome in {Receipt.CONFLICT, Receipt.TOO_MANY}:
        return kiosk_page(request, language, "rating_conflict.html", status=409, kept=kept.outcome == Receipt.CONFLICT)
    link = request.capability.kind in LINKS
    response = _lead_on(request, token) if link else redirect("rating-thanks", token)
    response.status_code = 303
    return response


@dataclass(frozen=True)
class Kept:
    """What became of a posted form: an outcome, or the words about what is missing, by item key."""

    submission_id: uuid.UUID
    outcome: Receipt | None = None
    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def keep(shown: Capability, posted: QueryDict, language: str, *, foreign: bool = False) -> Kept:
    """Read a form's fields, and keep the answer if it is whole; `foreign`: the device is in another hand-over."""
    instrument = FormKey.parse(shown.detail).instrument
    texts = posted_marks(posted, instrument.items)
    marks, errors = parsed_marks(texts, instrument)
    submission_id = _submission_id(shown, posted)
    if errors:
        return Kept(submission_id, texts=texts, errors=errors)
    device_time = posted.get("device_time", "")
    # Whose words the client saw, also when the pack was withdrawn or its licence ended meanwhile.
    words = answered_words(shown, posted, language)
    outcome = pending_answers.submit_answer(
        capability=shown,
        marks=[marks[key] for key in instrument.items],
        submission_id=submission_id,
        device_time=device_time if DEVICE_TIME.fullmatch(device_time) else "",
        foreign=foreign,
        **words,
    )
    return Kept(submission_id, outcome)


def answered_words(shown: Capability, posted: QueryDict, language: str) -> dict[str, str]:
    """Pack and language of a posted form."""
    form, name = FormKey.parse(shown.detail), posted.get("pack", "")
    return words_answered(organisation_id=shown.organisation_id, form=form, language=language, name=name)


def _submission_id(shown: Capability, posted: QueryDict) -> uuid.UUID:
    """The form's own id; for a missing or broken one always the same of this token, so that repeats stay safe."""
    try:
        return uuid.UUID(posted.get("submission_id", ""))
    except ValueError:
        return uuid.uuid5(uuid.NAMESPACE_OID, bytes(shown.token_hash).hex())


def _lines(request, token, language, *, texts=None, errors=None, submission_id="", empty=False) -> HttpResponse:
    shown, texts, errors = request.capability, texts or {}, errors or {}
    form = FormKey.parse(shown.detail)
    instrument = form.instrument
    chosen = choose_wording(organisation_id=shown.organisation_id, form=form, language=language)
    errors = {key: chosen.around.get("missing", said) if texts[key] == "" else said for key, said in errors.items()}
    context = {
        "is_choice": instrument.is_choice,
        **for_whom(form, shown, handover_here(request), nameless=empty),
        "missing": chosen.around.get("missing") or missing_words(instrument),
        "wording": chosen.words,
        "pack": chosen.pack,
        "answers_language": chosen.answers_language,
        "items": _rows(chosen, instrument, texts, errors),
        "errors": [f"{item.label}: {errors[item.key]}" for item in chosen.words.items if item.key in errors],
        "token": token,
        "submission_id": submission_id,
        "form_detail": shown.detail,
        "seal_to": sealed_answers.public_key(),
        "shell": empty,
        "numbers": shown.organisation.form_speaks_numbers,
        **({} if empty else _addresses(shown, token)),
    }
    return kiosk_page(request, language, "rating_form.html", 422 if errors else 200, chosen, **context)


def _rows(chosen: Chosen, instrument: Instrument, texts: dict[str, str], errors: dict[str, str]) -> list[dict]:
    """The lines as the page shows them, with the places on them where the pack says those."""
    lines = lines_of(chosen.words, instrument, texts, errors)
    return [{**line, "places": places_on(line, chosen)} for line in lines]


def _addresses(shown: Capability, token: str) -> dict[str, str]:
    """Where the page sends to. The post goes to the token itself, so that a lost cookie loses no answer."""
    post_url = reverse("rating-form", args=[token])
    # A form that came ahead, or after the end, has no session that could keep a part of it.
    of_no_session = shown.kind in (CapabilityKind.AHEAD, CapabilityKind.FOLLOW_UP)
    later = {} if of_no_session else {"later_url": reverse("rating-save-draft", args=[token])}
    if shown.kind in LINKS:
        started_url = reverse("form-started", args=[token])
        return {"post_url": post_url, "thanks_url": _link_page(shown), "started_url": started_url, **later}
    here = {"thanks_url": reverse("rating-thanks", args=[token]), "keep_url": reverse("rating-marks", args=[token])}
    return {"post_url": post_url, **here, **later}


def kiosk_page(
    request: HttpRequest, language: str, template: str, status: int = 200, chosen: Chosen | None = None, **context
) -> HttpResponse:
    """A page of the kiosk, rendered at once: the language is the client's own only in here.

    Where that is none of ours, the words around the form are those that its pack brings; `chosen` if it is known.
    """
    shown = request.capability
    form = FormKey.parse(shown.detail)
    chosen = chosen or words_around(organisation_id=shown.organisation_id, form=form, language=language)
    context = {
        "language": chosen.language,
        "direction": chosen.direction,
        "ui": chosen.around,
        "instrument": form.part,
        "closing": closing_words(request.capability.closing),
        **_surroundings(request.capability),
        **context,
    }
    response = render(request, f"sessions_app/{template}", context, status=status)
    response["Content-Language"] = context["language"]
    return response


def _surroundings(shown: Capability) -> dict[str, Any]:
    """On the client's own device there is nothing to unlock, but somebody to answer for the data."""
    if shown.kind not in LINKS:
        return {"unlock_url": reverse("unlock")}
    organisation = shown.organisation
    return {
        "for_link": True,
        "withdrawn": shown.revoked_at is not None,
        "responsible": organisation.name,
        "contact": organisation.privacy_contact,
    }


def private(response: HttpResponse) -> HttpResponse:
    """An answer whose address holds a token."""
    response["Referrer-Policy"] = "no-referrer"
    response.setdefault("Content-Language", translation.get_language())
    return response
