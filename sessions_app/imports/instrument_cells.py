"""The five cells that a line has for one instrument: four marks and a total (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sessions_app.imports.faults import LineError, shown
from sessions_app.measures.marks import MarkError, parse_mark, parse_total


@dataclass(frozen=True, slots=True)
class Given:
    """One instrument at one session, in tenths; `marks` is None where only the total is known."""

    total: int
    marks: tuple[int, ...] | None


def given(columns: Sequence[str], said: list[str], total_column: str, total_said: str) -> Given | None:
    """What the five cells of one instrument say: four marks, a total alone, or both if they agree."""
    total_given = bool(total_said.strip())
    there = [bool(text.strip()) for text in said]
    if not any(there):
        return Given(_tenths(total_column, total_said), None) if total_given else None
    marks = []
    for column, text, is_given in zip(columns, said, there, strict=True):
        if is_given:
            marks.append(_tenths(column, text))
        elif not total_given:
            raise LineError(column, "mark_missing")
    if not total_given:
        return Given(sum(marks), tuple(marks))
    total = _tenths(total_column, total_said)
    missing = len(columns) - len(marks)
    if not sum(marks) <= total <= sum(marks) + 100 * missing:
        raise LineError(total_column, "total_differs" if not missing else "total_out_of_reach", sum=sum(marks))
    # Beside a total, marks that are missing stay missing: a quarter of the total would be invented data.
    return Given(total, tuple(marks) if not missing else None)


@lru_cache(4096)
def _as_tenths(is_total: bool, said: str) -> int | str:
    try:
        return parse_total(said) if is_total else parse_mark(said)
    except MarkError as error:
        return error.code


def _tenths(column: str, said: str) -> int:
    is_total = column.endswith("total")
    tenths = _as_tenths(is_total, said)
    if isinstance(tenths, str):
        raise LineError(column, f"{'total' if is_total else 'mark'}_{tenths}", text=shown(said))
    return tenths
