"""A session's own page: where it stands, and all that can be done with it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.audit import record_access
from organisations.days import today_in
from organisations.roles import Can
from organisations.views.form_pages import tell_saved
from sessions_app import flow
from sessions_app.form_names import BAND_NAMES
from sessions_app.form_ref import FormRef
from sessions_app.forms import MoveForm, NextForm, ReasonForm, SessionEditForm, SkipForm
from sessions_app.packs.choosing import choose_wording
from sessions_app.packs.saying import handover_words
from sessions_app.services import due_forms, new_series, notes, recording, revisions, starting
from sessions_app.services.held import held_for
from sessions_app.unfinished import unfinished_of
from sessions_app.views.loading import attempt, form_of, form_page, posted, session_of
from sessions_app.wellbeing import is_due


@requires(Can.RECORD_SESSION)
def session_flow(request, session_id):
    """Where the session stands and its next action; coming back from a form leads on to its result."""
    session = session_of(request, session_id, "session.view")
    ratings = due_forms.ratings_of(session)
    back = request.GET.get("back", "")
    if back in ratings and session.voided_at is None and FormRef.parse(back).is_of_session:
        return redirect("session-result", session.pk, back)
    people, now = due_forms.raters_of(session.client), flow.current_step(session, ratings)
    labels = due_forms.labels_in(people)
    context = {
        "session": session,
        "client": session.client,
        "ratings": ratings,
        "answers": flow.answer_rows(ratings, labels),
        "steps": flow.steps_of(session, ratings),
        "now": now,
        "notes": notes.notes_of(session),
        **_asked(request, session, ratings, labels),
        "offered": _offered(session, request.practitioner),
        **_raters(session, people, ratings),
        **_form_now(session, flow.SRS if now == flow.MEETING else flow.ORS),
    }
    return TemplateResponse(request, "sessions_app/session_flow.html", context)


def _asked(request, session, ratings, labels):
    """What waits for the practitioner: two answers to one form, answers nobody expected, half a form, WHO-5."""
    return {
        "unfinished": unfinished_of(request.practitioner, session=session),
        "who5_due": is_due(session, ratings),
        "conflicts": flow.conflict_rows(revisions.open_conflicts(session), labels),
        "held": flow.held_rows(held_for(session), labels),
    }


def _raters(session, people, ratings):
    """Who rates the client at this session, and who has not marked yet."""
    rows = flow.due_rows(due_forms.forms_due(session, people), flow.ORS, ratings, due_forms.labels_in(people))
    answered = due_forms.parts_of_session(session, ratings)
    return {"raters": rows, "waiting": flow.waiting_rows(session, rows), "srs_answered": flow.SRS in answered}


def _form_now(session, part):
    """What is handed over now, what to say with it, and how to leave it out."""
    form, language = due_forms.own_form(session, part), session.client.form_language
    chosen = choose_wording(organisation_id=session.organisation_id, form=form, language=language)
    return {
        "form_now": form,
        "lapsed_on": chosen.lapsed_on,
        "sentence": handover_words(form, chosen),
        "skip": SkipForm(initial={"instrument": form.detail}),
    }


def _offered(session, by):
    """The words for the age band that fits this year, where its forms are not in use yet; "" where they are."""
    band = new_series.offered_band(session.episode, session.client.birth_year, today_in(by.organisation))
    return BAND_NAMES[band] if band else ""


@require_POST
@requires(Can.RECORD_SESSION)
def session_skip(request, session_id):
    session = session_of(request, session_id, "session.skip")
    form = SkipForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose why there is none this time."))
        return redirect("session-flow", session.pk)
    which, reason = form_of(form.cleaned_data["instrument"]), form.cleaned_data["reason"]
    try:
        recording.skip_form(session=session, form=which, reason=reason, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("session-flow", session.pk)


@requires(Can.RECORD_SESSION)
def session_next(request, session_id):
    session = session_of(request, session_id, "session.next_form")
    client = session.client
    missing = [due_forms.own_form(session, part) for part in starting.missing_forms(session)]
    form = NextForm(posted(request), session=session, missing=missing)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("next_on", "next_at", "version")}
        done = attempt(
            form,
            starting.finish_session,
            session=session,
            by=request.practitioner,
            skipped=form.skipped(),
            **facts,
        )
        if done is not None:
            tell_saved(request, form, _("The session is finished."))
            return redirect("client-detail", client.pk)
    steps = flow.steps_of(session, due_forms.ratings_of(session), flow.NEXT)
    return form_page(request, "sessions_app/session_next.html", form, session=session, client=client, steps=steps)


@requires(Can.RECORD_SESSION)
def session_edit(request, session_id):
    session = session_of(request, session_id, "session.edit_form")
    form = SessionEditForm(posted(request), session=session)
    if request.method == "POST" and form.is_valid():
        by = request.practitioner
        if attempt(form, starting.edit_session, session=session, by=by, **form.cleaned_data) is not None:
            tell_saved(request, form, _("The session is changed."))
            return redirect("session-flow", session.pk)
    return form_page(request, "sessions_app/session_edit.html", form, session=session, client=session.client)


@requires(Can.RECORD_SESSION)
def session_void(request, session_id):
    session = session_of(request, session_id, "session.void_form")
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        by = request.practitioner
        if attempt(form, revisions.void_session, session=session, by=by, **form.cleaned_data) is not None:
            messages.success(request, _("The session no longer counts. It stays stored with your reason."))
            return redirect("client-detail", session.client_id)
    return form_page(request, "sessions_app/session_void.html", form, session=session, client=session.client)


@requires(Can.RECORD_SESSION)
def session_move(request, session_id):
    session = session_of(request, session_id, "session.move_form")
    by = request.practitioner
    form = MoveForm(posted(request), by=by, session=session)
    if request.method == "POST" and form.is_valid():
        moved = attempt(form, revisions.move_session, session=session, by=by, **form.given)
        if moved is not None:
            messages.success(request, _("The session is moved. Both curves follow."))
            return redirect("client-detail", moved.client_id)
    record_access("client.choices", [episode.client_id for episode in form.offered], typed=form.typed)
    return form_page(request, "sessions_app/session_move.html", form, session=session, client=session.client)
