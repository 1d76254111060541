"""Markup made here: strings that a template may insert as they are, and the escaping that earns it."""

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
