"""One client's course as the chart shows it: sessions, words and events of an episode, in the reader's language."""

from collections import defaultdict
from uuid import UUID

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from clients.models import Episode
from reports.charts.series import ChartSeries, Point
from reports.client_page.state_line import StateLine, state_line
from reports.trajectory.expected_course import expected_of
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.series import Measured, Series
from sessions_app.models import Attendance, Note, NoteKind, Session
from sessions_app.texts.instruments import curve_name, rater_words, short_name
from sessions_app.texts.verdict import ITEMS, points


def notes_of(episode: Episode) -> dict[UUID, dict[str, Note]]:
    """The client's own words of an episode: by session, then by kind."""
    found: dict[UUID, dict[str, Note]] = defaultdict(dict)
    for note in Note.objects.filter(session__episode=episode, session__voided_at=None).exclude(text=""):
        found[note.session_id][note.kind] = note
    return found


def chart_series(
    episode: Episode,
    series: Series,
    *,
    notes: dict[UUID, dict[str, Note]],
    to_client: bool = False,
    with_state: bool = False,
) -> ChartSeries:
    """The series of an episode with its words and events, labelled; `to_client` as in `expected_of`.

    `with_state` adds what the scores say without their scatter; never on a page that is shown to the client.
    """
    sessions = {str(session.pk): session for session in Session.objects.valid().filter(episode=episode)}
    ordered = series.sorted()
    words = {str(key): kinds for key, kinds in notes.items()}
    alliance, expected = series.alliance_cutoff, expected_of(series, to_client=to_client)
    state = state_line(series) if with_state and not to_client else StateLine()
    return ChartSeries(
        points=tuple(_point(measured, sessions[measured.key], words.get(measured.key, {})) for measured in ordered),
        cutoff=series.cutoff,
        alliance=alliance,
        cutoff_label=_("cut-off %(points)s") % {"points": points(series.cutoff)},
        alliance_label=_("alliance %(points)s") % {"points": points(alliance)},
        ors_label=_curve_of_whom(series),
        srs_label=curve_name(series.of.alliance),
        band=expected.band,
        band_label=expected.label,
        band_title=expected.title,
        band_note=expected.note,
        state=state.band,
        state_title=state.title,
        state_note=state.note,
        title=_("Curves of %(outcome)s and %(alliance)s") % _names(series),
        description=" ".join(filter(None, (_description(series), state.said))),
        ors_items=_items(series.of.outcome),
        srs_items=_items(series.of.alliance),
    )


def _curve_of_whom(series: Series) -> str:
    """The outcome curve's name; a small child's is a grown-up's, and says so."""
    form = FormKey(series.of.outcome, series.of.rater)
    name = curve_name(form.instrument_key)
    return name if form.by_client else f"{name} · {rater_words(form.rater, {})}"


def _names(series: Series) -> dict[str, str]:
    return {"outcome": short_name(series.of.outcome), "alliance": short_name(series.of.alliance)}


def _items(instrument: str) -> tuple[str, ...]:
    """The names of an instrument's lines; none of one without a score."""
    about = FAMILY[instrument]
    return tuple(str(ITEMS[key]) for key in about.items) if about.scored else ()


def _point(measured: Measured, session: Session, words: dict[str, Note]) -> Point:
    absent = session.attendance not in (Attendance.ATTENDED, Attendance.EXPECTED)
    return Point(
        key=measured.key,
        held_on=measured.held_on,
        label=f"{measured.held_on.day}/{measured.held_on.month}",
        title=formats.date_format(measured.held_on, "DATE_FORMAT"),
        ors=measured.ors,
        srs=measured.srs,
        ors_marks=measured.ors_marks,
        srs_marks=measured.srs_marks,
        note_ors=words[NoteKind.AFTER_ORS].text if NoteKind.AFTER_ORS in words else "",
        note_srs=words[NoteKind.AFTER_SRS].text if NoteKind.AFTER_SRS in words else "",
        event=session.get_attendance_display() if absent else "",
        url=reverse("session-flow", args=[session.pk]),
    )


def _description(series: Series) -> str:
    """What a screen reader says of the picture; the table holds every number."""
    ors = [total for __, total in series.ors_totals()]
    srs = [total for __, total in series.srs_totals()]
    texts, names = [], _names(series)
    if ors:
        texts.append(
            _("%(form)s: %(count)s marks from %(first)s to %(last)s.")
            % {"form": names["outcome"], "count": len(ors), "first": points(ors[0]), "last": points(ors[-1])}
        )
    if srs:
        texts.append(
            _("%(form)s: %(count)s marks from %(first)s to %(last)s.")
            % {"form": names["alliance"], "count": len(srs), "first": points(srs[0]), "last": points(srs[-1])}
        )
    return " ".join(texts)
