"""Questions to the database whose SQL the ORM writes once a process: later calls send other values with the same text.

    @written_once
    def _messages(by: Practitioner, since: date):
        return PairMessage.objects.unread_by(by).filter(written_on__gte=since)

The function builds a queryset from its arguments and from nothing else: no clock, no settings, no request. Called, it
gives the rows as a list. What an argument does follows from its type:

- a row, a key (UUID), a day, a moment: a value that is sent; of a row its key, of a practitioner the organisation too
- a list of keys: a value that is sent; the query compares with `__any`
- anything else (None, a bool, a word of an enum, a practitioner's role): part of the question; each has its own SQL.
  No free text, of which there is no end

The query is written with two sets of made-up values. What differs between the two has to be one of them as it was
given, or a day or moment moved by a fixed time; anything else that was worked out, or read from a clock, is refused
(`NotWrittenOnce`) instead of being kept.
"""

import datetime
import itertools
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from operator import itemgetter
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.fields.related import ForeignObject
from django.db.models.lookups import Lookup
from django.db.transaction import TransactionManagementError

from organisations.models import Organisation, Practitioner

P = ParamSpec("P")
Row = TypeVar("Row")
ENDLESS = (datetime.date.max, datetime.time.max)
"""Days and times that may stand in a statement for good: those that sort behind every other one."""
_APART = datetime.timedelta(days=1037)
"""Between two made-up days: they stand at other places of their week, month and year, and in other years."""
_number = itertools.cycle(range(2500))
WRITTEN: dict[tuple[Any, ...], "_Statement"] = {}
"""What this process has written, by function and question."""


class NotWrittenOnce(TypeError):
    """A question holds something that is not one of its values as they were given."""


@models.UUIDField.register_lookup
@ForeignObject.register_lookup
class EqualsAny(Lookup):
    """`key__any=[...]`: as `__in`, with one parameter however many keys there are."""

    lookup_name = "any"

    def get_prep_lookup(self):
        return list(self.rhs)

    def as_sql(self, compiler, connection):
        left, values = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*values, self.rhs]


def written_once(build: Callable[P, Iterable[Row]]) -> Callable[P, list[Row]]:
    """The rows of a queryset that `build` makes of its arguments; see the module."""

    @wraps(build)
    def rows(*given: P.args, **named: P.kwargs) -> list[Row]:
        if named:
            raise NotWrittenOnce(f"{build.__name__} takes its values by their place")
        question = (build, *map(_question, given))
        statement = WRITTEN.get(question)
        if statement is None:
            statement = WRITTEN[question] = _Statement(build, given)
        return statement.rows(given)

    return rows


class _Statement:
    """The SQL of one question, and what it sends: constants, or a place among the values of a call."""

    def __init__(self, build: Callable[..., Any], given: Sequence[Any]) -> None:
        with connections[DEFAULT_DB_ALIAS].execute_wrapper(_refuse_to_ask):
            first, second = [_stand_in(value) for value in given], [_stand_in(value) for value in given]
            self.queryset, other = build(*first), build(*second)
            self.compiler = self.queryset.query.get_compiler(DEFAULT_DB_ALIAS)
            try:
                self.sql, params = self.compiler.as_sql()
                other_sql, other_params = other.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
            except EmptyResultSet:
                self.sql = ""
                return
        if self.sql != other_sql or len(params) != len(other_params):
            raise NotWrittenOnce(f"{build.__name__}: what is asked depends on a value")
        places = list(zip(_values(first), _values(second), strict=True))
        self.parts: list[Callable[[list[Any]], Any]] = []
        for pair in zip(params, other_params, strict=True):
            part = _part(pair, places)
            if part is None:
                raise NotWrittenOnce(f"{build.__name__} sends {pair[0]!r}, which is none of its values")
            self.parts.append(part)
        columns = [chosen[0] for chosen in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)

    def rows(self, given: Sequence[Any]) -> list[Any]:
        """Ask with these values."""
        if not self.sql:
            return []
        if self.queryset.query.select_for_update and not connections[self.queryset.db].in_atomic_block:
            raise TransactionManagementError("A row is locked until the end of a transaction, and there is none")
        values = _values(given)
        params = tuple(part(values) for part in self.parts)
        compiler = _like(self.compiler)
        compiler.as_sql = lambda *_args, **_how: (self.sql, params)
        compiler.get_converters = lambda _columns: self.converters
        asked, query = _like(self.queryset), _like(self.queryset.query)
        query.get_compiler = lambda *_args, **_how: compiler
        asked._query = query  # not `query`, which makes dicts of a list of values
        asked._result_cache, asked._prefetch_done = None, False
        compiler.connection = connections[asked.db]
        return list(asked)


