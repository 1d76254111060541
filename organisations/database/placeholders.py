"""Placeholders of plain SQL for a model's columns."""

from django.db import connection, models


def typed_placeholder(field: models.Field) -> str:
    """The placeholder of a column's value with its type, for a SELECT or VALUES that says it nowhere else.

    Without the length: a cast to varchar(20) would cut what is longer, and a column refuses it.
    """
    return f"%s::{str(field.db_type(connection)).split('(')[0]}"
