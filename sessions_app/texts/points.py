"""Tenths of a point as a reader of the active language writes them; Django knows how."""

from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language

from sessions_app.measures.marks import POINT


def points(tenths: int | None) -> str:
    """Tenths as points, with a real minus: 263 is "26,3" in Danish and "26.3" in English, 220 is "22"; None is ""."""
    return "" if tenths is None else _written(tenths, get_language())


@lru_cache(maxsize=4096)  # a few hundred numbers in a few languages, on every page hundreds of times
def _written(tenths: int, language: str | None) -> str:
    return number_format(tenths / POINT).replace("-", "\N{MINUS SIGN}")


def signed(tenths: int) -> str:
    """A change with its sign: "+12,1", "−3"; none is "0"."""
    return ("+" if tenths > 0 else "") + points(tenths)
