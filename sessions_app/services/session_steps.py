"""Where a session stands: ORS, talk about it, session, SRS, next time; children have forms of their own."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions_app.measures.instruments.by_age import counts_for
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME, FormKey
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import Attendance, ConflictingAnswer, PendingAnswer, PendingReason, Rating, Session
from sessions_app.services.forms_due import band_of, own_form, parts_of_session
from sessions_app.services.rhythms import not_due_until
from sessions_app.texts.instruments import face_name, form_name, instrument_name, rater_words
from sessions_app.texts.verdict import points

ORS, TALK, MEETING, SRS, NEXT = OUTCOME, "talk", "session", ALLIANCE, "next"
ORDER = (ORS, TALK, MEETING, SRS, NEXT)


_WHY_HELD = {
    PendingReason.AHEAD: gettext_lazy("an answer was sent ahead more than a week before"),
    PendingReason.WITHDRAWN: gettext_lazy("an answer came after the form was withdrawn"),
    PendingReason.CLOSED: gettext_lazy(
        "an answer came after the tablet was unlocked or handed over anew, or the session taken out or moved"
    ),
    PendingReason.ABSENT: gettext_lazy("an answer came although the session is noted as not held"),
}


@dataclass(frozen=True)
class SessionStep:
    """One step of the bar; `state` is done, current, ahead or skipped; `url` where there is something to see."""

    key: str
    label: str
    state: str
    url: str = ""


@dataclass(frozen=True)
class DueRow:
    """One form of a session: whose, by which name, and its rating once it is answered."""

    form: FormKey
    who: str
    name: str
    rating: Rating | None


def current_step(session: Session, answered: Collection[str]) -> str:
    """The step that is to be taken now; "" when the session is finished or did not take place.

    `answered` holds the details of the forms with a rating.
    """
    if session.finished_at is not None or session.attendance != Attendance.ATTENDED:
        return ""
    parts = parts_of_session(session, answered)
    if SRS in parts or session.alliance_skipped:
        return NEXT
    if ORS in parts or session.outcome_skipped:
        return MEETING
    return ORS


def steps_of(session: Session, answered: Collection[str], current: str | None = None) -> list[SessionStep]:
    """The bar of steps. `answered` holds the details of the forms with a rating; a page may name its own `current`."""
    now = current_step(session, answered) if current is None else current
    place = ORDER.index(now) if now else len(ORDER)
    labels = {
        ORS: instrument_name(own_form(session, ORS).instrument_key),
        TALK: _("Talk about it"),
        MEETING: _("Session"),
        SRS: instrument_name(own_form(session, SRS).instrument_key),
        NEXT: _("Next time"),
    }
    parts = parts_of_session(session, answered)
    return [
        SessionStep(key, labels[key], _state(session, key, index, place, parts), _url(session, key, answered))
        for index, key in enumerate(ORDER)
    ]


def _state(session: Session, key: str, index: int, place: int, parts: Collection[str]) -> str:
    if index == place:
        return "current"
    if key in (ORS, TALK) and ORS not in parts and (session.outcome_skipped or index < place):
        return "skipped"
    if key == SRS and SRS not in parts and (session.alliance_skipped or index < place):
        return "skipped"
    # On the page of an earlier step, later ones may be done already.
    return "done" if index < place or key in parts else "ahead"


def _url(session: Session, key: str, answered: Collection[str]) -> str:
    part = ORS if key == TALK else key
    result = result_of(session, part, answered) if part in (ORS, SRS) else None
    if result is not None:
        return reverse("session-result", args=[session.pk, result.key])
    if key == MEETING and (ORS in parts_of_session(session, answered) or session.outcome_skipped):
        return reverse("session-flow", args=[session.pk])
    return ""


def result_of(session: Session, part: str, answered: Collection[str]) -> FormKey | None:
    """The answered form that a part's result page is about: the client's own, else what stands for it."""
    own = own_form(session, part)
    band = band_of(session)
    forms = sorted(FormKey.parse(detail) for detail in answered)
    found = [form for form in forms if form.part == part and form.is_of_session and counts_for(band, form)]
    return own if own in found else next(iter(found), None)


def answer_url(session: Session, form: FormKey) -> str:
    """Where an answer is looked at: its result, else (of periodic forms and of groups) the session's page."""
    if form.is_of_session:
        return reverse("session-result", args=[session.pk, form.key])
    return reverse("session-flow", args=[session.pk])


