"""What stood in rows before they were changed, made or deleted together: kept as JSON, and put back row for row."""

import base64
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import JSONField, Model, QuerySet

from organisations.history.stored_form import StoredForm, stored_value

Step = dict[str, Any]


class RowChanges:
    """Changes rows, which the caller has locked, and remembers in `steps` what `put_back` needs."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def change(self, rows: QuerySet, **values: Any) -> int:
        """Set these columns of the rows; returns how many rows there were."""
        keys = self.remember(rows, *values)
        changed = _all(rows.model).filter(pk__in=keys)
        if not any(isinstance(_field(rows.model, name), StoredForm) for name in values):
            changed.update(**values)
            return len(keys)
        for row in changed:  # what is stored is another in each row
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=[_field(rows.model, name).name for name in values])
        return len(keys)

    def remember(self, rows: QuerySet, *columns: str) -> list[Any]:
        """Keep these columns as they stand; somebody else changes them. Returns the rows' keys."""
        alike: dict[str, Step] = {}
        found = list(rows)
        for row in found:
            before = {name: plain_value(row, name) for name in columns}
            step = alike.setdefault(repr(before), _step("change", rows.model, before=before, keys=[]))
            step["keys"].append(plain_value(row, "pk"))
        self.steps += alike.values()
        return [row.pk for row in found]

    def keep(self, rows: QuerySet) -> None:
        """Keep whole rows, which may be changed or deleted by somebody else."""
        if found := [_whole(row) for row in rows]:
            self.steps.append(_step("keep", rows.model, rows=found))

    def make(self, row: Model) -> None:
        """Store a new row; put back it is gone again."""
        row.save(force_insert=True)
        self.steps.append(_step("make", type(row), keys=[plain_value(row, "pk")]))

    def delete(self, rows: QuerySet) -> None:
        """Delete the rows."""
        self.keep(rows)
        rows.delete()


def put_back(steps: Iterable[Step]) -> None:
    """Bring the rows back to where they were, the last step first. A row that has gone since stays gone."""
    for step in reversed(list(steps)):
        model = apps.get_model(step["model"])
        if step["do"] == "change":
            keys = [_value(model, "pk", key) for key in step["keys"]]
            before = {name: _value(model, name, value) for name, value in step["before"].items()}
            _all(model).filter(pk__in=keys).update(**before)
        elif step["do"] == "make":
            _all(model).filter(pk__in=[_value(model, "pk", key) for key in step["keys"]]).delete()
        else:
            _put_rows(model, step["rows"])


def _put_rows(model: type[Model], rows: list[dict[str, Any]]) -> None:
    missing = []
    for row in rows:
        values = {name: _value(model, name, value) for name, value in row.items()}
        if not _all(model).filter(pk=values["id"]).update(**values):
            missing.append(model(**values))
    _all(model).bulk_create(missing)


def _all(model: type[Model]) -> QuerySet:
    return model._default_manager.all()


def _step(do: str, model: type[Model], **more: Any) -> Step:
    return {"do": do, "model": model._meta.label, **more}


def _whole(row: Model) -> dict[str, Any]:
    return {field.attname: plain_value(row, field.attname) for field in row._meta.local_concrete_fields}


def _field(model: type[Model], name: str) -> Any:
    if name == "pk":
        return model._meta.pk
    return next(field for field in model._meta.local_concrete_fields if name in (field.name, field.attname))


def plain_value(row: Model, name: str) -> Any:
    """A column's value as JSON holds it, without losing a microsecond."""
    value = stored_value(row, _field(type(row), name))
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)


def _value(model: type[Model], name: str, value: Any) -> Any:
    field = _field(model, name)
    if isinstance(field, StoredForm):
        return field.from_stored(value)
    if value is None or isinstance(field, JSONField):
        return value
    read = field.to_python(value)
    return bytes(read) if isinstance(read, memoryview) else read
