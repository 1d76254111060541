"""Where a session stands: ORS, talk about it, session, SRS, next time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from sessions_app.forms import INSTRUMENT_NAMES
from sessions_app.held import HeldAnswer, Why
from sessions_app.measures.instruments import FAMILY
from sessions_app.models import Attendance, ConflictingAnswer, Rating, Session
from sessions_app.sentences import points
from sessions_app.services.recording import has_scored_form

ORS, TALK, MEETING, SRS, NEXT = "ors", "talk", "session", "srs", "next"
ORDER = (ORS, TALK, MEETING, SRS, NEXT)


@dataclass(frozen=True)
class Step:
    """One step of the bar; `state` is done, current, ahead or skipped; `url` where there is something to see."""

    key: str
    label: str
    state: str
    url: str = ""


def current_step(session: Session, answered: Collection[str]) -> str:
    """The step that is to be taken now; "" when the session is finished or did not take place."""
    if session.finished_at is not None or session.attendance != Attendance.ATTENDED:
        return ""
    if not has_scored_form(session):
        return NEXT
    if "srs" in answered or session.srs_skipped:
        return NEXT
    if "ors" in answered or session.ors_skipped:
        return MEETING
    return ORS


def steps_of(session: Session, answered: Collection[str], current: str | None = None) -> list[Step]:
    """The bar of steps. `answered` holds the instrument keys with a rating; a page may name its own `current`."""
    now = current_step(session, answered) if current is None else current
    place = ORDER.index(now) if now else len(ORDER)
    labels = {
        ORS: INSTRUMENT_NAMES["ors"],
        TALK: _("Talk about it"),
        MEETING: _("Session"),
        SRS: INSTRUMENT_NAMES["srs"],
        NEXT: _("Next time"),
    }
    return [
        Step(key, str(labels[key]), _state(session, key, index, place, answered), _url(session, key, answered))
        for index, key in enumerate(ORDER)
    ]


def _state(session: Session, key: str, index: int, place: int, answered: Collection[str]) -> str:
    if index == place:
        return "current"
    if key in (ORS, TALK) and "ors" not in answered and (session.ors_skipped or index < place):
        return "skipped"
    if key == SRS and "srs" not in answered and (session.srs_skipped or index < place):
        return "skipped"
    # On the page of an earlier step, later ones may be done already.
    return "done" if index < place or key in answered else "ahead"


def _url(session: Session, key: str, answered: Collection[str]) -> str:
    instrument = ORS if key == TALK else key
    if instrument in answered:
        return reverse("session-result", args=[session.pk, instrument])
    if key == MEETING and ("ors" in answered or session.ors_skipped):
        return reverse("session-flow", args=[session.pk])
    return ""


def answer_rows(ratings: dict[str, Rating]) -> list[dict]:
    """The answers of a session as its page lists them."""
    return [
        {"key": key, "name": INSTRUMENT_NAMES[key], "total": said_total(key, rating.total), "rating": rating}
        for key, rating in sorted(ratings.items())
    ]


def said_total(key: str, total: int | None) -> str:
    """A total as it is read: points, but WHO-5 of 100."""
    if total is None:
        return ""
    return str(4 * total) if FAMILY[key].is_choice else points(total)


def conflict_rows(conflicts: Iterable[ConflictingAnswer]) -> list[dict]:
    """Two answers of one form beside each other, for the decision."""
    return [
        {
            "pk": conflict.pk,
            "instrument": conflict.rating.instrument,
            "first": _marks(conflict.rating.marks, conflict.rating.total),
            "second": _marks(conflict.marks, sum(conflict.marks)),
        }
        for conflict in conflicts
    ]


def held_rows(answers: Iterable[HeldAnswer]) -> list[dict]:
    """Answers that wait for the practitioner's word, as the session's page asks about them."""
    return [
        {
            "pk": answer.pk,
            "name": INSTRUMENT_NAMES.get(answer.instrument, answer.instrument),
            "withdrawn": answer.why == Why.WITHDRAWN,
            "at": answer.created_at,
            "marks": _marks(answer.marks, sum(answer.marks)),
        }
        for answer in answers
    ]


def _marks(marks: list[int] | None, total: int | None) -> str:
    """The marks and their total: "6.2 · 7.1 · 5.8 · 7.2 = 26.3"; without a score the number of the face."""
    if total is None:
        return " · ".join(str(mark) for mark in marks or [])
    lines = " · ".join(points(mark) for mark in marks or [])
    return f"{lines} = {points(total)}" if lines else points(total)
