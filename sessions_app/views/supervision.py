"""One's own supervision: rate it, take a rating away, share with a colleague, end that."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import keeps_typed, requires
from organisations.roles import Can
from organisations.services.local_day import today_in
from sessions_app.forms.supervision import ShareForm, SupervisionForm
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import LASS
from sessions_app.models import SupervisionRating, SupervisionShare
from sessions_app.services import supervision
from sessions_app.views.client_form.lines import lines_of, parsed_marks, posted_marks
from sessions_app.views.shared import attempt, posted
from sessions_app.wording.choice import choose_wording, words_answered

FORM = FormKey(LASS.key)


@keeps_typed
@requires(Can.RECORD_SESSION)
def supervision_rate(request):
    """Three lines about one hour of supervision, in the language of whoever rates, in a pack's words if any."""
    about = {"organisation_id": request.practitioner.organisation_id, "form": FORM, "language": get_language() or ""}
    chosen = choose_wording(**about)
    today = today_in(request.practitioner.organisation)
    form = SupervisionForm(posted(request), initial={"held_on": today, "submission_id": uuid.uuid4()})
    texts = posted_marks(request.POST, LASS.items) if form.is_bound else {}
    marks, errors = parsed_marks(texts, LASS)
    if form.is_bound and form.is_valid() and not errors:
        words = words_answered(**about, name=request.POST.get("pack", ""))
        given = {"marks": [marks[key] for key in LASS.items], "words": words, "by": request.practitioner}
        if attempt(form, supervision.rate_supervision, **given, **form.cleaned_data) is not None:
            messages.success(request, _("Kept. Only you see it, and whoever you share it with."))
            return redirect("supervision")
    context = {"form": form, "wording": chosen.words, "pack": chosen.pack, "language": chosen.language}
    context["items"] = lines_of(chosen.words, LASS, texts, errors)
    context["errors"] = [f"{item.label}: {errors[item.key]}" for item in chosen.words.items if item.key in errors]
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "sessions_app/supervision_rate.html", context, status=status)


@require_POST
@requires(Can.RECORD_SESSION)
def supervision_remove(request, supervision_id):
    """One's own only: what others share is looked at, never changed."""
    own = SupervisionRating.objects.visible_to(request.practitioner).filter(practitioner=request.practitioner)
    supervision.remove_supervision(rating=get_object_or_404(own, pk=supervision_id), by=request.practitioner)
    messages.success(request, _("Taken away."))
    return redirect("supervision")


@require_POST
@requires(Can.RECORD_SESSION)
def supervision_share(request):
    form = ShareForm(request.POST, by=request.practitioner)
    try:
        form.full_clean()
        if form.is_valid():
            supervision.share_supervision(with_whom=form.cleaned_data["shared_with"], by=request.practitioner)
            messages.success(request, _("Shared. You can end it whenever you want."))
        else:
            messages.error(request, _("Choose a colleague."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("supervision")


@require_POST
@requires(Can.RECORD_SESSION)
def supervision_share_end(request, share_id):
    shares = SupervisionShare.objects.visible_to(request.practitioner).filter(practitioner=request.practitioner)
    supervision.end_share(share=get_object_or_404(shares, pk=share_id), by=request.practitioner)
    messages.success(request, _("Ended. Your ratings are yours alone again."))
    return redirect("supervision")
