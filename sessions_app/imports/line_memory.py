"""What is remembered of each line of a file of past sessions until the whole is decided: 70 bytes (pure)."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, pairwise
from os import urandom
from uuid import UUID

from organisations.models.labels import normal_form
from sessions_app.imports.columns import ATTENDED, CANCELLED, NO_SHOW
from sessions_app.imports.instrument_cells import Given
from sessions_app.imports.rows import FileRow, RowRefusal
from sessions_app.measures.rules.alert_spans import Measured

_normal_form = lru_cache(1024)(normal_form)
NONE = -1  # a total that is not there
ATTENDANCES = (ATTENDED, NO_SHOW, CANCELLED)
ENDINGS = ("", "planned", "unplanned", "referred")


def values_of(attendance: str, ors: Given | None, srs: Given | None, words: str, practitioner: str) -> int:
    """64 bits that tell a session's values apart: two sessions of one day are identical when these are."""
    marks = tuple(given and (given.total, given.marks) for given in (ors, srs))
    said = repr((attendance, marks, words, _normal_form(practitioner))).encode()
    return int.from_bytes(blake2b(said, digest_size=8).digest())


def in_groups(places: Callable[[], Iterable[int]], group_of: Sequence[int], groups: int) -> Iterator[array]:
    """The places of each group, in order, from group 0 on: counted into one array, 4 bytes a place.

    `places` is asked twice, before the first group is given; `group_of` has the group of each place.
    """
    first = array("I", [0]) * (groups + 1)
    for place in places():
        first[group_of[place] + 1] += 1
    first = array("I", accumulate(first))
    found, end = array("I", [0]) * first[-1], array("I", first)
    for place in places():
        found[end[group_of[place]]] = place
        end[group_of[place]] += 1
    return (found[start:stop] for start, stop in pairwise(first))


class Names:
    """Gives each name a number, from 0 in the order of first appearance, however it is spelled."""

    def __init__(self, others: Mapping[str, str] | None = None) -> None:
        self._others = others or {}  # of names that are no longer used, by their normal forms: what is said instead
        self._numbers: dict[str, int] = {}
        self._by_spelling: dict[str, int] = {}  # a name stands on many lines, mostly spelled alike
        self._spelled: list[str] = []

    def number(self, text: str) -> int:
        """The name's number, a new one the first time."""
        number = self._by_spelling.get(text)
        if number is None and (other := self._others.get(normal_form(text))) is not None:
            number = self._by_spelling[text] = self.number(other)
        if number is None:
            number = self._by_spelling[text] = self._numbers.setdefault(normal_form(text), len(self._spelled))
            if number == len(self._spelled):
                self._spelled.append(text)
        return number

    def known(self, text: str) -> int | None:
        """The name's number, if it has one."""
        return self._numbers.get(normal_form(self._others.get(normal_form(text), text)))

    def texts(self) -> list[str]:
        """The names by their numbers, as they were first spelled."""
        return self._spelled


class Spellings:
    """One spelling for each name: as it is stored, else as it came first."""

    def __init__(self) -> None:
        self._spelled: dict[str, str] = {}
        self._stored: set[str] = set()

    def stored(self, name: str) -> str:
        """A name that is stored; of two that differ in their spelling alone each stays itself."""
        self._stored.add(name)
        self._spelled.setdefault(normal_form(name), name)
        return name

    def of(self, name: str) -> str:
        """The spelling of a name of the file."""
        return name if name in self._stored else self._spelled.setdefault(normal_form(name), name)


class FileNames:
    """The names of services, episodes, teams and people of a whole file, numbered in the file's order."""

    def __init__(self) -> None:
        self.services = Names()
        self.labels = Names()
        self.teams = Names()
        self.people = Names()

    def number(self, row: FileRow) -> tuple[int, int, int, int]:
        """The numbers of a line's service, episode, team and practitioner."""
        return (
            self.services.number(row.service),
            self.labels.number(row.episode),
            self.teams.number(row.team),
            self.people.number(row.practitioner),
        )


class Ledger:
    """The lines without a fault of their own, in columns of numbers, and the refusals of the others.

    Days are proleptic ordinals, 0 where there is none; totals are tenths, NONE where there is none.
    """

    def __init__(self, merged: Mapping[str, str] | None = None, names: FileNames | None = None) -> None:
        """`merged`: the references of records that were merged, by normal form, and of those that stayed.

        `names`: those of the whole file, where these lines are a part of one.
        """
        self.references = Names(merged)
        self.names = names or FileNames()
        self.refusals: list[RowRefusal] = []
        self.line = array("I")
        self.client = array("I")
        self.service = array("I")
        self.label = array("I")
        self.team = array("I")
        self.person = array("I")
        self.birth_year = array("H")
        self.held = array("I")
        self.attendance = array("B")
        self.ors = array("h")
        self.srs = array("h")
        self.srs_marks = array("b")  # four a line, NONE where only a total is known
        self.end = array("I")
        self.ending = array("B")
        self.values = array("Q")
        self.keys = b""

    def __len__(self) -> int:
        return len(self.line)

    @property
    def lines(self) -> int:
        """How many records the file has."""
        return len(self.line) + len(self.refusals)

    def add(self, row: FileRow | RowRefusal) -> None:
        """Remember what one record gave."""
        if isinstance(row, RowRefusal):
            self.refusals.append(row)
            if row.reference:  # so that what is stored about this client is looked up
                self.references.number(row.reference)
            return
        self.line.append(row.line)
        self.client.append(self.references.number(row.client_reference))
        for column, number in zip(
            (self.service, self.label, self.team, self.person), self.names.number(row), strict=True
        ):
            column.append(number)
        self.birth_year.append(row.birth_year or 0)
        self.held.append(row.held_on.toordinal())
        self.attendance.append(ATTENDANCES.index(row.attendance))
        self.ors.append(row.ors.total if row.ors else NONE)
        self.srs.append(row.srs.total if row.srs else NONE)
        self.srs_marks.extend(row.srs.marks if row.srs and row.srs.marks else (NONE,) * 4)
        self.end.append(row.episode_end.toordinal() if row.episode_end else 0)
        self.ending.append(ENDINGS.index(row.ending))
        self.values.append(values_of(row.attendance, row.ors, row.srs, row.words, row.practitioner))

    def draw_keys(self) -> None:
        """Give each line the id its session will have if it is new, so that alerts can name it beforehand."""
        self.keys = urandom(16 * len(self))

    def key(self, place: int) -> UUID:
        """The id of a line's session, after `draw_keys`."""
        return UUID(bytes=self.keys[place * 16 : place * 16 + 16], version=4)

    def measured(self, place: int, key: str) -> Measured:
        """The session of a line as the alert rules see it."""
        marks = tuple(self.srs_marks[place * 4 : place * 4 + 4])
        return Measured(
            key=key,
            held_on=date.fromordinal(self.held[place]),
            attended=ATTENDANCES[self.attendance[place]] == ATTENDED,
            ors=None if self.ors[place] == NONE else self.ors[place],
            srs=None if self.srs[place] == NONE else self.srs[place],
            srs_marks=None if NONE in marks else marks,
        )
