"""A results page in the words and numbers of the active language; what is hidden is a star."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from clients.models import Ending
from reports.results.figures import Duration, Figures, GroupResult, ResultLine
from reports.results.read import ResultsRead
from reports.results.selection import EN_DASH, age_name
from reports.results.small_numbers import BANDS, BELOW, BETTER, SAME, USED, WORSE
from reports.trajectory.calibration import percent
from sessions_app.measures.marks import POINT
from sessions_app.measures.results.aggregate import NO_INTAKE, NO_SCORE, ONE_SCORE, OPEN, RATER_CHANGED
from sessions_app.measures.results.intervals import Proportion
from sessions_app.measures.results.resampling import MeanChange
from sessions_app.measures.results.suppression import HIDDEN

MONTH = 365.25 / 12
TICKS = (3, 6, 12, 24, 36, 60)  # months that are named
SESSION_TICKS = (3, 5, 10, 15, 20, 30, 50)

REASONS: tuple[tuple[str, Promise], ...] = (
    (OPEN, lazy("still going on")),
    (NO_SCORE, lazy("no score")),
    (ONE_SCORE, lazy("one score only")),
    (NO_INTAKE, lazy("not measured at the first session")),
    (RATER_CHANGED, lazy("went on with the forms of an older age")),
)


@dataclass(frozen=True)
class TableRow:
    """A line of a table in words: its name, the number counted, and what was found of them."""

    name: str
    begun: str
    used: str
    better: str
    change: str


def shown_count(count: int | None) -> str:
    """A count, or the star of what is hidden."""
    return HIDDEN if count is None else str(count)


def share_words(found: Proportion | None) -> str:
    """A share in per cent with its interval; of fewer than five the counts alone, and of what is hidden a star."""
    if found is None:
        return HIDDEN
    if found.counts_only:
        return _("%(part)s of %(whole)s") % {"part": found.successes, "whole": found.n}
    return _("%(share)s (%(low)s to %(high)s)") % {
        "share": percent(found.share),
        "low": round(100 * found.low),
        "high": percent(found.high),
    }


def change_words(found: MeanChange | None) -> str:
    """A mean change in points with its interval; of one episode without."""
    if found is None:
        return EN_DASH
    value = change_points(found.value)
    if found.n < 2:
        return value
    ends = {"low": mean_points(found.low), "high": mean_points(found.high)}
    return _("%(value)s (%(low)s to %(high)s)") % {"value": value, **ends}


def decimal(value: float, places: int = 2) -> str:
    """A number with so many decimals and a real minus."""
    return number_format(round(value, places), places).replace("-", "\N{MINUS SIGN}")


def mean_points(tenths: float) -> str:
    """A mean of scores in points, always with one decimal."""
    return decimal(tenths / float(POINT), 1)


def change_points(tenths: float) -> str:
    """The mean of changes with its sign."""
    words = mean_points(tenths)
    return f"+{words}" if round(tenths) > 0 else words


def months(days: float) -> str:
    """Days as months with one decimal."""
    return decimal(days / MONTH, 1)


def headline(figures: Figures) -> str:
    """The answer in one sentence."""
    used, better = figures.count(USED), figures.count(BETTER)
    if used is None or (used and better is None):
        return _("Too few to say more without telling about single clients")
    if not used:
        return _("No ended episode with two scores yet")
    return ngettext(
        "%(better)s of %(used)s ended episode ended with progress",
        "%(better)s of %(used)s ended episodes ended with progress",
        used,
    ) % {"better": better, "used": used}


def group_name(name: str) -> str:
    """A group by first score for a reader."""
    if name not in BANDS:
        return _("Began below the cut-off") if name == BELOW else _("Began at the cut-off or above")
    low, _dash, high = name.partition("-")
    if not high:
        return _("%(from)s and over") % {"from": low}
    return f"{low}{EN_DASH}{number_format(int(high) + 0.9, 1)}"


def reasons(figures: Figures) -> list[tuple[str, str]]:
    """Why episodes are left out, with how many; those without anybody are said too."""
    return [(str(words), shown_count(figures.count(reason))) for reason, words in REASONS]


def year_rows(read: ResultsRead) -> list[TableRow]:
    """A row a year."""
    return [_row(line, line.name) for line in read.by_year]


def age_rows(read: ResultsRead) -> list[TableRow]:
    """A row an age group; that of those whose age nobody knows is one too."""
    return [_row(line, age_name(line.name)) for line in read.by_age if line.begun != 0]


def ending_rows(read: ResultsRead) -> list[TableRow]:
    """A row a way of ending."""
    return [_row(line, str(Ending(line.name).label)) for line in read.by_ending if line.begun != 0]


def _row(line: ResultLine, name: str) -> TableRow:
    hidden = line.used is None
    return TableRow(
        name=name,
        begun=shown_count(line.begun),
        used=shown_count(line.used),
        better=EN_DASH if line.used == 0 else share_words(line.better),
        change=HIDDEN if hidden else change_words(line.change),
    )


def group_rows(groups: Iterable[GroupResult]) -> list[tuple[str, str, str, str, str, str]]:
    """Name, n, first, last, change and the change without any effect of each group by first score."""
    return [
        (
            group_name(one.name),
            str(one.change.n),
            mean_points(one.first),
            mean_points(one.last),
            change_words(one.change),
            change_points(one.expected),
        )
        for one in groups
    ]


def left_rows(duration: Duration | None) -> list[tuple[str, str]]:
    """The share still going on after each of the usual times, as far as the curve reaches."""
    shares = _shares(duration, [(number, number * MONTH) for number in TICKS])
    return [(number, percent(share)) for number, share in shares]


def progress_rows(progress: Duration | None) -> list[tuple[str, str]]:
    """The share that has made progress by each of the usual sessions, as far as the curve reaches."""
    return [(number, percent(1 - share)) for number, share in _shares(progress, [(n, n) for n in SESSION_TICKS])]


def _shares(duration: Duration | None, times: Sequence[tuple[int, float]]) -> list[tuple[str, float]]:
    """(name, share left) at each time that the curve reaches."""
    if duration is None or not duration.steps:
        return []
    found = []
    for number, at in times:
        if at <= duration.steps[-1].at:
            before = [step.share for step in duration.steps if step.at <= at]
            found.append((str(number), before[-1] if before else 1.0))
    return found


def three_parts(figures: Figures) -> Sequence[tuple[str, int]]:
    """Progress, about the same and worse, where all three may be shown and there is anybody; else nothing."""
    found = [(name, figures.count(name)) for name in (BETTER, SAME, WORSE)]
    shown = [(name, count) for name, count in found if count is not None]
    return shown if len(shown) == len(found) and any(count for _name, count in shown) else []
