"""Fields of the API: rows that the caller may see, and tenths of a point."""

from collections.abc import Callable

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from organisations.edits.versions import RowVersion
from organisations.models import Practitioner


@extend_schema_field({"type": "string", "format": "uuid"})
class VisibleField(serializers.PrimaryKeyRelatedField):
    """The id of a row among `rows(practitioner)`; any other id does not exist, whosever it is."""

    default_error_messages = {"does_not_exist": _("There is no such row."), "incorrect_type": _("Write an id.")}

    def __init__(self, *, rows: Callable[[Practitioner], QuerySet] | None = None, **kwargs):
        self.rows = rows
        if rows is not None:
            kwargs["queryset"] = Practitioner.objects.none()  # a placeholder; get_queryset asks `rows`
        super().__init__(pk_field=serializers.UUIDField(), **kwargs)

    def get_queryset(self):
        if self.rows is None:
            return super().get_queryset()
        return self.rows(self.context["request"].practitioner)


class StrictSerializer(serializers.Serializer):
    """Refuses what it does not know: a misspelt field, and one that nobody may write."""

    default_error_messages = {"unknown": _("There is no such field, or it cannot be written.")}

    def to_internal_value(self, data):
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(str(name) for name in set(data) - writable)
            if unknown:
                raise serializers.ValidationError(
                    {name: [self.error_messages["unknown"]] for name in unknown}, code="unknown"
                )
        return super().to_internal_value(data)


class VersionOut(serializers.CharField):
    """The version of a row's fields that can be changed; a change that names it is refused if they differ by now."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, source="*", help_text="Send it with a change; see PATCH.", **kwargs)

    def to_representation(self, row):
        return str(RowVersion.of_values(self.parent.versioned(row), row))


class VersionIn(serializers.CharField):
    """What a change was written over."""

    def __init__(self, **kwargs):
        told = "The `version` that the change is written over. 409 with `theirs` if one of the sent fields is another "
        told += "by now. Left out: the sent fields are written whatever stands there."
        super().__init__(required=False, help_text=told, max_length=2000, **kwargs)


class Tenths(serializers.IntegerField):
    """A mark or total in tenths of a point: 74 is 7.4. Only a whole JSON number: neither text nor true."""

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


def points(tenths: int | None) -> str | None:
    """Tenths as a decimal text with a point, whatever the language: 263 is "26.3"."""
    return None if tenths is None else f"{tenths // 10}.{tenths % 10}"


def in_house(model: type[Model]) -> Callable[[Practitioner], QuerySet]:
    """The rows of a model that a practitioner may see."""

    def visible(practitioner: Practitioner) -> QuerySet:
        return model.objects.visible_to(practitioner)

    return visible
