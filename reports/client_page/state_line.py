"""What the scores say without their scatter, as staff may have it on the chart: the state of the filter of changes."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.charts.series import BandPoint
from sessions_app.measures.series import Series
from sessions_app.measures.state_filter import states
from sessions_app.texts.points import points


@dataclass(frozen=True)
class StateLine:
    """The line with its band and its texts; all empty where there is none. `said` is for those who hear the picture."""

    band: tuple[BandPoint, ...] = ()
    title: str = ""
    note: str = ""
    said: str = ""


def has_state_line(series: Series) -> bool:
    """Whether there are scores enough: two."""
    return sum(1 for _total in series.ors_totals()) > 1


def state_line(series: Series) -> StateLine:
    """The state at each measurement, as all scores up to it tell it; nothing before the second score."""
    if not has_state_line(series):
        return StateLine()
    places = [index for index, session in enumerate(series.sorted()) if session.ors is not None]
    found = states(series.state, [total for _session, total in series.ors_totals()])
    band = []
    for index, state in zip(places, found, strict=True):
        low, high = state.limits()
        band.append(BandPoint(index, low, min(max(round(10 * state.points), low), high), high))
    last = band[-1]
    return StateLine(
        tuple(band),
        _("The scores without the noise"),
        _(
            "The dark line is what all scores up to that day say together; its band holds the state in 95 of 100 cases,"
            " as far as the values that it reads are right. For staff: it is neither printed nor shown to clients."
        ),
        _("Without the noise the scores say %(points)s at the last, between %(low)s and %(high)s.")
        % {"points": points(last.middle), "low": points(last.low), "high": points(last.high)},
    )
