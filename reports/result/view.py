"""Right after a form: what practitioner and client look at together."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404
from django.template.response import TemplateResponse

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.models import Practitioner
from organisations.roles import Can
from organisations.services.local_day import today_in
from reports.charts.lines_svg import line_rows
from reports.client_page.course import notes_of
from reports.client_page.parts import chart_of, series_until
from reports.client_page.raters_together import SaidTogether, raters_together
from reports.client_page.record_head import record_head
from sessions_app.forms.decision import document_forms
from sessions_app.forms.session_end import next_form
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME, FormKey
from sessions_app.measures.reading import Reading
from sessions_app.measures.rules import BY_KEY
from sessions_app.measures.series import Series
from sessions_app.models import Rating, Session
from sessions_app.services.courses import Curve, load_curves
from sessions_app.services.forms_due import forms_due, labels_in, labels_of, own_form, raters_of, ratings_of
from sessions_app.services.session_steps import (
    NEXT,
    SRS,
    TALK,
    current_step,
    due_rows,
    not_due_rows,
    steps_of,
    waiting_rows,
)
from sessions_app.texts.alliance import AllianceSaid, say_alliance
from sessions_app.texts.instruments import face_name, rater_words
from sessions_app.texts.verdict import ITEMS, VerdictText, say

ALONG = ("client__contact", "client__second_contact", "episode__service", "episode__client__organisation")


@requires(Can.RECORD_SESSION)
def session_result(request, session_id, instrument):
    """After an outcome form: sentence, curve, lines, questions, words. After the alliance form: lines, alliance, words.

    A form without a score shows the chosen face.
    """
    by = request.practitioner
    session = _seen(by, session_id)
    form = _form(instrument)
    record_access("session.result", [session.client_id])
    ratings = ratings_of(session)
    context = {
        "session": session,
        "steps": steps_of(session, ratings, TALK if form.part == OUTCOME else SRS),
        "client": session.client,
        "form": form,
        "instrument": form.part,
        "rating": ratings.get(form.key),
        **document_forms(session, by, form.part),
        **(_scored(session, form, by) if form.instrument.scored else _face(form, ratings.get(form.key))),
        **_next(session, form, ratings),
    }
    return TemplateResponse(request, "reports/session_result.html", context)


def _seen(by: Practitioner, session_id: UUID) -> Session:
    """A session that counts and that the practitioner may see, else 404."""
    found = _seen_sessions(by, session_id)
    if not found:
        raise Http404
    found[0].organisation = by.organisation  # read with the practitioner
    return found[0]


@written_once
def _seen_sessions(by: Practitioner, session_id: UUID):
    return Session.objects.visible_to(by).valid().filter(pk=session_id).select_related(*ALONG)


def _form(detail: str) -> FormKey:
    try:
        form = FormKey.parse(detail)
    except ValueError as error:
        raise Http404 from error
    if form.part not in (OUTCOME, ALLIANCE):
        raise Http404
    return form


def _scored(session: Session, form: FormKey, by: Practitioner) -> dict[str, Any]:
    """What the form's series said up to this session; 404 for a form that has no series here."""
    curves = [curve for curve in load_curves(session.episode) if curve.period.holds(session.held_on)]
    found = (curve for curve in curves if _reads(curve, form))
    curve = next(found, None)
    if curve is None:
        raise Http404
    upto, with_srs = series_until(curve.series, str(session.pk)), form.part == ALLIANCE
    reading, notes = Reading(upto), notes_of(session.episode, by)
    said = _said(reading, form)
    return {
        "said": said,
        "who": "" if form.by_client else rater_words(form.rater, labels_of(session.client)),
        "number": len(upto.sessions),
        "chart": chart_of(session.episode, upto, notes=notes, with_srs=with_srs, to_client=True),
        "record": record_head(
            session.client,
            by.organisation,
            day=today_in(by.organisation),
            rules_version=upto.rules.version,
        ),
        "lines": _lines(upto, form),
        "rules": _rules(reading, form) if form.by_client else (),
        "together": _together(session, curves) if form.part == OUTCOME else None,
        "measured": getattr(upto.sorted()[-1], form.part),
    }


def _together(session: Session, curves: Sequence[Curve]) -> SaidTogether | None:
    """What all who have rated the client at this session say together; shown once nobody is waited for."""
    if len(curves) < 2:
        return None
    return raters_together(curves, labels_of(session.client), key=str(session.pk))


def _reads(curve: Curve, form: FormKey) -> bool:
    """Whether a curve is the one that a form's answers belong to."""
    if form.part == OUTCOME:
        return curve.form == form
    return curve.is_main and form.by_client and curve.series.of.alliance == form.instrument_key


def _said(reading: Reading, form: FormKey) -> VerdictText | AllianceSaid | dict[str, Any]:
    """To the client in words for the client; of another rater's curve what it says, without questions."""
    if form.part == ALLIANCE:
        return say_alliance(reading.series)
    said = say(reading.verdict)
    return said if form.by_client else {"result": said.sentence, "result_detail": said.detail, "questions": ()}


def _rules(reading: Reading, form: FormKey) -> list[str]:
    """The rules about this form that say something now: the handbook has suggestions for each."""
    return [span.rule for span in reading.open_alerts if BY_KEY[span.rule].measure == form.part]


def _face(form: FormKey, rating: Rating | None) -> dict[str, Any]:
    marks = rating.marks if rating else None
    return {"face": marks[0] if marks else None, "face_name": face_name(form, marks), "measured": None}


def _next(session: Session, form: FormKey, ratings: Mapping[str, Rating]) -> dict[str, Any]:
    """What comes next: those who have not rated the client yet, the alliance form, or the end of the session."""
    people = raters_of(session.client)
    rows = due_rows(forms_due(session, people), OUTCOME, ratings, labels_in(people))
    finish = next_form(session) if current_step(session, ratings) == NEXT else None
    rest = {"finish": finish, "not_due": not_due_rows(session, ratings)}
    return {"form_now": own_form(session, ALLIANCE), "waiting_raters": waiting_rows(session, rows), **rest}


def _lines(series: Series, form: FormKey):
    """Each line today beside the time before; empty where only a total is known."""
    marks = [getattr(measured, f"{form.part}_marks") for measured in series.sorted()]
    if marks[-1] is None:
        return ()
    before = next((earlier for earlier in reversed(marks[:-1]) if earlier), None)
    labels = [str(ITEMS[key]) for key in form.instrument.items]
    return line_rows(labels, marks[-1], before)
