"""One client's course as the chart shows it: sessions, words and events of an episode, in the reader's language."""

from collections import defaultdict
from uuid import UUID

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from clients.models import Episode
from organisations.database.statements import written_once
from organisations.models import Practitioner
from reports.charts.events import MEETING, DayEvent, Event
from reports.charts.series import ChartSeries, Point
from reports.client_page.events import (
    day_events,
    event_names,
    events_of,
    first_by_each,
    with_decisions,
)
from reports.client_page.state_line import StateLine, state_line
from reports.trajectory.expected_course import expected_of
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.series import Measured, Series
from sessions_app.models import Note, NoteKind, Session
from sessions_app.services.own_words import notes_for
from sessions_app.texts.instruments import curve_name, rater_words, short_name
from sessions_app.texts.verdict import ITEMS, points


def notes_of(episode: Episode, by: Practitioner | None) -> dict[UUID, dict[str, Note]]:
    """What was written of an episode, as far as `by` may read it: by session, then by kind. Also where the client reads
    along: whoever turns the screen sees it too. None reads all.
    """
    found: dict[UUID, dict[str, Note]] = defaultdict(dict)
    for note in _notes(episode, by):
        found[note.session_id][note.kind] = note
    return found


@written_once
def _notes(episode: Episode, by: Practitioner | None):
    return notes_for(by).filter(session__episode=episode, session__voided_at=None).exclude(text="")


def chart_series(
    episode: Episode,
    series: Series,
    *,
    notes: dict[UUID, dict[str, Note]],
    to_client: bool = False,
    with_state: bool = False,
    by_date: bool = False,
) -> ChartSeries:
    """The series of an episode with its words and events, labelled; `to_client` as in `expected_of`.

    `by_date` draws the time between sessions. A client sees no day after the last session of the series.
    `with_state` adds what the scores say without their scatter; never on a page that is shown to the client.
    """
    alliance, expected = series.alliance_cutoff, expected_of(series, to_client=to_client)
    state = state_line(series) if with_state and not to_client else StateLine()
    return ChartSeries(
        points=_points_of(episode, series, notes, to_client=to_client),
        event_names=event_names(),
        day_events=_day_events(episode, series, to_client=to_client),
        by_date=by_date,
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


def _day_events(episode: Episode, series: Series, *, to_client: bool) -> tuple[DayEvent, ...]:
    """Of the days since the series began: one of an earlier period has a picture of its own. What a team spoke of is no
    page of the client's.
    """
    days = [measured.held_on for measured in series.sessions]
    found = [one for one in day_events(episode) if not (to_client and one.event.kind == MEETING)]
    if not days:
        return ()
    return tuple(one for one in found if min(days) <= one.day and not (to_client and one.day > max(days)))


def _points_of(
    episode: Episode, series: Series, notes: dict[UUID, dict[str, Note]], *, to_client: bool
) -> tuple[Point, ...]:
    found = _sessions_of(episode)
    sessions, first = {str(session.pk): session for session in found}, first_by_each(found)
    words, ordered = {str(key): kinds for key, kinds in notes.items()}, series.sorted()
    return tuple(
        _point(
            one,
            words.get(one.key, {}),
            events_of(
                sessions[one.key],
                new_practitioner=sessions[one.key].pk in first,
                to_client=to_client,
            ),
        )
        for one in ordered
    )


@written_once
def _sessions_of(episode: Episode):
    of_episode = Session.objects.valid().filter(episode=episode).oldest_first()
    return with_decisions(of_episode.select_related("practitioner"))


def _point(measured: Measured, words: dict[str, Note], events: tuple[Event, ...]) -> Point:
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
        events=events,
        url=reverse("session-flow", args=[measured.key]),
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
