"""Right after a form: what practitioner and client look at together."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from organisations.access import requires
from organisations.audit import record_access
from organisations.roles import Can
from reports.charts.lines_svg import line_rows
from reports.courses import notes_of
from reports.pages import chart_of
from sessions_app.alliance import say_alliance
from sessions_app.flow import SRS, TALK, steps_of
from sessions_app.measures import instruments
from sessions_app.measures.series import Series
from sessions_app.measures.verdict import verdict
from sessions_app.models import Note, NoteKind, Session
from sessions_app.sentences import ITEMS, decimal_comma, say
from sessions_app.series import load_series
from sessions_app.services.recording import ratings_of

KIND = {"ors": NoteKind.AFTER_ORS, "srs": NoteKind.AFTER_SRS}


@requires(Can.RECORD_SESSION)
def session_result(request, session_id, instrument):
    """After the ORS: sentence, curve, lines, questions, words. After the SRS: the lines, the alliance, words."""
    sessions = Session.objects.visible_to(request.practitioner).valid().select_related("client", "episode")
    session = get_object_or_404(sessions, pk=session_id)
    if instrument not in KIND:
        raise Http404
    record_access("session.result", [session.client_id])
    upto = _until(load_series([session.episode])[session.episode_id], str(session.pk))
    kind, notes = KIND[instrument], notes_of(session.episode)
    context = {
        "session": session,
        "steps": steps_of(session, ratings_of(session), TALK if instrument == "ors" else SRS),
        "client": session.client,
        "instrument": instrument,
        "said": say(verdict(upto)) if instrument == "ors" else say_alliance(upto),
        "number": len(upto.sessions),
        "chart": chart_of(session.episode, upto, notes=notes, with_srs=instrument == "srs", last_value_large=True),
        "lines": _lines(upto, instrument),
        "measured": getattr(upto.sorted()[-1], instrument),
        "kind": kind,
        "note": Note.objects.visible_to(request.practitioner).filter(session=session, kind=kind).first(),
    }
    return TemplateResponse(request, "reports/session_result.html", context)


def _until(series: Series, key: str) -> Series:
    """The series up to and with one session: what was known then."""
    ordered = series.sorted()
    place = next(index for index, measured in enumerate(ordered) if measured.key == key)
    return replace(series, sessions=ordered[: place + 1])


def _lines(series: Series, instrument: str):
    """Each line today beside the time before; empty where only a total is known."""
    marks = [getattr(measured, f"{instrument}_marks") for measured in series.sorted()]
    if marks[-1] is None:
        return ()
    before = next((earlier for earlier in reversed(marks[:-1]) if earlier), None)
    labels = [str(ITEMS[key]) for key in instruments.BY_KEY[instrument].items]
    return line_rows(labels, marks[-1], before, decimal_comma=decimal_comma())
