"""What the results page says of the episodes that go out, as plain numbers: for whoever works them out anew.

Times are no part of it: the page counts days, and only weeks leave the house.
"""

from collections.abc import Iterator, Sequence

from reports.results.figures import Figures, GroupResult, figures_of
from reports.results.page import REASONS
from reports.results.read import limits_of
from reports.results.rows import FORMS, ResultRow, of_form
from reports.results.selection import EVERYBODY, Selection
from reports.results.small_numbers import (
    ABOVE,
    BEGUN,
    BETTER,
    CLEARLY_BETTER,
    CLEARLY_WORSE,
    CLOSED,
    RECOVERED,
    SAME,
    USED,
    WORSE,
    Shown,
)
from sessions_app.measures.marks import POINT
from sessions_app.measures.results.intervals import Proportion
from sessions_app.standards.loading import Standards

Line = tuple[str, str]
COUNTS = (
    BEGUN,
    CLOSED,
    *(reason for reason, _words in REASONS),
    USED,
    BETTER,
    SAME,
    WORSE,
    CLEARLY_BETTER,
    CLEARLY_WORSE,
    RECOVERED,
)


def figure_lines(rows: Sequence[ResultRow], standards: Standards) -> tuple[Line, ...]:
    """(name, number) of each figure, by the form that was answered; numbers as the page rounds them."""
    return tuple(line for form in FORMS if of_form(rows, form) for line in _lines_of(form, rows, standards))


def constants(rows: Sequence[ResultRow], standards: Standards) -> tuple[Line, ...]:
    """What the figures need beside the rows, by form: the limits of a change in tenths, and the reliability."""
    found: list[Line] = []
    for form in FORMS:
        if of_form(rows, form):
            state, limits = limits_of(standards, form)
            found += [
                (f"{form}.reliable_change", str(limits.points)),
                (f"{form}.change_by_error", repr(float(limits.by_error))),
                (f"{form}.reliability", repr(float(state.reliability))),
            ]
    return tuple(found)


def _lines_of(form: str, rows: Sequence[ResultRow], standards: Standards) -> Iterator[Line]:
    state, limits = limits_of(standards, form)
    figures = figures_of(of_form(rows, form), Selection(EVERYBODY, form=form), Shown(False), limits, state.reliability)
    lines = [*_counts(figures), *_scores(figures), *_groups(figures)]
    yield from ((f"{form}.{name}", value) for name, value in lines)


def _counts(figures: Figures) -> Iterator[Line]:
    for name in COUNTS:
        yield name, str(figures.count(name))
    for name in (BETTER, WORSE):
        share = figures.share(name, USED)
        if share is not None:
            yield from ((f"{name}.{what}", value) for what, value in _share(share))


def _share(found: Proportion) -> Iterator[Line]:
    yield "share", f"{100 * found.share:.0f}"
    yield "low", f"{100 * found.low:.0f}"
    yield "high", f"{100 * found.high:.0f}"


def _scores(figures: Figures) -> Iterator[Line]:
    if figures.change is None or figures.first is None or figures.last is None:
        return
    yield "first", points(figures.first)
    yield "last", points(figures.last)
    yield "change", points(figures.change.value)
    if figures.change.n > 1:
        yield "change.low", points(figures.change.low)
        yield "change.high", points(figures.change.high)
    if figures.effect is not None:
        yield "effect", f"{figures.effect.d:.2f}"
        # Of few pairs the page draws samples for the interval: two programs never draw the same ones.
        if not figures.resampled:
            yield "effect.low", f"{figures.effect.low:.2f}"
            yield "effect.high", f"{figures.effect.high:.2f}"


def _groups(figures: Figures) -> Iterator[Line]:
    if figures.sessions is not None:
        yield "sessions", f"{figures.sessions:.1f}"
    if figures.alliance is not None:
        yield "alliance", points(figures.alliance)
    for group in (*figures.halves, *figures.groups):
        yield from _group(group)


def _group(group: GroupResult) -> Iterator[Line]:
    name = "from_cutoff" if group.name == ABOVE else "below_cutoff" if group.name == "below" else group.name
    yield f"began.{name}", str(group.change.n)
    yield f"began.{name}.first", points(group.first)
    yield f"began.{name}.last", points(group.last)
    yield f"began.{name}.change", points(group.change.value)
    yield f"began.{name}.without", points(group.expected)


def points(tenths: float) -> str:
    """Tenths as points with one decimal, a minus for less than nought; nought has none."""
    said = f"{tenths / float(POINT):.1f}"
    return "0.0" if said == "-0.0" else said
