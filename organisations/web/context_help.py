"""Which paragraph of the handbook each page's "?" leads to: each app declares its own pages when it starts."""

from collections.abc import Callable, Mapping

_paragraphs: dict[str, str] = {}
_address: list[Callable[[str], str]] = []


def register_help(paragraphs: Mapping[str, str]) -> None:
    """Declare the paragraph (its key) that explains a page (the name of its route)."""
    _paragraphs.update(paragraphs)


def register_help_address(address: Callable[[str], str]) -> None:
    """Declare how the key of a paragraph becomes its address: by the app that has the handbook."""
    _address[:] = [address]


def help_paragraphs() -> dict[str, str]:
    """Every declared page with the key of its paragraph."""
    return dict(_paragraphs)


def help_url(route: str) -> str:
    """The address of the paragraph about a page, "" where none is declared."""
    return _address[0](_paragraphs[route]) if route in _paragraphs and _address else ""
