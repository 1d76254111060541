"""Who stored what stands in a column now, and when: read from the row's history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import ForeignKey, ManyToManyField, Model

from organisations.history.stored_form import StoredForm, stored_value
from organisations.history.tracking import event_model_of, keeps_history
from organisations.models import Practitioner


@dataclass(frozen=True)
class LastChange:
    """`by` is None where a system did it, or somebody whom the history does not name."""

    by: Practitioner | None
    at: datetime


def last_change(row: Model, column: str) -> LastChange | None:
    """The change that brought the column's present value; None where the table has no history."""
    field: Any = row._meta.get_field(column)
    model, found_by = type(row), {"pgh_obj": row.pk}
    if isinstance(field, ManyToManyField):
        model = cast(type[Model], field.remote_field.through)
        found_by = {_key_to(model, type(row)): row.pk}
    if not keeps_history(model):
        return None
    events = event_model_of(model).objects.filter(**found_by)
    newest = events.order_by("-pgh_id").first()
    if newest is None:
        return None
    if model is type(row):
        column_of_event: Any = newest._meta.get_field(column)
        stands = stored_value(newest, column_of_event)
        if isinstance(column_of_event, StoredForm):
            stands = column_of_event.from_stored(stands)
        before = events.exclude(**{column: stands}).order_by("-pgh_id").first()
        newest = events.filter(pgh_id__gt=before.pgh_id if before else 0).order_by("pgh_id").first()
    author = (newest.pgh_context or {}).get("practitioner")
    return LastChange(Practitioner.objects.filter(pk=author).first() if author else None, newest.pgh_created_at)


def _key_to(through: type[Model], model: type[Model]) -> str:
    """The column of a table between two that points to `model`."""
    keys = (field for field in through._meta.fields if isinstance(field, ForeignKey))
    return next(key.name for key in keys if key.related_model is model)
