"""Shares: one as a bar, and month by month a column for each, filled as far as the share reaches."""

from collections.abc import Sequence

from reports.charts.markup import Markup, number

WIDE, HIGH = 146, 40
"""The viewBox, that of the sparklines: stretched to its place."""
GAP = 3.0


def share_svg(share: float) -> Markup:
    """One share from 0 to 1 as a bar, as wide as its place. Hidden from screen readers: the numbers stand above it."""
    filled = number(100 * share)
    return Markup(
        '<svg class="share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="100" height="1"/><rect class="m-share" width="{filled}" height="1"/></svg>'
    )


def months_svg(shares: Sequence[float | None], *, chosen: int) -> Markup:
    """A column for each share from 0 to 1, the oldest first; None is a month of which nothing is shown.

    `chosen` is the place of the month that the page tells of. Hidden from screen readers: the table of the page has
    every number.
    """
    step = (WIDE + GAP) / len(shares)
    wide = step - GAP
    columns = []
    for place, share in enumerate(shares):
        left = place * step
        kind = ' class="is-chosen"' if place == chosen else ""
        if share is None:
            columns.append(f'<path{kind} d="M{number(left)} {HIGH}h{number(wide)}"/>')
            continue
        filled = HIGH * share
        columns.append(
            f'<g{kind}><rect x="{number(left)}" y="0" width="{number(wide)}" height="{HIGH}"/>'
            f'<rect class="m-share" x="{number(left)}" y="{number(HIGH - filled)}" width="{number(wide)}" '
            f'height="{number(filled)}"/></g>'
        )
    return Markup(
        f'<svg class="months" viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(columns)}</svg>"
    )
