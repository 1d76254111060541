"""Answers that staff write down for a client: keyed in from paper, or asked aloud; also those that are not finished."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from organisations.access import keeps_typed, requires
from organisations.roles import Can
from sessions_app.forms.rating import AnswerForm
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import EntryMode, Session
from sessions_app.services import drafts, forms_due, ratings, session_steps
from sessions_app.services.study_answers import refuse_withheld
from sessions_app.texts.instruments import form_name
from sessions_app.views.client_form.lines import lines_of, parsed_marks, posted_marks, texts_of
from sessions_app.views.shared import attempt, form_of, form_page, posted, session_of
from sessions_app.wording.choice import Chosen, choose_wording, words_answered
from sessions_app.wording.spoken import spoken_words


@keeps_typed
@requires(Can.RECORD_SESSION)
def rating_key_in(request, session_id, instrument):
    """The marks of a paper, or only its total; `keep` keeps the marks that are there for later."""
    session, which = session_of(request, session_id, "rating.key_in_form"), form_of(instrument)
    if back := _refused_in_study(request, session, which):
        return back
    if kept := _kept_unfinished(request, session, which, EntryMode.PAPER):
        return kept
    draft, chosen = drafts.draft_of(session.pk, which), _words_of(session, which)
    # The paper is the one that the first marks came from.
    initial = {"pack": draft.pack, **draft.given} if draft else {"pack": chosen.pack}
    form = AnswerForm(posted(request), which=which, chosen=chosen, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("entry_mode", "submission_id")}
        facts |= {"session": session, "form": which, "by": request.practitioner}
        facts["words"] = _words_answered(request, session, which)
        if attempt(form, ratings.record_rating, answer=form.answer, **facts) is not None:
            return redirect(session_steps.answer_url(session, which))
    return form_page(request, "sessions_app/rating_key_in.html", form, **_surroundings(session, which, draft, chosen))


@keeps_typed
@requires(Can.RECORD_SESSION)
def rating_read_aloud(request, session_id, instrument):
    """What to say, in the client's language, and large numbers to take the answers down."""
    session, which = session_of(request, session_id, "rating.read_aloud"), form_of(instrument)
    if back := _refused_in_study(request, session, which):
        return back
    if kept := _kept_unfinished(request, session, which, EntryMode.READ_ALOUD):
        return kept
    draft, chosen, refused = drafts.draft_of(session.pk, which), _words_of(session, which), []
    texts, errors = texts_of(draft.given if draft else {}, which.instrument), dict[str, str]()
    if request.method == "POST":
        texts = posted_marks(request.POST, which.instrument.items)
        marks, errors = parsed_marks(texts, which.instrument)
        refused = [] if errors else _refused_spoken(request, session, which, marks)
        if not errors and not refused:
            return redirect(session_steps.answer_url(session, which))
    context = _surroundings(session, which, draft, chosen) | _script(session, which, chosen)
    context |= {"items": lines_of(chosen.words, which.instrument, texts, errors), "errors": errors, "refused": refused}
    context["submission_id"] = _id_of(request)
    status = 422 if errors or refused else 200
    return TemplateResponse(request, "sessions_app/rating_read_aloud.html", context, status=status)


def _refused_in_study(request: HttpRequest, session: Session, which: FormKey) -> HttpResponse | None:
    """Back to the session where nobody here may see the answers, not even half of them; None elsewhere."""
    try:
        refuse_withheld(session, which)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("session-flow", session.pk)
    return None


def _refused_spoken(request: HttpRequest, session: Session, which: FormKey, marks: dict[str, int]) -> list:
    """Store what was said; the words of the refusal, none when it is stored."""
    try:
        ratings.record_rating(
            session=session,
            form=which,
            answer=ratings.answer_of([marks[key] for key in which.instrument.items], scored=which.instrument.scored),
            entry_mode=EntryMode.READ_ALOUD,
            submission_id=_id_of(request),
            by=request.practitioner,
            words=_words_answered(request, session, which),
        )
    except ValidationError as error:
        return error.messages
    return []


def _kept_unfinished(request: HttpRequest, session: Session, which: FormKey, mode: EntryMode) -> HttpResponse | None:
    """The way back after keeping what there is; None where that was not asked for, or a mark cannot be read."""
    if request.method != "POST" or "keep" not in request.POST:
        return None
    texts = posted_marks(request.POST, which.instrument.items)
    marks, errors = parsed_marks(texts, which.instrument)
    if any(texts[key].strip() for key in errors):
        return None
    try:
        words = _words_answered(request, session, which)
        drafts.keep_keyed(
            session=session, form=which, marks=marks, words=words, entry_mode=mode, by=request.practitioner
        )
        messages.success(request, _("Kept unfinished. It counts nowhere until all marks are there."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("session-flow", session.pk)


def _id_of(request: HttpRequest) -> UUID:
    """The page's own id, so that a double click stores one answer."""
    try:
        return UUID(request.POST.get("submission_id", ""))
    except ValueError:
        return uuid4()


def _words_of(session: Session, which: FormKey) -> Chosen:
    language = session.client.form_language
    return choose_wording(organisation_id=session.organisation_id, form=which, language=language)


def _words_answered(request: HttpRequest, session: Session, which: FormKey) -> dict[str, str]:
    """Pack and language of the words that stood on the page, also when their licence has ended meanwhile."""
    language, name = session.client.form_language, request.POST.get("pack", "")
    return words_answered(organisation_id=session.organisation_id, form=which, language=language, name=name)


def _script(session: Session, which: FormKey, chosen: Chosen) -> dict[str, Any]:
    """The words to read out, and whose they are."""
    is_choice = which.instrument.is_choice
    return {
        "wording": chosen.words,
        "pack": chosen.pack,
        "form_language": chosen.language,
        "direction": chosen.direction,
        "is_choice": is_choice,
        "spoken": None if is_choice else spoken_words(which, chosen),
    }


def _surroundings(session: Session, which: FormKey, draft: Any, chosen: Chosen) -> dict[str, Any]:
    return {
        "session": session,
        "client": session.client,
        "steps": session_steps.steps_of(session, forms_due.ratings_of(session), which.part),
        "which": which,
        "name": form_name(which, forms_due.labels_of(session.client), draft.pack if draft else chosen.pack),
        "draft": draft,
    }
