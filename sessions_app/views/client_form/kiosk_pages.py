"""The pages of a client's form as they are rendered: in the client's own language, for whoever holds the token."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from organisations.models import Capability, CapabilityKind, handover_here
from organisations.tokens import capabilities
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import Instrument
from sessions_app.services import sealed_answers
from sessions_app.texts.closing import closing_words
from sessions_app.views.client_form.for_whom import for_whom
from sessions_app.views.client_form.lines import lines_of, missing_words
from sessions_app.wording.choice import Chosen, choose_wording
from sessions_app.wording.interface import places_on, words_around

LINKS = (CapabilityKind.LINK, CapabilityKind.AHEAD, CapabilityKind.FOLLOW_UP)


def link_page(shown: Capability) -> str:
    """The page of a link, whose address opens nothing."""
    return reverse("link-form", args=[capabilities.public_id(shown)])


def form_page(
    request, token, language, *, texts=None, errors=None, submission_id="", empty=False, chosen=None
) -> HttpResponse:
    """The lines of a form with what was marked and what is wrong; `empty`: for a device that keeps it for anybody."""
    shown, texts, errors = request.capability, texts or {}, errors or {}
    form = FormKey.parse(shown.detail)
    instrument = form.instrument
    chosen = chosen or choose_wording(organisation_id=shown.organisation_id, form=form, language=language)
    context = {
        "is_choice": instrument.is_choice,
        **for_whom(form, shown, handover_here(request), nameless=empty),
        "missing": chosen.around.get("missing") or missing_words(instrument),
        "wording": chosen.words,
        "pack": chosen.pack,
        "answers_language": chosen.answers_language,
        **_marked(chosen, instrument, texts, errors),
        "token": token,
        "submission_id": submission_id,
        "form_detail": shown.detail,
        "seal_to": sealed_answers.public_key(),
        "shell": empty,
        "numbers": shown.organisation.form_speaks_numbers,
        **({} if empty else _addresses(shown, token)),
    }
    return kiosk_page(request, language, "rating_form.html", 422 if errors else 200, chosen, **context)


def _marked(chosen: Chosen, instrument: Instrument, texts: dict[str, str], errors: dict[str, str]) -> dict[str, list]:
    """The lines as the page shows them, with the places on them where the pack says those; and what is wrong."""
    errors = {key: chosen.around.get("missing", said) if texts[key] == "" else said for key, said in errors.items()}
    lines = lines_of(chosen.words, instrument, texts, errors)
    return {
        "items": [{**line, "places": places_on(line, chosen)} for line in lines],
        "errors": [f"{item.label}: {errors[item.key]}" for item in chosen.words.items if item.key in errors],
    }


def _addresses(shown: Capability, token: str) -> dict[str, str]:
    """Where the page sends to. The post goes to the token itself, so that a lost cookie loses no answer."""
    post_url = reverse("rating-form", args=[token])
    # A form that came ahead, or after the end, has no session that could keep a part of it.
    of_no_session = shown.kind in (CapabilityKind.AHEAD, CapabilityKind.FOLLOW_UP)
    later = {} if of_no_session else {"later_url": reverse("rating-save-draft", args=[token])}
    if shown.kind in LINKS:
        started_url = reverse("form-started", args=[token])
        return {"post_url": post_url, "thanks_url": link_page(shown), "started_url": started_url, **later}
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
