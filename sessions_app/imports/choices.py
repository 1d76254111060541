"""What somebody has said about a file that the file does not say itself (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from organisations.models.labels import normal_form
from sessions_app.imports.columns import column_named

UNUSED = ""  # a column of the file that is left out
DAY_FIRST, MONTH_FIRST = "day", "month"
FORMER = "name:"  # before the name of a practitioner who has no e-mail address


@dataclass(frozen=True)
class Choices:
    """Empty where the file is read as it stands. Keys of mappings are normal forms of the file's own text.

    `columns`: header to one of COLUMNS, or UNUSED. `people`: a name to an e-mail address, or to FORMER and a name.
    `attendance`: a word to a kind of attendance. `date_order`: how 05/12/2025 is read.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    date_order: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    attendance: Mapping[str, str] = field(default_factory=dict)
    clients: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str | None:
        """What a header's name means: a column, UNUSED, or None where nobody knows."""
        return self.columns.get(normal_form(name), column_named(name))

    def columns_of(self, header: Sequence[str]) -> list[str | None]:
        """What each field of a header means."""
        return [self.column(name) for name in header]

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Choices":
        """The choices that `as_json` gave; what else stands beside them is passed over."""
        return cls(**{name: value for name, value in stored.items() if name in cls.__dataclass_fields__})

    def as_json(self) -> dict[str, Any]:
        """The choices that were made, as plain data."""
        return {name: value for name, value in asdict(self).items() if value}


AS_IT_STANDS = Choices()
