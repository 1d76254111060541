"""The pictures of a results page, drawn from its figures; each has its numbers in a table beside it."""

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.charts.markup import Markup
from reports.charts.results_svg import (
    ChangeLine,
    CurvePoint,
    Said,
    SlopeLine,
    changes_svg,
    shares_svg,
    slopes_svg,
    survival_svg,
)
from reports.results.figures import Duration, Figures, GroupResult, ResultLine
from reports.results.page import (
    MONTH,
    SESSION_TICKS,
    TICKS,
    change_points,
    group_name,
    mean_points,
    months,
    three_parts,
)
from sessions_app.measures.results.resampling import MeanChange
from sessions_app.texts.points import signed

TOP = 400
STEP = 50  # tenths between two lines of the grid of changes
WIDEST = 200


def shares_picture(figures: Figures) -> Markup | None:
    """The bar of progress, about the same and worse."""
    parts = three_parts(figures)
    if not parts:
        return None
    names = {"better": _("progress"), "same": _("about the same"), "worse": _("worse")}
    told = ", ".join(f"{names[name]} {count}" for name, count in parts)
    return shares_svg(parts, Said("results-shares", _("How many made progress"), told))


def halves_picture(halves: Sequence[GroupResult]) -> Markup | None:
    """The change of those who began below the cut-off and of those who did not, beside that without any effect."""
    lines = [_line(group_name(one.name), one.change, one.expected) for one in halves]
    return _changes(lines, "results-halves", _("Change by first score")) if lines else None


def bands_picture(groups: Sequence[GroupResult]) -> Markup | None:
    """The change of each group by first score with its interval, beside that without any effect."""
    lines = [_line(group_name(one.name), one.change, one.expected) for one in groups]
    return _changes(lines, "results-bands", _("Change by first score")) if len(lines) > 1 else None


def years_picture(by_year: Sequence[ResultLine]) -> Markup | None:
    """The change of the episodes begun in each year; nothing for a single one."""
    lines = [_line(one.name, one.change, None) for one in by_year if one.change is not None and one.change.n > 1]
    return _changes(lines, "results-years", _("Change by year of start")) if len(lines) > 1 else None


def slopes_picture(groups: Sequence[GroupResult], cutoff: int) -> Markup | None:
    """First to last score of each group by first score."""
    if not groups:
        return None
    lines = [
        SlopeLine(
            first=one.first,
            last=one.last,
            expected=one.first + one.expected,
            first_said=mean_points(one.first),
            last_said=_("%(last)s (n = %(n)s)") % {"last": mean_points(one.last), "n": one.change.n},
        )
        for one in groups
    ]
    told = "; ".join(
        _("%(name)s: from %(first)s to %(last)s")
        % {"name": group_name(one.name), "first": mean_points(one.first), "last": mean_points(one.last)}
        for one in groups
    )
    return slopes_svg(lines, cutoff, TOP, Said("results-slopes", _("From first to last score"), told))


def duration_picture(duration: Duration | None) -> Markup | None:
    """The share of episodes still going on, by months since the start."""
    if duration is None or not duration.steps:
        return None
    half = duration.median.value
    told = (
        _("The curve does not come down to one half.")
        if half is None
        else _("Half have ended after %(months)s months.") % {"months": months(half)}
    )
    ticks = [(number * MONTH, str(number)) for number in TICKS]
    said = Said("results-duration", _("Share still going on, by months"), told)
    return _survival(duration, ticks, 3 * MONTH, _("half have ended"), said)


def progress_picture(progress: Duration | None) -> Markup | None:
    """The share of episodes without progress so far, by the number of the session."""
    if progress is None or not progress.steps:
        return None
    half = progress.median.value
    told = (
        _("The curve does not come down to one half.")
        if half is None
        else _("Half have made progress by session %(session)s.") % {"session": half}
    )
    ticks = [(float(number), str(number)) for number in SESSION_TICKS]
    said = Said("results-progress", _("Share without progress so far, by session"), told)
    return _survival(progress, ticks, 5, _("half have made progress"), said)


def _survival(duration: Duration, ticks: Sequence[tuple[float, str]], least: float, half: str, said: Said) -> Markup:
    """A curve from nought to its last step, or to `least`; `half` is said where it comes down to one half."""
    curve = [CurvePoint(step.at, step.share, step.low, step.high) for step in duration.steps]
    end = max(curve[-1].at, least)
    shown = [(0.0, "0"), *((at, words) for at, words in ticks if at <= end)]
    value = duration.median.value
    return survival_svg(curve, shown, None if value is None else (float(value), half), said)


def _line(name: str, change: MeanChange, expected: float | None) -> ChangeLine:
    return ChangeLine(name, change.value, change.low, change.high, expected, change_points(change.value))


def _changes(lines: Sequence[ChangeLine], name: str, title: str) -> Markup:
    """The grid reaches as far as an interval does, in steps of five points, and always shows nought."""
    ends = [end for line in lines for end in (line.low, line.high, line.value) if math.isfinite(end)]
    low = max(-WIDEST, min(-STEP, math.floor(min(ends) / STEP) * STEP))
    high = min(WIDEST, max(STEP, math.ceil(max(ends) / STEP) * STEP))
    step = STEP if high - low <= 5 * STEP else 2 * STEP
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    grid = [(float(value), signed(value)) for value in range(low, high + 1, step)]
    told = "; ".join(f"{line.name}: {line.said}" for line in lines)
    return changes_svg(lines, grid, Said(name, title, told))
