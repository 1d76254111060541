"""Words that somebody goes through before a client is given everything, and passages that are held back."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from clients.models import HeldBackPassage
from organisations.history.privacy import DataClass
from reports.subject.columns import words_of
from reports.subject.rows import TableRows
from sessions_app.models import Note
from sessions_app.models.note import OWN_WORDS

# Names of others, though no free text.
NAMES_OF_OTHERS = {("clients.Rater", "label"), ("clients.Consent", "guardian")}
# Inside lists of values: keys, days and the program's own words.
NO_WORDS = re.compile(r"[0-9a-f-]{32,36}|[\d:.+TZ -]+|[a-z0-9_.]+")


@dataclass(frozen=True)
class ReviewedText:
    """A text about the client, where it stands, and whether the client said it."""

    text: str
    where: str
    is_own: bool = False


def texts_in(tables: Iterable[TableRows]) -> list[ReviewedText]:
    """Every text once, those of the rows before those of their history."""
    found: dict[str, ReviewedText] = {}
    for table in tables:
        for row in table.rows:
            for column in table.columns:
                for text in _texts_of(table, column, row):
                    found.setdefault(text, ReviewedText(text, _where(table, column, row), _is_own(table, row)))
    return list(found.values())


def _texts_of(table: TableRows, column: models.Field, row: models.Model) -> Iterator[str]:
    if table.label == "clients.HeldBackPassage":
        return  # what is told of what is held back
    if table.holds[column.name] != DataClass.WORDS and (table.label, column.name) not in NAMES_OF_OTHERS:
        return
    value = getattr(row, column.attname)
    if isinstance(value, str):
        if value.strip():
            yield value
        return
    yield from (text for text in _leaves(value) if text.strip() and not NO_WORDS.fullmatch(text))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)


def _where(table: TableRows, column: models.Field, row: models.Model) -> str:
    about = [str(table.given.words), words_of(column.name)]
    if table.label == Note._meta.label:
        about[1] = str(row.get_kind_display())  # type: ignore[attr-defined]
    if table.is_history:
        about.append(_("as it stood before"))
    return " · ".join(about)


def _is_own(table: TableRows, row: models.Model) -> bool:
    return table.label == Note._meta.label and getattr(row, "kind", "") in OWN_WORDS


def digest_of(texts: Iterable[ReviewedText], held: Iterable[HeldBackPassage]) -> str:
    """Of all that was shown to whoever went through it: another one once something was written since."""
    shown = [one.text for one in texts] + sorted(f"{one.passage}\0{one.reason}" for one in held)
    return sha256("\0".join(shown).encode()).hexdigest()


class Blackened:
    """Texts with a sentence in the place of each passage that is held back."""

    def __init__(self, held: Sequence[HeldBackPassage]):
        # The longest first: one passage may be a part of another one.
        self.passages = sorted(((one.passage, one.reason) for one in held), key=lambda one: -len(one[0]))

    def __bool__(self) -> bool:
        return bool(self.passages)

    def of(self, value: Any) -> Any:
        """The same value with its texts blackened, however deep they stand."""
        if isinstance(value, str):
            for passage, reason in self.passages:
                value = value.replace(passage, _("[held back: %(reason)s]") % {"reason": reason})
            return value
        if isinstance(value, dict):
            return {key: self.of(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.of(one) for one in value]
        return value