def _refuse_to_ask(*_statement: Any) -> None:
    raise NotWrittenOnce("A question asks the database, or for more of a row than its key, while it is written")


def _like(one: Any) -> Any:
    """Another object with the same attributes; `copy.copy` of a queryset would ask the database."""
    other = object.__new__(type(one))
    other.__dict__.update(one.__dict__)
    return other


def _question(value: Any) -> Any:
    """What of a value makes another question."""
    if isinstance(value, Practitioner):
        return Practitioner, value.role, value.is_active, tuple(value.organisation.narrowed)
    if isinstance(value, models.Model | uuid.UUID | datetime.date):
        return type(value)
    if type(value) is str:
        raise NotWrittenOnce("Each text would be a question of its own: ask anew, without keeping the SQL")
    return list if isinstance(value, list) else (type(value), value)


def _stand_in(value: Any) -> Any:
    """A made-up value of the same kind; a row has nothing but what a question may ask of it."""
    if isinstance(value, Practitioner):
        place = Organisation.from_db(DEFAULT_DB_ALIAS, ["id", "narrowed"], [uuid.uuid4(), value.organisation.narrowed])
        names = ["id", "organisation_id", "role", "is_active"]
        made = Practitioner.from_db(DEFAULT_DB_ALIAS, names, [uuid.uuid4(), place.pk, value.role, value.is_active])
        made.organisation = place
        return made
    if isinstance(value, models.Model):
        return type(value).from_db(DEFAULT_DB_ALIAS, [value._meta.pk.attname], [uuid.uuid4()])
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    if isinstance(value, datetime.datetime):
        return datetime.datetime(1200, 1, 1, 0, 0, 7, tzinfo=datetime.UTC) + _APART * next(_number)
    if isinstance(value, datetime.date):
        return datetime.date(1100, 1, 1) + _APART * next(_number)
    return [uuid.uuid4()] if isinstance(value, list) else value


def _values(given: Iterable[Any]) -> list[Any]:
    """What is sent of these arguments."""
    found: list[Any] = []
    for value in given:
        if isinstance(value, Practitioner):
            found += [value.pk, value.organisation_id]
        elif isinstance(value, models.Model):
            found.append(value.pk)
        elif isinstance(value, uuid.UUID | datetime.date | list):
            found.append(value)
    return found


def _part(pair: tuple[Any, Any], places: list[tuple[Any, Any]]) -> Callable[[list[Any]], Any] | None:
    """How one parameter, as it is in the two, comes from the values of a call; None where it does not."""
    if pair in places:
        return itemgetter(places.index(pair))
    one, other = pair
    if type(one) is not type(other):
        return None
    if isinstance(one, list) and len(one) == len(other):
        parts = [_part(inner, places) for inner in zip(one, other, strict=True)]
        return None if None in parts else lambda values: [part(values) for part in parts if part]
    if isinstance(one, datetime.date):
        for place, (first, second) in enumerate(places):
            if type(first) is type(one) and one - first == other - second:
                return _moved(place, one - first)
    fixed = one == other and (one in ENDLESS or not isinstance(one, uuid.UUID | datetime.date | datetime.time))
    return (lambda _values: one) if fixed else None


def _moved(place: int, by: datetime.timedelta) -> Callable[[list[Any]], Any]:
    return lambda values: values[place] + by
