"""What lists can be narrowed by; a value or a name that does not exist is refused, not overlooked."""

import datetime

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

BOTH = (("true", "true"), ("false", "false"))
FIRST, LAST = datetime.date(1900, 1, 1), datetime.date(2200, 1, 1)
NO_DATE = _("A date or time between the years 1900 and 2200 in ISO form.")


class MomentField(django_filters.fields.IsoDateTimeField):
    """A moment; one beyond all calendars would overflow on its way to the database."""

    def clean(self, value):
        moment = super().clean(value)
        if moment is not None and not FIRST.year <= moment.year < LAST.year:
            raise forms.ValidationError(NO_DATE)
        return moment


class MomentFilter(filters.IsoDateTimeFilter):
    field_class = MomentField


class DayField(forms.DateField):
    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def clean(self, value):
        day = super().clean(value)
        if day is not None and not FIRST <= day < LAST:
            raise forms.ValidationError(NO_DATE)
        return day


class DayFilter(filters.DateFilter):
    field_class = DayField


class FlagFilter(filters.TypedChoiceFilter):
    """Exactly "true" or "false"."""

    def __init__(self, **kwargs):
        super().__init__(choices=BOTH, coerce=lambda text: text == "true", **kwargs)


class FreshFilters(filters.FilterSet):
    """Of every list: only what changed at that moment or later."""

    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")
