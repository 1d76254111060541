"""Answers that staff correct, or decide between."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from sessions_app.forms.rating import CorrectionForm
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import ConflictingAnswer, Rating
from sessions_app.services import corrections, forms_due, kept_photos, session_steps
from sessions_app.texts.instruments import form_name
from sessions_app.views.shared import attempt, form_page, posted
from sessions_app.wording.choice import choose_wording


@keeps_typed
@requires(Can.RECORD_SESSION)
def rating_correct(request, rating_id):
    """A new revision of an answer, with the reason."""
    ratings = Rating.objects.visible_to(request.practitioner).select_related("session__client")
    rating = corrections.newest_of(get_object_or_404(ratings, pk=rating_id))
    session, which = rating.session, FormKey(rating.instrument, rating.rater)
    record_access("rating.correct_form", [session.client_id])
    language = session.client.form_language
    chosen = choose_wording(organisation_id=session.organisation_id, form=which, language=language)
    form = CorrectionForm(posted(request), which=which, chosen=chosen, rating=rating)
    if form.leaves_stored:
        return redirect(session_steps.answer_url(session, which))
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("reason", "version")} | {"by": request.practitioner}
        if attempt(form, corrections.correct_rating, rating=rating, answer=form.answer, **facts) is not None:
            messages.success(request, _("The answer is corrected. The first one stays stored."))
            return redirect(session_steps.answer_url(session, which))
    name = form_name(which, forms_due.labels_of(session.client), rating.pack)
    sheet = kept_photos.shown_of(session, request.practitioner).get(which.key)
    context = {"session": session, "client": session.client, "name": name, "sheet": sheet}
    return form_page(request, "sessions_app/rating_correct.html", form, **context)


@require_POST
@requires(Can.RECORD_SESSION)
def conflict_decide(request, conflict_id):
    """`take` is "second" or "first"."""
    conflicts = ConflictingAnswer.objects.visible_to(request.practitioner).select_related("rating__session")
    conflict = get_object_or_404(conflicts, pk=conflict_id)
    session = conflict.rating.session
    record_access("rating.decide", [session.client_id])
    take = {"first": False, "second": True}.get(request.POST.get("take"))
    if take is None:
        messages.error(request, _("Choose one of the two answers."))
        return redirect("session-flow", session.pk)
    try:
        corrections.decide_conflict(conflict=conflict, take=take, by=request.practitioner)
        messages.success(request, _("Decided. Both answers stay stored."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("session-flow", session.pk)
