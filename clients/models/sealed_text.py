"""Text columns that hold a client's words sealed: AES-256-GCM with the client's own key (clients/models/word_key.py).

A row's attribute shows the text. In the database stands `sealed:1:<key>:<base64>`, bound to its table, column,
organisation, client and row, so that it opens nowhere else; an empty text stays empty, so that "has words" is asked in
SQL. A trigger that copies the column into the history copies what stands there.
"""

import base64
import binascii
import logging
import secrets
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

from clients.models.word_key import keys_to_seal_with, opened_key, will_be_asked_for
from organisations.history.stored_form import StoredForm

MARK = "sealed:1:"
NONCE = 12
LOOKUPS = {
    "exact",
    "isnull",
    "df",
    "ndf",
}  # of an empty text, or (also by triggers) of what stands there: never of words

logger = logging.getLogger(__name__)


class Sealed:
    """What stands in a column, not opened. It is no text: shown by mistake it is an error, not a line of letters."""

    __slots__ = ("key_id", "text")

    def __init__(self, text: str):
        self.text = text
        self.key_id = UUID(text[len(MARK) :].partition(":")[0])

    def __str__(self) -> str:
        raise TypeError("sealed words have to be opened")

    def __repr__(self) -> str:
        return "<Sealed>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


class Unreadable(str):
    """The sentence that stands where words were erased or cannot be opened; it is never stored as words."""

    words: Sealed

    def __new__(cls, sentence: str, words: Sealed) -> "Unreadable":
        made = super().__new__(cls, sentence)
        made.words = words
        return made


class WordsNotSealed(FieldError):
    """Words would reach the database as they are: rows are saved one by one, and searched in Python."""


def as_stored(value: Any) -> Any:
    """What was read from a column: sealed words, or a text from before they were sealed."""
    if isinstance(value, str) and value.startswith(MARK):
        try:
            return Sealed(value)
        except ValueError:
            return value
    return value


