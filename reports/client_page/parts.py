"""Parts that several report pages show: the chart, the client's words, the open alerts."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from clients.models import Episode
from reports.charts.client_chart import ClientChart, build_client_chart
from reports.client_page.course import chart_series
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.reading import Reading
from sessions_app.measures.series import Series
from sessions_app.measures.verdict.verdict import worst_tone
from sessions_app.models import Alert, Note, NoteKind
from sessions_app.services.explanations import Explanation, why_alert
from sessions_app.texts.alerts import alert_sentence


@dataclass(frozen=True)
class OwnWords:
    """What the client said at a session, after which form."""

    text: str
    held_on: datetime.date
    instrument: str


@dataclass(frozen=True)
class OpenAlert:
    """An open alert; its sentence is made now from the series, never from a stored row.

    `alert` is the stored row, None while the job that writes it has not run yet.
    """

    sentence: str
    kind: str  # the chip's: act, watch or quiet
    rule: str
    raised_on: datetime.date
    alert: Alert | None
    why: Explanation


def chart_of(
    episode: Episode, series: Series, *, notes, with_srs=True, to_client=False, with_state=False
) -> ClientChart | None:
    """The chart of an episode; None while there is no session. One shown `to_client` says its last value in large.

    `with_state` as in `chart_series`.
    """
    if not series.sessions:
        return None
    with_srs = with_srs and FAMILY[series.of.alliance].scored
    course = chart_series(episode, series, notes=notes, to_client=to_client, with_state=with_state)
    return build_client_chart(course, with_srs=with_srs, last_value_large=to_client)


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


def alerts_of(rows: Iterable[Alert], reading: Reading) -> list[OpenAlert]:
    """The alerts that are open by the rules now, red first; `rows` are the episode's stored ones."""
    stored = {(row.rule, str(row.session_id or "")): row for row in rows}
    return [
        OpenAlert(
            sentence=alert_sentence(span.sentence, span.numbers, reading.series.of),
            kind=worst_tone((span.level,)).value,
            rule=span.rule,
            raised_on=span.raised_on,
            alert=stored.get((span.rule, span.raised)),
            why=why_alert(span, reading),
        )
        for span in reading.open_alerts
    ]
