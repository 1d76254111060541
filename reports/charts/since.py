"""A sparkline that says what came after a day: faint before it, strong from it on."""

from collections.abc import Sequence

from reports.charts.markup import Markup
from reports.charts.spark import EDGE, HIGH, SHOWN, WIDE


def since_svg(before: Sequence[int], after: Sequence[int], *, line: int) -> Markup:
    """Totals in tenths up to a day and from then on, oldest first; `line` is the cut-off in tenths.

    Hidden from screen readers: the sentence beside it says the same.
    """
    values = [*before, *after][-SHOWN:]
    turn = max(len(values) - len(after) - 1, 0)
    step = (WIDE - 2 * EDGE) // max(len(values) - 1, 4)
    places = [f"{EDGE + index * step} {HIGH - (value + 5) // 10}" for index, value in enumerate(values)]
    limit = HIGH - (line + 5) // 10
    parts = [f'<path class="s-line" d="M0 {limit}H{WIDE}"/>']
    if places[: turn + 1]:
        parts.append(f'<path class="s-before" d="M{"L".join(places[: turn + 1])}"/>')
        at = EDGE + turn * step
        parts.append(f'<path class="s-day" d="M{at} 2V{HIGH - 2}"/>')
    if after:
        parts.append(f'<path class="s-after" d="M{"L".join(places[turn:])}"/><path class="s-now" d="M{places[-1]}h0"/>')
    return Markup(
        f'<svg class="since" viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )
