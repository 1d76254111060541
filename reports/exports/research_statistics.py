"""What SPSS and Stata files have in common: numbers only, labels cut by us, and how pyreadstat is given them."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reports.research.table import ExportTable, Kind, shortened

LABEL_LETTERS, VALUE_OCTETS = 80, 120
"""Stata refuses a longer label of a column, SPSS cuts a longer one of a value without a word."""


def written(table: ExportTable, ending: str, write: Callable[..., None], **choices: Any) -> bytes:
    """The table as `write` of pyreadstat makes it; missing is the program's own missing, never a code.

    Categories are numbers with labels. Marks have none: a program that meets a label takes the column for a category.
    """
    import pandas

    frame = pandas.DataFrame(
        {variable.name: pandas.array(column, dtype="Float64") for variable, column in table.numbered()}
    ).astype("float64")
    labels = [shortened(one.label, letters=LABEL_LETTERS) for one in table.variables]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{table.name}.{ending}"
        write(
            frame,
            path,
            file_label=shortened(table.label, octets=60),
            column_labels=labels,
            variable_value_labels=value_labels(table),
            **choices,
        )
        return path.read_bytes()


def value_labels(table: ExportTable) -> dict[str, dict[int, str]]:
    """The label of each number of each category."""
    return {
        one.name: {
            number: shortened(wording, octets=VALUE_OCTETS) for number, (_key, wording) in enumerate(one.categories, 1)
        }
        for one in table.variables
        if one.kind == Kind.CATEGORY and one.categories
    }
