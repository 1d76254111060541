"""A client stops in mid-form: what is marked is kept for the same day, and the device shows nothing of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from organisations.access import capability
from organisations.models import CapabilityKind
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.services import drafts, handover, pending_answers
from sessions_app.texts.form_wording import known
from sessions_app.views.client_form.form import answered_words, unlock_here
from sessions_app.views.client_form.kiosk_pages import kiosk_page, private
from sessions_app.views.client_form.lines import parsed_marks, posted_marks


@csrf_exempt  # the token in the path is the authority, as for the form itself
@require_http_methods(["GET", "HEAD", "POST"])
@capability(CapabilityKind.HANDOVER, CapabilityKind.LINK)
def rating_save_draft(request, token):
    """Keeps the marks that are there (POST: 303; 410 for a form that is closed); says so, and nothing else (GET)."""
    language, shown = pending_answers.form_language(request.capability), request.capability
    if language is None:
        raise Http404
    with translation.override(known(language)):
        if request.method != "POST":
            here = unlock_here(request) if shown.kind == CapabilityKind.HANDOVER else {}
            return private(kiosk_page(request, language, "draft_saved.html", **here))
        if shown.used_at is not None or not handover.opens_here(request):
            return private(kiosk_page(request, language, "rating_closed.html", status=410))
        drafts.keep_from_device(capability=shown, **_given(request, language))
    response = private(redirect("rating-save-draft", token))
    response.status_code = 303
    return response


@csrf_exempt  # as the form itself
@require_POST
@capability(CapabilityKind.HANDOVER)
def rating_marks(request, token):
    """Keeps what is marked so far while the client goes on (204; 410 for a form that is closed)."""
    shown, language = request.capability, pending_answers.form_language(request.capability)
    if language is None:
        raise Http404
    if shown.used_at is not None or not handover.opens_here(request):
        return private(HttpResponse(status=410))
    drafts.keep_while_marking(capability=shown, **_given(request, language))
    return private(HttpResponse(status=204))


def _given(request, language):
    """The marks that can be read, and whose words they answer."""
    instrument = FormKey.parse(request.capability.detail).instrument
    marks, _missing = parsed_marks(posted_marks(request.POST, instrument.items), instrument)
    return {"marks": marks, "words": answered_words(request.capability, request.POST, language)}
