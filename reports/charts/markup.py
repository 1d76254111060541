"""Markup made here: strings that a template may insert as they are, and the escaping that earns it."""

from collections.abc import Iterable
from html import escape


class Markup(str):
    """A string of finished markup; `__html__` is what template engines ask before they escape."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def text(value: str) -> str:
    """The value as character data or attribute value of XML; characters that XML forbids are dropped."""
    allowed = "".join(sign for sign in value if sign >= " " or sign in "\t\n")
    return escape(allowed.replace("\ufffe", "").replace("\uffff", ""), quote=True)


def number(value: float) -> str:
    """A coordinate with at most one decimal, without a trailing zero: 223.55 -> '223.6', 40.0 -> '40'."""
    return f"{value:.1f}".removesuffix(".0")


def coordinates(places: Iterable[tuple[float, float]]) -> str:
    """Places in px as the `points` of a polyline: "40,188.3 115.5,170"."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in places)


def path(places: Iterable[tuple[float, float]]) -> str:
    """The same as the `d` of a path from the first place to the last: "M40 188.3L115.5 170"."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places)


def across(left: float, height: float, right: float) -> str:
    """The `d` of a level line."""
    return f"M{number(left)} {number(height)}H{number(right)}"


def label(kind: str, x: float, y: float, words: str) -> str:
    """A text at a place in px, of a class of the stylesheets."""
    return f'<text class="{kind}" x="{number(x)}" y="{number(y)}">{text(words)}</text>'


def shape(tag: str, kind: str, **numbers: float) -> str:
    """An empty element of a class of the stylesheets, with these coordinates."""
    placed = "".join(f' {name}="{number(value)}"' for name, value in numbers.items())
    return f'<{tag} class="{kind}"{placed}/>'
