"""Columns that hold something else than a row's attribute shows: what moves rows about takes what is stored."""

from abc import abstractmethod
from typing import Any

from django.db import models


class StoredForm:
    """Mixed into such a field; no ABC, whose instances Django could not copy."""

    @abstractmethod
    def stored(self, row: models.Model) -> Any:
        """What stands in the column of this row, or would after saving it."""

    @abstractmethod
    def from_stored(self, value: Any) -> Any:
        """The value that writes exactly this into the column."""


def stored_value(row: models.Model, field: Any) -> Any:
    """What stands in a column; of most fields that is what the attribute shows."""
    return field.stored(row) if isinstance(field, StoredForm) else field.value_from_object(row)
