"""A field's value as people read it."""

import datetime
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.choices import flatten_choices
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _


def in_words(field: forms.Field, value: Any) -> str:
    """The value with the words of the field's own choices; "empty" where it is empty and no choice says so."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(field.label_from_instance(row) for row in value or ())) or _("empty")
    if isinstance(field, forms.ModelChoiceField) and value is not None:
        return str(field.label_from_instance(value))
    if isinstance(field, forms.ModelChoiceField):
        return str(field.empty_label or _("empty"))
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ChoiceField):
        return _of_choices(field, value)
    if isinstance(value, datetime.time):
        return time_format(value, "TIME_FORMAT")
    if isinstance(value, datetime.date):
        return date_format(value, "DATE_FORMAT")
    return str("" if value is None else field.prepare_value(value)) or _("empty")


def _of_choices(field: forms.ChoiceField, value: Any) -> str:
    sent = "" if value is None else str(value)
    choices: list[tuple[Any, Any]] = list(flatten_choices(cast(Iterable, field.choices)))
    found = {str(key): str(label) for key, label in choices}
    return found.get(sent, sent) or _("empty")
