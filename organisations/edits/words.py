"""A field's value as people read it."""

import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _


def in_words(field: forms.Field, value: Any) -> str:
    """The value with the words of the field's own choices; "nothing" where it is empty and no choice says so."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(field.label_from_instance(row) for row in value or ())) or _("nothing")
    if isinstance(field, forms.ModelChoiceField) and value is not None:
        return str(field.label_from_instance(value))
    if isinstance(field, forms.ModelChoiceField):
        return str(field.empty_label or _("nothing"))
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ChoiceField):
        return _of_choices(field, value)
    if isinstance(value, datetime.time):
        return time_format(value, "TIME_FORMAT")
    if isinstance(value, datetime.date):
        return date_format(value, "DATE_FORMAT")
    return str("" if value is None else field.prepare_value(value)) or _("nothing")


def _of_choices(field: forms.ChoiceField, value: Any) -> str:
    sent = "" if value is None else str(value)
    found = {str(key): str(label) for key, label in field.choices}
    return found.get(sent, sent) or _("nothing")
