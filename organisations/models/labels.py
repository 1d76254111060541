"""Names, references and labels: one line of text that cannot turn round the text beside it."""

import re
import unicodedata
from typing import Any

from django.db import models

# Embeddings, overrides and isolates (U+202A-202E, U+2066-2069): a name needs none, and with one it can show a
# sentence, a date or another name back to front. A client's own words are kept as they are, and shown isolated.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def straight(text: str) -> str:
    """The text without signs that turn the direction, and with each letter as one sign (NFC)."""
    return unicodedata.normalize("NFC", TURNING.sub("", text))


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
