"""What the application may not do with a table's rows, declared beside its model and granted after each migration."""

from django.db import models

from organisations.history.tracking import ModelClass

_append_only: set[type[models.Model]] = set()
_never_deleted: set[type[models.Model]] = set()


def append_only(model: ModelClass) -> ModelClass:
    """Declare that rows of the decorated model are neither changed nor deleted."""
    _append_only.add(model)
    return model


def never_deleted(model: ModelClass) -> ModelClass:
    """Declare that rows of the decorated model are changed, but not deleted."""
    _never_deleted.add(model)
    return model


def append_only_tables() -> set[str]:
    """The names of the tables that only ever grow, those of the history aside."""
    return {model._meta.db_table for model in _append_only}


def never_deleted_tables() -> set[str]:
    """The names of the tables of which no row goes."""
    return {model._meta.db_table for model in _never_deleted}
