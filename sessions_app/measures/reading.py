"""One series as a request or a job reads it: its alert spans and its verdict, each worked out once."""

from functools import cached_property

from sessions_app.measures.rules.alert_spans import AlertSpan, alert_spans
from sessions_app.measures.series import Series
from sessions_app.measures.verdict.verdict import Verdict, verdict


class Reading:
    """What a series says, each part worked out when it is first asked for and kept with the reading.

    Made by whoever has loaded the series, and passed on to all that speak of it in the same request or job; where the
    sessions or the values are others, another reading is made.
    """

    def __init__(self, series: Series) -> None:
        self.series = series

    @cached_property
    def totals(self) -> list[int]:
        """The outcome totals in order, in tenths."""
        return [total for _session, total in self.series.ors_totals()]

    @cached_property
    def alert_spans(self) -> tuple[AlertSpan, ...]:
        """The alerts of the series, closed and open, by the date they were raised."""
        return alert_spans(self.series)

    @cached_property
    def open_alerts(self) -> list[AlertSpan]:
        """The open ones, those that ask for most first."""
        opened = (span for span in self.alert_spans if span.is_open)
        return sorted(opened, key=lambda span: (-span.level.rank, span.raised_on))

    @cached_property
    def verdict(self) -> Verdict:
        """What the latest measurements say."""
        return verdict(self.series, spans=self.alert_spans)
