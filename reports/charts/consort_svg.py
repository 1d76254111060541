"""The flow of people through a study, as CONSORT 2010 draws it: from top to bottom, a column for each arm."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts.markup import Markup, label, number, shape, text

WIDE, GAP, LINE, PAD = 250.0, 30.0, 19.0, 14.0


@dataclass(frozen=True)
class FlowBox:
    """A box: what it is, how many, and what stands below it ("2 moved away")."""

    words: str
    count: int
    below: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        return (f"{self.words} (n = {self.count})", *self.below)

    @property
    def height(self) -> float:
        return 2 * PAD + LINE * len(self.lines) - 5


def consort_svg(
    assessed: FlowBox, excluded: FlowBox, enrolled: FlowBox, arms: Sequence[Sequence[FlowBox]], *, title: str
) -> Markup:
    """The picture with a name. `arms` are columns of boxes in one order; the same numbers stand in the page's table."""
    columns = max(2, len(arms))
    wide = columns * WIDE + (columns - 1) * GAP
    middle, parts = wide / 2, []
    top = assessed.height
    parts.append(_box(assessed, middle - WIDE / 2, 0.0))
    beside = top + GAP / 2
    aside = min(middle + GAP, wide - WIDE)
    parts.append(_box(excluded, aside, beside))
    parts.append(_line(middle, beside + excluded.height / 2, aside, beside + excluded.height / 2))
    below = beside + excluded.height + GAP / 2
    parts.append(_line(middle, top, middle, below))
    parts.append(_box(enrolled, middle - WIDE / 2, below))
    top = below + enrolled.height
    parts.append(_line(middle, top, middle, top + GAP / 2))
    parts.append(_arms(arms, top + GAP / 2, wide))
    high = top + GAP + _height(arms)
    view = f"-2 -2 {number(wide + 4)} {number(high + 4)}"
    return Markup(f'<svg class="consort" viewBox="{view}" role="img" aria-label="{text(title)}">{"".join(parts)}</svg>')


def _arms(arms: Sequence[Sequence[FlowBox]], top: float, wide: float) -> str:
    """The columns, each under its branch; boxes of one kind begin at one height."""
    left = (wide - len(arms) * WIDE - (len(arms) - 1) * GAP) / 2
    middles = [left + WIDE / 2 + place * (WIDE + GAP) for place in range(len(arms))]
    parts = [_line(middles[0], top, middles[-1], top)]
    rows = _rows(arms)
    for middle, boxes in zip(middles, arms, strict=True):
        at = top
        for box, height in zip(boxes, rows, strict=True):
            parts.append(_line(middle, at, middle, at + GAP / 2))
            parts.append(_box(box, middle - WIDE / 2, at + GAP / 2, height))
            at += GAP / 2 + height
    return "".join(parts)


def _rows(arms: Sequence[Sequence[FlowBox]]) -> list[float]:
    return [max(box.height for box in row) for row in zip(*arms, strict=True)]


def _height(arms: Sequence[Sequence[FlowBox]]) -> float:
    rows = _rows(arms)
    return sum(rows) + GAP / 2 * (len(rows) - 1)


def _box(box: FlowBox, left: float, top: float, height: float | None = None) -> str:
    rect = shape("rect", "f-box", x=left, y=top, width=WIDE, height=height or box.height, rx=5.0)
    words = [
        label("f-name" if place == 0 else "f-below", left + PAD, top + PAD + 10 + LINE * place, line)
        for place, line in enumerate(box.lines)
    ]
    return rect + "".join(words)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return shape("line", "f-line", x1=x1, y1=y1, x2=x2, y2=y2)
