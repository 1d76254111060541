"""Files for spreadsheets: semicolons, a mark that says UTF-8, and no cell that is worked out as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # spreadsheets work out what begins like this


def text_cell(words: str) -> str:
    """Words that no spreadsheet takes for a formula: with an apostrophe before what it would work out."""
    return f"'{words}" if words.startswith(FORMULA) else words


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as a file; whoever gives them has made their words harmless by `text_cell`."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")
