"""A map of tiles: one for each municipality, as large for a small one as for a large one, with its number in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.charts.markup import Markup, label, number, text

TILE, GAP = 44.0, 4.0
STEPS = ((1, "t-one"), (2, "t-few"), (4, "t-many"))
"""From how many services on a tile is filled more."""


@dataclass(frozen=True)
class MapTile:
    """A tile at a column and a row from the north-west; `count` is None for what nobody knows.

    `short` stands above the number where there is room, `words` are said of it by a pointer that rests on it.
    """

    column: int
    row: int
    short: str
    count: int | None
    words: str


def fill_of(count: int | None) -> str:
    """The class of the stylesheet for a number: dashed where it is unknown, empty for nought, then in three steps."""
    if count is None:
        return "t-unknown"
    return next((name for least, name in reversed(STEPS) if count >= least), "t-none")


def tiles_svg(tiles: Iterable[MapTile], *, title: str) -> Markup:
    """The map as a picture with a name; the numbers stand in the page's table too."""
    drawn = sorted(tiles, key=lambda one: (one.row, one.column))
    wide = (max(one.column for one in drawn) + 1) * (TILE + GAP) - GAP
    high = (max(one.row for one in drawn) + 1) * (TILE + GAP) - GAP
    return Markup(
        f'<svg class="tiles" viewBox="-2 -2 {number(wide + 4)} {number(high + 4)}" role="img" '
        f'aria-label="{text(title)}">{"".join(map(_tile, drawn))}</svg>'
    )


def _tile(tile: MapTile) -> str:
    left, top = tile.column * (TILE + GAP), tile.row * (TILE + GAP)
    shown = "?" if tile.count is None else str(tile.count)
    return (
        f'<g class="{fill_of(tile.count)}"><title>{text(tile.words)}</title>'
        f'<rect x="{number(left)}" y="{number(top)}" width="{number(TILE)}" height="{number(TILE)}" rx="5"/>'
        f"{label('t-name', left + TILE / 2, top + 14, tile.short)}"
        f"{label('t-count', left + TILE / 2, top + 35, shown)}</g>"
    )