def due_rows(
    forms: Iterable[FormKey], part: str, ratings: Mapping[str, Rating], labels: Mapping[str, str]
) -> list[DueRow]:
    """The forms of one part of a session, as its page lists them."""
    return [
        DueRow(form, rater_words(form.rater, labels), instrument_name(form.instrument_key), ratings.get(form.key))
        for form in forms
        if form.part == part
    ]


@dataclass(frozen=True)
class NotDue:
    """One of the client's own forms, and the day from which it is due."""

    form: FormKey
    day: datetime.date


def not_due_rows(session: Session, answered: Collection[str]) -> list[NotDue]:
    """The client's own forms that the agreed rhythm does not ask for at a session that goes on, and until when."""
    if session.finished_at is not None or session.voided_at is not None:
        return []
    until = not_due_until(session)
    rows = [NotDue(own_form(session, part), day) for part, day in until.items()]
    return [row for row in rows if row.form.key not in answered]


def said_total(key: str, total: int | None) -> str:
    """A total as it is read: points, or whole numbers where answers are chosen (a percentage where there is one)."""
    if total is None:
        return ""
    about = FAMILY[key]
    return str(about.said(total)) if about.is_choice else points(total)


def waiting_rows(session: Session, rows: Iterable[DueRow]) -> list[DueRow]:
    """Who could still mark at a session; not the client whose form was left out."""
    if session.finished_at is not None:
        return []
    return [row for row in rows if row.rating is None and not (row.form.by_client and session.outcome_skipped)]


def answer_rows(ratings: dict[str, Rating], labels: Mapping[str, str]) -> list[dict]:
    """The answers of a session as its page lists them; a form without a score tells the face."""
    rows = []
    for detail, rating in sorted(ratings.items()):
        form = FormKey.parse(detail)
        scored = form.instrument.scored
        total = said_total(form.instrument_key, rating.total) if scored else face_name(form, rating.marks)
        name = form_name(form, labels, rating.pack)
        rows.append({"key": detail, "form": form, "name": name, "total": total, "rating": rating})
    return rows


def conflict_rows(conflicts: Iterable[ConflictingAnswer], labels: Mapping[str, str]) -> list[dict]:
    """Two answers of one form beside each other, for the decision."""
    rows = []
    for conflict in conflicts:
        form = FormKey(conflict.rating.instrument, conflict.rating.rater)
        first, second = (_marks(form, marks) for marks in (conflict.rating.marks, conflict.marks))
        given = first or points(conflict.rating.total)  # of the first one only the total may be known
        name = form_name(form, labels, conflict.rating.pack)
        rows.append({"pk": conflict.pk, "name": name, "first": given, "second": second})
    return rows


def waiting_answer_rows(found: Iterable[tuple[PendingAnswer, Session | None]], labels: Mapping[str, str]) -> list[dict]:
    """Answers that wait for the practitioner's word as the client's page lists them, without their marks."""
    return [
        {
            "name": form_name(FormKey(answer.instrument, answer.rater), labels, answer.pack),
            "why": _WHY_HELD[PendingReason(answer.why)],
            "at": answer.created_at,
            "session": session,
        }
        for answer, session in found
    ]


def pending_answer_rows(answers: Iterable[PendingAnswer], labels: Mapping[str, str]) -> list[dict]:
    """Answers that wait for the practitioner's word, as the session's page asks about them."""
    rows = []
    for answer in answers:
        form = FormKey(answer.instrument, answer.rater)
        rows.append(
            {
                "pk": answer.pk,
                "name": form_name(form, labels, answer.pack),
                "why": _WHY_HELD[PendingReason(answer.why)],
                "perhaps_others": answer.why == PendingReason.CLOSED,
                "at": answer.created_at,
                "marks": _marks(form, answer.marks),
            }
        )
    return rows


def _marks(form: FormKey, marks: list[int] | None) -> str:
    """The marks and their total: "6.2 · 7.1 · 5.8 · 7.2 = 26.3"; without a score the name of the face."""
    if not marks:
        return ""
    if not form.instrument.scored:
        return face_name(form, marks)
    if form.instrument.is_choice:
        return f"{' · '.join(str(mark) for mark in marks)} = {said_total(form.instrument_key, sum(marks))}"
    return f"{' · '.join(points(mark) for mark in marks)} = {points(sum(marks))}"
