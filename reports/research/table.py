"""A table that goes out, as every format writes it: columns that say what they are, and rows of plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_NAME = 32
"""Signs of a column's name: what Stata takes."""

Value = int | str | None


class Kind(StrEnum):
    """What a column holds. Never decimals: a package that meets one makes it text, or keeps one digit of a mean."""

    ID = "id"  # a random number of twelve digits
    COUNT = "count"
    TENTHS = "tenths"  # of a point: 253 is 25.3
    CATEGORY = "category"


@dataclass(frozen=True)
class Variable:
    """A column. `label` is its whole wording, `categories` the (key, wording) of each of its values.

    Rows hold a category's key; formats without such keys its number, which is its place from 1 on. `note` says what
    the wording leaves out.
    """

    name: str
    label: str
    kind: Kind
    categories: tuple[tuple[str, str], ...] = ()
    note: str = ""

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each category."""
        return {key: number for number, (key, _wording) in enumerate(self.categories, 1)}

    def number(self, value: Value) -> int | None:
        """A value as a number, None where it is missing. KeyError for a category that the column does not know."""
        return self.numbers[value] if isinstance(value, str) else value


@dataclass(frozen=True)
class ExportTable:
    """Rows in their order, each with a value for each variable; None is missing."""

    name: str
    label: str
    variables: tuple[Variable, ...]
    rows: tuple[tuple[Value, ...], ...]

    def __post_init__(self) -> None:
        names = [one.name.casefold() for one in self.variables]
        if len(set(names)) < len(names) or any(len(name) > LONGEST_NAME or not name.isascii() for name in names):
            raise ValueError("names of columns differ in more than capitals, and are short and ASCII")

    def column(self, name: str) -> list[Value]:
        """The values of a column. KeyError for none."""
        place = {one.name: place for place, one in enumerate(self.variables)}[name]
        return [row[place] for row in self.rows]

    def numbered(self) -> Iterator[tuple[Variable, list[int | None]]]:
        """Each column as numbers, for formats that have no categories in words."""
        for place, variable in enumerate(self.variables):
            numbers = variable.numbers
            column = [row[place] for row in self.rows]
            yield variable, [numbers[one] if isinstance(one, str) else one for one in column]


@dataclass(frozen=True)
class Dataset:
    """Everything that goes out of one export. `facts` are (name, value) about the study in the export's language;
    `figures` (name, value) as the results page works them out of these rows, with the limits in `constants`;
    `report` what was counted."""

    title: str
    language: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[ExportTable, ...]
    figures: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    report: dict = field(default_factory=dict)


def shortened(text: str, *, letters: int = 0, octets: int = 0) -> str:
    """A text cut with an ellipsis where it has more letters, or more octets in UTF-8, than it may; one of both."""
    if letters:
        return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
    if len(text.encode()) <= octets:
        return text
    return text.encode()[: octets - len("…".encode())].decode(errors="ignore").rstrip() + "…"


def means(tables: Sequence[ExportTable]) -> Iterator[tuple[str, str, int, float]]:
    """Table, column, number of values and mean of each column that is counted or measured."""
    for table in tables:
        for place, variable in enumerate(table.variables):
            values = [row[place] for row in table.rows]
            known = [one for one in values if isinstance(one, int)]
            if known and variable.kind in (Kind.COUNT, Kind.TENTHS):
                yield table.name, variable.name, len(known), sum(known) / len(known)
