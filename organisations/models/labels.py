"""Names, references and labels: one line of text that cannot turn round the text beside it, and when two are one."""

import re
import unicodedata
from typing import Any

from django.db import models

# Shown as nothing, and yet part of how some names are written: joiners (Persian, Hindi) and direction marks. Not so
# embeddings, overrides and isolates (U+202A-202E, U+2066-2069): with one a name can show a sentence, a date or another
# name back to front. A client's own words are kept as they are, and shown isolated.
_WRITTEN_INVISIBLY = frozenset("\u061c\u200c\u200d\u200e\u200f")
# Shown as nothing or as a blank although Unicode counts them as letters or marks.
_SHOWN_AS_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def straight(text: str) -> str:
    """The text in one line, each letter as one sign (NFC), without signs that turn the direction or show nothing.

    Empty where nothing would be seen.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = "".join(char for char in text if char in _WRITTEN_INVISIBLY or not _is_invisible(char))
    line = unicodedata.normalize("NFC", " ".join(seen.split()))
    return line if normal_form(line) else ""


def normal_form(text: str) -> str:
    """What two spellings of one reference, name or label have in common; equal for what looks alike but for case.

    Without case, with each letter as one sign (NFC), any run of blanks as one, without signs that show nothing. It is
    compared, never shown. Up to three times as long as the text.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split()).casefold()
    seen = "".join(char for char in unicodedata.normalize("NFD", text) if not _is_invisible(char))
    return unicodedata.normalize("NFC", " ".join(seen.split()).casefold())


def _is_invisible(char: str) -> bool:
    if char.isspace():
        return False
    return unicodedata.category(char) in ("Cf", "Cc") or bool(_SHOWN_AS_NOTHING.match(char))


class LabelField(models.CharField):
    """A CharField whose text is made straight wherever it comes from: a form, the API, an import, an update."""

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return straight(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class NormalFormField(models.CharField):
    """The normal form of the column `of`, written with it; never set by hand."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """What will be stored, so that constraints are checked with it."""
        return normal_form(getattr(model_instance, self.of))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = normal_form(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value
