"""The version of a form: a digest of each value as it was shown, checked under the row's lock before anything is kept.

A digest a field, and not one of the row: two people who change different fields do not disturb each other, and the
program knows who changed what. The digests are keyed and name their row, so they tell nothing of the values.
"""

import datetime
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.crypto import salted_hmac

SALT = "organisations.edits"
LENGTH = 9  # bytes of a digest: nobody who may save the form gains anything from finding another value with it

Unit = tuple[str, ...]  # fields that are chosen together, such as day and time


class RowVersion:
    """What a form showed, field by field. `together` names fields of which one makes no sense without the other.

    `sent_counts`: every given field is meant as a change (the API), even one with the value that was shown.
    `kept` holds, after a merge, the stored values of fields that only somebody else had changed and that stay.
    """

    def __init__(
        self, digests: Mapping[str, str], of: Model, *, together: Iterable[Unit] = (), sent_counts: bool = False
    ):
        self.digests, self.of = dict(digests), of
        self.together, self.sent_counts = tuple(together), sent_counts
        self.kept: dict[str, Any] = {}

    @classmethod
    def of_values(cls, values: Mapping[str, Any], of: Model, **more: Any) -> "RowVersion":
        """The version of a form that shows `values` of the row `of`."""
        return cls({name: _digest(settings.SECRET_KEY, of, name, value) for name, value in values.items()}, of, **more)

    @classmethod
    def parse(cls, text: str, of: Model, **more: Any) -> "RowVersion":
        """The version in a form's hidden field; what is no version says nothing, so nothing counts as seen."""
        pairs = (part.partition(".") for part in text.split())
        return cls({name: digest for name, dot, digest in pairs if dot}, of, **more)

    def __str__(self) -> str:
        return " ".join(f"{name}.{digest}" for name, digest in self.digests.items())

    def shows(self, name: str, value: Any) -> bool:
        """Whether the form showed this value of the field."""
        shown = self.digests.get(name, "").encode()
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return any(compare_digest(shown, _digest(key, self.of, name, value).encode()) for key in keys)

    def units(self, names: Iterable[str]) -> Iterator[Unit]:
        """The fields, those that belong together as one unit, in their order."""
        names = list(names)
        seen: set[str] = set()
        for name in names:
            if name not in seen:
                group = next((unit for unit in self.together if name in unit), (name,))
                unit = tuple(one for one in group if one in names)
                seen.update(unit)
                yield unit


class StoredMeanwhile(Exception):
    """Somebody stored other values since the form was shown. Nothing was written.

    `stored` is what stands now, by field. `undecided` are the units that both sides changed; of the rest `kept` holds
    the stored values that only the other side changed, and `only_given` names what only the caller changed. `closed`:
    what is stored can no longer be changed (it is signed, or handled).
    """

    def __init__(
        self,
        stored: Mapping[str, Any],
        undecided: Iterable[Unit],
        *,
        kept: Mapping[str, Any] | None = None,
        only_given: Iterable[str] = (),
        closed: bool = False,
    ):
        super().__init__("other values were stored since the form was shown")
        self.stored, self.undecided = dict(stored), tuple(undecided)
        self.kept, self.only_given, self.closed = dict(kept or {}), tuple(only_given), closed


def merge(version: RowVersion | None, stored: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be stored of `given`, by field; call it under the lock of the row that `stored` was read from.

    A field that only the caller changed is taken as given, one that only somebody else changed stays as stored (then it
    stands in `version.kept`). StoredMeanwhile where both changed one differently. Without a version `given` holds.
    """
    if version is None:
        return dict(given)
    undecided: list[Unit] = []
    only_given: list[str] = []
    kept: dict[str, Any] = {}
    for unit in version.units(name for name in given if name in stored):
        if all(plain(given[name]) == plain(stored[name]) for name in unit):
            continue
        if all(version.shows(name, stored[name]) for name in unit):
            only_given += unit
        elif not version.sent_counts and all(version.shows(name, given[name]) for name in unit):
            kept |= {name: stored[name] for name in unit}
        else:
            undecided.append(unit)
    if undecided:
        raise StoredMeanwhile(stored, undecided, kept=kept, only_given=only_given)
    version.kept = kept
    return {**given, **kept}


def values_of(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """The row's values by field; those of a relation to many as a list."""
    many = {field.name for field in row._meta.many_to_many}
    return {name: list(getattr(row, name).all()) if name in many else getattr(row, name) for name in names}


def write(row: Model, values: Mapping[str, Any], *, also: Iterable[str] = (), **clean: Any) -> None:
    """Set `values` on a locked row, check it and save these columns only (and those that follow: `also`).

    `clean` is for `full_clean`. ValidationError for what does not fit.
    """
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean(**clean)
    row.save(update_fields=[*values, *also])


def plain(value: Any) -> str:
    """A value as text, the same whether it comes from a form or from the database."""
    for kinds, text in PLAIN:
        if isinstance(value, kinds):
            return text(value)
    return str(value).replace("\r\n", "\n").strip()


PLAIN: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (type(None), lambda value: ""),
    (bool, lambda value: "yes" if value else "no"),
    (Model, lambda value: str(value.pk)),
    ((QuerySet, list, tuple, set), lambda value: " ".join(sorted(map(plain, value)))),
    # Forms show hours and minutes: seconds that another system sent are no change of whoever saves the form.
    (datetime.time, lambda value: value.strftime("%H:%M")),
    (datetime.date, lambda value: value.isoformat()),
)


def _digest(key: str, of: Model, name: str, value: Any) -> str:
    told = f"{of._meta.label} {of.pk} {name}\n{plain(value)}"
    made = salted_hmac(SALT, told, secret=key, algorithm="sha256").digest()
    return urlsafe_b64encode(made[:LENGTH]).decode()
