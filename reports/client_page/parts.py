"""Parts that several report pages show: the chart, the client's words, the open alerts."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from clients.models import Episode
from reports.charts.client_chart import ClientChart, build_client_chart
from reports.client_page.course import chart_series
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.rules import Level
from sessions_app.measures.rules.alert_spans import AlertSpan, alert_spans
from sessions_app.measures.series import Series
from sessions_app.measures.verdict.verdict import verdict
from sessions_app.models import Alert, Note, NoteKind
from sessions_app.services.explanations import Explanation, why_alert, why_verdict
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


KINDS = {Level.RED: "act", Level.AMBER: "watch", Level.INFO: "quiet"}


def chart_of(episode: Episode, series: Series, *, notes, with_srs=True, to_client=False) -> ClientChart | None:
    """The chart of an episode; None while there is no session. One shown `to_client` says its last value in large."""
    if not series.sessions:
        return None
    with_srs = with_srs and FAMILY[series.of.alliance].scored
    return build_client_chart(
        chart_series(episode, series, notes=notes, to_client=to_client), with_srs=with_srs, last_value_large=to_client
    )


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


def why_of(series: Series) -> Explanation:
    """Why the sentence of the page is this one."""
    return why_verdict(verdict(series), _open(series), series)


def alerts_of(rows: Iterable[Alert], series: Series) -> list[OpenAlert]:
    """The alerts that are open by the rules now, red first; `rows` are the episode's stored ones."""
    stored = {(row.rule, str(row.session_id)): row for row in rows}
    return [
        OpenAlert(
            sentence=alert_sentence(span.sentence, span.numbers, series.of),
            kind=KINDS[span.level],
            rule=span.rule,
            raised_on=span.raised_on,
            alert=stored.get((span.rule, span.raised)),
            why=why_alert(span, series),
        )
        for span in _open(series)
    ]


def _open(series: Series) -> list[AlertSpan]:
    opened = (span for span in alert_spans(series) if span.is_open)
    return sorted(opened, key=lambda span: (-span.level.rank, span.raised_on))