class SealedAttribute(DeferredAttribute):
    """Opens the words when they are looked at, and knows what stood in the column as long as nobody changed them."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            said = opened(self.field, instance, value)
            vars(instance)[self.field.attname] = said
            vars(instance)[_was(self.field)] = (said, value)
            return said
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        vars(instance)[self.field.attname] = value
        if isinstance(value, Sealed):
            will_be_asked_for(value.key_id)


def _was(field: Any) -> str:
    return f"_stored_{field.attname}"


class SealedWords(StoredForm):
    """What both kinds of columns share. `words_of` leads from a row to its client's key: "session.client_id"."""

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, words_of: str, **kwargs: Any):
        self.words_of = words_of
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()  # type: ignore[misc]  # of the field that it is mixed into
        return name, path, args, kwargs | {"words_of": self.words_of}

    def db_type(self, connection: Any) -> str:
        return "text"

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        return as_stored(value)

    def from_stored(self, value: Any) -> Any:
        return as_stored(value)

    def stored(self, row: models.Model) -> Any:
        value = self.pre_save(row, False)
        return value.text if isinstance(value, Sealed) else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in LOOKUPS:
            raise WordsNotSealed("the database cannot search in sealed words")
        return super().get_lookup(lookup_name)  # type: ignore[misc]

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return self.get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Of a constraint that is checked before saving: it asks whether there are words, never which."""
        if prepared or isinstance(value, Sealed) or not value:
            return super().get_db_prep_value(value, connection, prepared)  # type: ignore[misc]
        return MARK

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.text
        if value is None or value == "":
            return value
        raise WordsNotSealed("words are saved row by row, so that they are sealed")

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = vars(model_instance).get(self.attname)  # type: ignore[attr-defined]
        if value is None or value == "" or isinstance(value, Sealed):
            return value
        said, before = vars(model_instance).get(_was(self), ("", None))
        if isinstance(value, Unreadable) and before is None:
            raise WordsNotSealed("the sentence in place of words is not stored as words")
        return before if before is not None and said == value else sealed(self, model_instance, str(value))


class SealedTextField(SealedWords, models.TextField):  # type: ignore[misc]  # reads by another descriptor
    """A text of any length."""


class SealedCharField(SealedWords, models.CharField):  # type: ignore[misc]  # reads by another descriptor
    """One line; `max_length` counts what people write, not what is stored."""


def client_of(field: Any, row: models.Model) -> UUID:
    """The client whose words a row holds."""
    return attrgetter(field.words_of)(row)


def sealed(field: Any, row: Any, text: str) -> Sealed:
    """The text, sealed for this column of this row with the key of its client."""
    given = [(client_of(field, row), row.pk, text)]
    return seal_texts(field, row.organisation_id, given, row._state.db or "default")[0]


def seal_texts(
    field: Any, organisation_id: UUID, given: Sequence[tuple[UUID, UUID, str]], using: str = "default"
) -> list[Sealed]:
    """Many at once, each for (client, key of the row, text); the keys of all their clients in one query."""
    keys = keys_to_seal_with({client for client, _row, _text in given}, organisation_id, using)
    found = []
    for client, row_id, text in given:
        (key_id, cipher), nonce = keys[client], secrets.token_bytes(NONCE)
        content = nonce + cipher.encrypt(nonce, text.encode(), _bound(field, organisation_id, client, row_id))
        found.append(Sealed(f"{MARK}{key_id}:{base64.b64encode(content).decode('ascii')}"))
    return found


def opened(field: Any, row: Any, words: Sealed) -> str:
    """The text, or the sentence that stands in its place."""
    history = hasattr(row, "pgh_obj_id")
    return open_words(field, words, row.organisation_id, row.pgh_obj_id if history else row.pk, row._state.db)


def open_words(field: Any, words: Sealed, organisation_id: UUID, row_id: Any, using: str | None = None) -> str:
    """The same for words that were read without their row; `row_id` is the key of the row that the history is of."""
    key = opened_key(words.key_id, organisation_id, using or "default")
    if key is None:
        logger.error("a key of words is not there: %s", words.key_id)
        return Unreadable(_("These words cannot be read at the moment."), words)
    if key.destroyed:
        return Unreadable(_("These words have been erased."), words)
    if key.cipher is None:
        return Unreadable(_("These words cannot be read at the moment."), words)
    try:
        content = base64.b64decode(words.text.rpartition(":")[2], validate=True)
        bound = _bound(field, organisation_id, key.client_id, row_id)
        return key.cipher.decrypt(content[:NONCE], content[NONCE:], bound).decode()
    except (InvalidTag, ValueError, binascii.Error):
        logger.error("words of %s do not belong where they stand", field)
        return Unreadable(_("These words cannot be read at the moment."), words)


def _bound(field: Any, organisation_id: UUID, client_id: UUID, row_id: Any) -> bytes:
    model = getattr(field.model, "pgh_tracked_model", field.model)
    return "|".join([model._meta.db_table, field.column, *map(str, (organisation_id, client_id, row_id))]).encode()


def sealed_fields() -> list[Any]:
    """Every sealed column of the application's own tables; those of the history follow them."""
    from organisations.history.privacy import own_models
    from organisations.history.tracking import is_event_model

    own = [model for model in own_models() if not is_event_model(model)]
    return [field for model in own for field in model._meta.local_fields if isinstance(field, SealedWords)]


def seal_anew(rows: Iterable[Any]) -> int:
    """Seal all words of these rows with the key of the client that they belong to now; how many rows changed."""
    changed = 0
    for row in rows:
        names = []
        for field in row._meta.local_fields:
            if not isinstance(field, SealedTextField | SealedCharField):
                continue
            if (said := getattr(row, field.attname)) and not isinstance(said, Unreadable):
                vars(row).pop(_was(field), None)
                names.append(field.attname)
        if names:
            row.save(update_fields=names)
            changed += 1
    return changed
