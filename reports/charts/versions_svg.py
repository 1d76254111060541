"""The middle of two versions of an expected course from a few first scores, one over the other."""

from collections.abc import Callable, Sequence

from reports.charts.frame import GRID, NARROW
from reports.charts.markup import Markup, across, label, path, text
from reports.charts.series import TOP as MOST

SIZES = {"wide": (760, 340), "narrow": (340, 300)}
"""The drawing in two sizes, as (width, height) of the viewBox."""
LAST = 12
"""The last session that is drawn."""
TICKS = (1, 4, 8, 12)
HEAD, FOOT, INSIDE = 14.0, 34.0, 14.0

Middle = Callable[[int, int], float]
"""The middle in tenths from a first score (tenths) at a session from 2 on."""


def versions_svg(
    intakes: Sequence[int], newer: Middle, older: Middle, *, size: str, name: str, title: str, description: str
) -> Markup:
    """A solid line of the newer version and a broken one of the older for each first score; `name` is unique."""
    width, height = SIZES[size]
    left, right, bottom = (26.0 if width < NARROW else 40.0), width - 12.0, height - FOOT
    step = (right - left - 2 * INSIDE) / (LAST - 1)

    def place(session: int, tenths: float) -> tuple[float, float]:
        return left + INSIDE + (session - 1) * step, bottom - tenths * (bottom - HEAD) / MOST

    drawn = []
    for value in GRID:
        y = place(1, value)[1]
        drawn.append(f'<path class="c-grid" d="{across(left, y, right)}"/>')
        drawn.append(label("c-tick", left - 8, y + 4.5, str(value // 10)))
    drawn += [label("c-date", place(session, 0)[0], bottom + 22, str(session)) for session in TICKS]
    for intake in intakes:
        for kind, middle in (("v-without", older), ("v-curve", newer)):
            line = [place(1, intake), *(place(session, middle(intake, session)) for session in range(2, LAST + 1))]
            drawn.append(f'<path class="{kind}" d="{path(line)}"/>')
    return Markup(
        f'<svg class="chart chart-versions" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{name}-{size}-title {name}-{size}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-{size}-title">{text(title)}</title>'
        f'<desc id="{name}-{size}-desc">{text(description)}</desc>{"".join(drawn)}</svg>'
    )
