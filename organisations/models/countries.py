"""Countries, languages and time zones that an organisation can be in."""

from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Country(models.TextChoices):
    DENMARK = "DK", _("Denmark")
    SWEDEN = "SE", _("Sweden")
    NORWAY = "NO", _("Norway")
    OTHER = "other", _("Another country")


def language_choices() -> list[tuple[str, str | Promise]]:
    """(code, name) of the languages that the application speaks, in the order in which they are offered."""
    return [(language.code, language.name) for language in settings.MEDSPIL_LANGUAGES]


def usual_language(country: str) -> str:
    """The code of the language that organisations of a country begin with; English where the country has none."""
    found = (language.code for language in settings.MEDSPIL_LANGUAGES if language.country == country)
    return next(found, settings.LANGUAGE_CODE)


def validate_time_zone(name: str) -> None:
    """Refuse a name that the time zone database does not know."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone."), params={"name": name})
