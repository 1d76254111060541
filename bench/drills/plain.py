"""Looks for answers that can be read in a browser's profile on disk.

Two shapes are sought in every file, whatever stands between their parts (quotes, "=", commas, the lengths of
Chromium's serialised objects, the zero bytes of UTF-16): an item's key with a number right after it, and the marks
of one form in their order, as tenths or as decimals. A compressed text could hide them; the control shows that the
stores in which a page can keep something do not hide them.
"""

import re
from collections.abc import Iterable
from pathlib import Path

BETWEEN = rb"[^0-9A-Za-z]{1,24}?"
NUMBER = rb"(\d{1,3}(?:\.\d)?)"
ROW = re.compile(rb"(?<![\d.])(?=" + rb"[\s\",;&|]{1,4}".join([NUMBER] * 4) + rb"(?![\d.]))")


def plain_answers(folder: Path, items: Iterable[str], answers: Iterable[tuple[int, ...]]) -> set[str]:
    """The places under `folder` where a mark of `items` or all of one of `answers` (tenths) can be read."""
    keys = b"|".join(re.escape(item.encode()) for item in items)
    keyed = re.compile(rb"\b(?:" + keys + rb")" + BETWEEN + rb"\d{1,2}\.\d(?!\d)")
    sought = set(answers)
    return {
        f"{path.relative_to(folder)}: {words.decode('latin-1')!r}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
        for words in _readable(path.read_bytes().replace(b"\0", b""), keyed, sought)
    }


def _readable(text: bytes, keyed: re.Pattern[bytes], sought: set[tuple[int, ...]]) -> Iterable[bytes]:
    yield from (found[0] for found in keyed.finditer(text))
    for row in ROW.finditer(text):
        if tuple(_tenths(number) for number in row.groups()) in sought:
            yield b" ".join(row.groups())


def _tenths(number: bytes) -> int:
    whole, point, tenth = number.partition(b".")
    return int(whole) * 10 + int(tenth) if point else int(whole)
