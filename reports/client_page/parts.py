"""Parts that several report pages show: the chart and the client's words."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clients.models import Episode
from reports.charts.client_chart import ClientChart, build_client_chart
from reports.charts.compared_svg import ComparedSeries
from reports.client_page.course import chart_series
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.series import Series
from sessions_app.models import Note, NoteKind


@dataclass(frozen=True)
class OwnWords:
    """What the client said at a session, after which form."""

    text: str
    held_on: datetime.date
    instrument: str


def chart_of(
    episode: Episode,
    series: Series,
    *,
    notes,
    with_srs=True,
    to_client=False,
    with_state=False,
    by_date=False,
    compared: Sequence[ComparedSeries] = (),
) -> ClientChart | None:
    """The chart of an episode; None while there is no session. One shown `to_client` says its last value in large.

    `with_state` and `by_date` as in `chart_series`; `compared` stands below the curves.
    """
    if not series.sessions:
        return None
    with_srs = with_srs and FAMILY[series.of.alliance].scored
    how = {"to_client": to_client, "with_state": with_state, "by_date": by_date}
    course = chart_series(episode, series, notes=notes, **how)
    return build_client_chart(course, with_srs=with_srs, last_value_large=to_client, compared=compared)


def series_until(series: Series, key: str) -> Series:
    """The series up to and with one session: what was known then."""
    ordered = series.sorted()
    place = next(index for index, measured in enumerate(ordered) if measured.key == key)
    known = tuple(one for one in series.periodic if one.held_on <= ordered[place].held_on)
    return replace(series, sessions=ordered[: place + 1], periodic=known, overdue=None)


def words_of(series: Series, notes: dict[UUID, dict[str, Note]], *, most: int = 4) -> list[OwnWords]:
    """The latest words, the newest first."""
    by_session = {str(key): kinds for key, kinds in notes.items()}
    found = []
    for session in reversed(series.sorted()):
        for kind, instrument in ((NoteKind.AFTER_SRS, "srs"), (NoteKind.AFTER_ORS, "ors")):
            note = by_session.get(session.key, {}).get(kind)
            if note:
                found.append(OwnWords(note.text, session.held_on, instrument))
    return found[:most]
