"""A session's own page: where it stands, and all that can be done with it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.services.undo import sign_state
from organisations.views.form_pages import tell_kept, tell_saved
from organisations.views.undo import tell_done
from sessions_app.forms.decision import document_forms
from sessions_app.forms.goal import GoalMarksForm
from sessions_app.forms.session import MoveForm, ReasonForm, SessionEditForm, SkipForm
from sessions_app.forms.session_end import next_form
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import Skipped
from sessions_app.services import corrections, forms_due, goals, kept_photos, series_by_age, session_steps, sessions
from sessions_app.services.draft_rows import unfinished_of_session
from sessions_app.services.handbook_scripts import script_at
from sessions_app.services.pending_answers import pending_answers_of
from sessions_app.services.periodic_forms import forms_to_ask_for
from sessions_app.services.ratings import skip_form
from sessions_app.services.undo import agreed_now, state_before_finishing
from sessions_app.texts.instruments import BAND_NAMES, periodic_words
from sessions_app.texts.practice_partner import PARTNERS
from sessions_app.views.shared import attempt, form_of, form_page, posted, session_of
from sessions_app.wording.choice import choose_wording


@requires(Can.RECORD_SESSION)
def session_flow(request, session_id):
    """Where the session stands and its next action; coming back from a form leads on to its result."""
    session = session_of(request, session_id, "session.view")
    ratings = forms_due.ratings_of(session)
    back = request.GET.get("back", "")
    if back in ratings and session.voided_at is None and FormKey.parse(back).is_of_session:
        return redirect("session-result", session.pk, back)
    people, now = forms_due.raters_of(session.client), session_steps.current_step(session, ratings)
    labels = forms_due.labels_in(people)
    context = {
        "session": session,
        "client": session.client,
        "ratings": ratings,
        "steps": session_steps.steps_of(session, ratings),
        "now": now,
        **document_forms(session, request.practitioner),
        **_asked(request, session, ratings, labels),
        **_goals(session, now),
        "not_due": session_steps.not_due_rows(session, ratings),
        "finish": next_form(session) if now == session_steps.NEXT else None,
        "offered": _offered(session, request.practitioner),
        **_raters(session, people, ratings),
        **_form_now(session, session_steps.SRS if now == session_steps.MEETING else session_steps.ORS),
    }
    return TemplateResponse(request, "sessions_app/session_flow.html", context)


def _asked(request, session, ratings, labels):
    """What waits for the practitioner: two answers to one form, answers nobody expected, half a form, periodic ones."""
    unfinished = unfinished_of_session(request.practitioner, session)
    photos = kept_photos.shown_of(session, request.practitioner)
    answers = session_steps.answer_rows(ratings, labels)
    return {
        "answers": [row | {"sheet": photos.get(row["key"])} for row in answers],
        "drafts": unfinished,
        "srs_begun": any(row.form.part == session_steps.SRS for row in unfinished),
        "periodic": [(form, periodic_words(form.instrument)) for form in forms_to_ask_for(session, ratings)],
        "conflicts": session_steps.conflict_rows(corrections.open_conflicts(session), labels),
        "pending_answers": session_steps.pending_answer_rows(pending_answers_of(session), labels),
    }


def _goals(session, now):
    """What is worked on, where the form that asks about it is handed over next; and the marks that goals get."""
    worked_on = goals.worked_on_at(session.pk) if now == session_steps.MEETING else []
    return {"worked_on": worked_on, "goal_form": GoalMarksForm(session=session)}


def _raters(session, people, ratings):
    """Who rates the client at this session, and who has not marked yet."""
    rows = session_steps.due_rows(
        forms_due.forms_due(session, people), session_steps.ORS, ratings, forms_due.labels_in(people)
    )
    answered = forms_due.parts_of_session(session, ratings)
    return {
        "raters": rows,
        "waiting_raters": session_steps.waiting_rows(session, rows),
        "srs_answered": session_steps.SRS in answered,
    }


def _form_now(session, part):
    """What is handed over now, what to say with it, and how to leave it out."""
    form, language = forms_due.own_form(session, part), session.client.form_language
    chosen = choose_wording(organisation_id=session.organisation_id, form=form, language=language)
    return {
        "form_now": form,
        "lapsed_on": chosen.lapsed_on,
        "script": script_at(session, form, chosen),
        "partners": PARTNERS.items() if session.client.is_practice and form.instrument.scored else (),
        "skip": SkipForm(initial={"instrument": form.key}),
    }


def _offered(session, by):
    """The words for the age band that fits this year, where its forms are not in use yet; "" where they are."""
    band = series_by_age.offered_band(session.episode, today_in(by.organisation))
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
        skip_form(session=session, form=which, reason=reason, by=request.practitioner)
        said = _("No %(form)s this time: %(reason)s.") % {"form": which.short, "reason": Skipped(reason).label}
        tell_done(request, said, undo=reverse("session-unskip", args=[session.pk, which.key]))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("session-flow", session.pk)


@requires(Can.RECORD_SESSION)
def session_next(request, session_id):
    session = session_of(request, session_id, "session.next_form")
    form = next_form(session, posted(request))
    if request.method == "POST" and form.is_valid():
        before = state_before_finishing(session, session.client)
        names = ("next_on", "next_at", "next_contact", "version")
        facts = {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}
        given = {"session": session, "by": request.practitioner, "skipped": form.skipped(), **facts}
        if attempt(form, sessions.finish_session, **given) is not None:
            _tell_finished(request, session, form, before)
            return redirect(reverse("today") + "?covered=1")
    steps = session_steps.steps_of(session, forms_due.ratings_of(session), session_steps.NEXT)
    context = {"session": session, "client": session.client, "steps": steps}
    return form_page(request, "sessions_app/session_next.html", form, **context)


def _tell_finished(request, session, form, before):
    """What was agreed, and the way back to before."""
    day, at = form.cleaned_data["next_on"], form.cleaned_data["next_at"]
    at_hour = f" {time_format(at, 'TIME_FORMAT')}" if at else ""
    when = f"{date_format(day, 'MONTH_DAY_FORMAT')}{at_hour}" if day else ""
    said = _("The session is finished. Next: %(when)s.") % {"when": when}
    was = sign_state(before | {"agreed": agreed_now(session.client_id)}, of=session.pk)
    undo = reverse("session-reopen", args=[session.pk])
    tell_kept(request, form)
    said = said if day else _("The session is finished. Nothing is agreed for next time.")
    tell_done(request, said, undo=undo, was=was)


@requires(Can.RECORD_SESSION)
def session_edit(request, session_id):
    session = session_of(request, session_id, "session.edit_form")
    form = SessionEditForm(posted(request), session=session)
    if request.method == "POST" and form.is_valid():
        by = request.practitioner
        if attempt(form, sessions.edit_session, session=session, by=by, **form.cleaned_data) is not None:
            tell_saved(request, form, _("The session is changed."))
            return redirect("session-flow", session.pk)
    return form_page(request, "sessions_app/session_edit.html", form, session=session, client=session.client)


@requires(Can.RECORD_SESSION)
def session_void(request, session_id):
    session = session_of(request, session_id, "session.void_form")
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        by = request.practitioner
        if attempt(form, corrections.void_session, session=session, by=by, **form.cleaned_data) is not None:
            said = _("The session no longer counts. It stays stored with your reason.")
            tell_done(request, said, undo=reverse("session-restore", args=[session.pk]))
            return redirect("client-detail", session.client_id)
    return form_page(request, "sessions_app/session_void.html", form, session=session, client=session.client)


@requires(Can.RECORD_SESSION)
def session_move(request, session_id):
    session = session_of(request, session_id, "session.move_form")
    by = request.practitioner
    form = MoveForm(posted(request), by=by, session=session)
    if request.method == "POST" and form.is_valid():
        chosen = form.given["episode"]
        was = {"from": str(session.episode_id), "to": str(chosen.pk), "started_on": str(chosen.started_on)}
        moved = attempt(form, corrections.move_session, session=session, by=by, **form.given)
        if moved is not None:
            undo = reverse("session-move-back", args=[session.pk])
            said = _("The session is moved. Both curves follow.")
            tell_done(request, said, undo=undo, was=sign_state(was, of=session.pk))
            return redirect("client-detail", moved.client_id)
    record_access("client.choices", [client.pk for client in form.offered], typed=form.typed)
    return form_page(request, "sessions_app/session_move.html", form, session=session, client=session.client)
