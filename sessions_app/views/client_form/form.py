"""The client's form, on a handed-over device or by link: opened by its token alone, without a session or a user."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from organisations.access import capability
from organisations.models import Capability, CapabilityKind
from organisations.tokens import capabilities
from sessions_app.forms.unlock import UnlockForm
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import Session
from sessions_app.services import drafts, form_openings, handover, pending_answers
from sessions_app.services import group_meetings as groups
from sessions_app.services.answered_sessions import AnsweredSession
from sessions_app.services.form_openings import FormOpening
from sessions_app.services.rater_queue import next_of
from sessions_app.services.ratings import Receipt
from sessions_app.texts.form_wording import known
from sessions_app.views.client_form.kiosk_pages import LINKS, form_page, kiosk_page, link_page, private
from sessions_app.views.client_form.lines import parsed_marks, posted_marks, texts_of
from sessions_app.views.client_form.prepared_pages import prepared_page
from sessions_app.wording.choice import choose_wording, words_answered

FORMS = (CapabilityKind.HANDOVER, *LINKS)
DEVICE_TIME = re.compile(r"[0-9T:.Z+-]{1,40}", re.ASCII)


@transaction.non_atomic_requests  # a savepoint is two round trips: after a fault TenantMiddleware undoes all of it
@csrf_exempt  # the token in the path is the authority; a form that stood open for hours must still be sent
@require_http_methods(["GET", "HEAD", "POST"])
@capability(*FORMS)
def rating_form(request, token):
    """The lines (GET), and what the client marked (POST: 303, 422 lines missing, 409, 410).

    Looking at a link only leads on to its own page, however often a mail's scanner looks.
    """
    if request.method == "POST":
        answered = pending_answers.lock_answered(request.capability)
        language = _language(request) if answered is None else answered.client.form_language
        with translation.override(known(language)):
            return private(_receive(request, token, language, answered))
    opening = form_openings.read_opening(request.capability)
    language = _language(request) if opening is None else opening.language
    with translation.override(known(language)):
        if request.capability.kind in LINKS:
            return private(_lead_on(request, token))
        return private(_show(request, token, language, opening))


@require_http_methods(["GET", "HEAD"])
@capability(*LINKS, kiosk=False)
def link_form(request, link_id):
    """A link's form, its thanks afterwards: the token is in this page's own cookie, not in its address."""
    if capabilities.public_id(request.capability) != link_id:
        raise Http404
    opening = form_openings.read_opening(request.capability)
    language = _language(request) if opening is None else opening.language
    with translation.override(known(language)):
        if request.method == "GET":
            pending_answers.note_opened(request.capability)
        return private(_show(request, request.COOKIES[capabilities.FORM_COOKIE], language, opening))


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
        return private(form_page(request, "", language, empty=True))


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
    page = link_page(request.capability)
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


def _show(request: HttpRequest, token: str, language: str, opening: FormOpening | None) -> HttpResponse:
    if request.capability.used_at is not None:
        if request.capability.kind in LINKS:
            return kiosk_page(request, language, "rating_thanks.html")
        return redirect("rating-thanks", token)
    if not handover.opens_here(request):
        return kiosk_page(request, language, "rating_closed.html", status=410)
    prepared = None if opening is None else prepared_page(request, token, opening)
    if prepared is not None:
        return prepared
    texts = texts_of(drafts.resumed(request.capability), FormKey.parse(request.capability.detail).instrument)
    return form_page(request, token, language, texts=texts, errors={}, submission_id=uuid.uuid4())


def _receive(request: HttpRequest, token: str, language: str, answered: AnsweredSession | None) -> HttpResponse:
    if not handover.takes_answers(request.capability):
        return kiosk_page(request, language, "rating_closed.html", status=410)
    foreign = handover.is_in_another_handover(request)
    kept = keep(request.capability, request.POST, language, foreign=foreign, answered=answered)
    if kept.errors and (foreign or request.capability.revoked_at is not None):
        return kiosk_page(request, language, "rating_closed.html", status=410)
    if kept.errors:
        again = {"texts": kept.texts, "errors": kept.errors, "submission_id": kept.submission_id}
        return form_page(request, token, language, **again)
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


def keep(
    shown: Capability,
    posted: QueryDict,
    language: str,
    *,
    foreign: bool = False,
    answered: AnsweredSession | None = None,
) -> Kept:
    """Read a form's fields, and keep the answer if it is whole; `foreign`: the device is in another hand-over.

    `answered`: the session that it is for, if it is locked already.
    """
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
        answered=answered,
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
