"""What happens to each line when the whole file and what is stored are seen together (pure).

Lines may stand in any order, so nothing is decided before the last one was read. The refusals are the same
when the file comes a second time.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, islice
from typing import Any, Protocol

from sessions_app.imports.columns import ORDER
from sessions_app.imports.line_memory import ENDINGS, Ledger, Spellings, in_groups
from sessions_app.imports.rows import RowRefusal

NEW, UNCHANGED, REFUSED = 0, 1, 2
NOWHERE = 2**32 - 1  # the episode of a line that was refused before one was found
SAME_TIME = 500  # episodes whose stored sessions are compared at a time


@dataclass(frozen=True, slots=True)
class StoredEpisode:
    """An episode that is there already."""

    key: Any
    reference: str
    service: str
    label: str
    ended_on: date | None
    ending: str
    last_on: date | None
    undone: bool = False  # only an import that was undone has made it: it is open again once a session lands


class Stored(Protocol):
    """What the organisation holds about the file's clients."""

    def birth_years(self, references: Sequence[str]) -> Mapping[str, int | None]:
        """The year of birth of each of the clients that are known."""

    def episodes(self, references: Sequence[str]) -> Iterable[StoredEpisode]:
        """Their episodes."""

    def values(self, episodes: Sequence[Any]) -> Mapping[tuple[Any, date], set[int]]:
        """The `ledger.values_of` of the sessions of each of these episodes and days."""


@dataclass(slots=True)
class Planned:
    """An episode of the file; `stored` is None for a new one."""

    client: int
    service: str
    label: str
    stored: StoredEpisode | None = None
    end: int = 0
    ending: str = ""
    refused: bool = False
    places: int = 0  # how many of its lines are accepted
    first: int = NOWHERE  # the first of them

    @property
    def is_open(self) -> bool:
        """Whether neither the file nor what is stored says an end."""
        return not self.end and not (self.stored and self.stored.ended_on)


@dataclass
class Decisions:
    """The outcome: per line of the ledger a state and an episode."""

    states: bytearray
    episode: array
    episodes: list[Planned] = field(default_factory=list)
    refusals: list[RowRefusal] = field(default_factory=list)
    birth_years: dict[int, int] = field(default_factory=dict)

    def accepted(self) -> Iterator[int]:
        """The places of the lines that are new or unchanged."""
        return (place for place, state in enumerate(self.states) if state != REFUSED)

    def by_episode(self, held: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
        """Each episode's number and accepted places, by day and place."""
        for number, places in enumerate(in_groups(self.accepted, self.episode, len(self.episodes))):
            if places:
                yield number, sorted(places, key=held.__getitem__)


def batched(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most `size` items (itertools.batched comes with Python 3.12)."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def decide(ledger: Ledger, stored: Stored, default_service: str) -> Decisions:
    """Judge all lines together. `default_service` names the service of clients for whom no line says one."""
    return _Judge(ledger, stored, default_service).decide()


class _Judge:
    def __init__(self, ledger: Ledger, stored: Stored, default_service: str) -> None:
        self.ledger = ledger
        self.stored = stored
        self.default_service = default_service
        self.references = ledger.references.texts()
        self.services = ledger.names.services.texts()
        self.labels = ledger.names.labels.texts()
        self.told: dict[int, RowRefusal] = {}  # by place
        self.second_open = False
        self.made: dict[tuple[int, str, str], int] = {}
        self.service_names, self.label_names = Spellings(), Spellings()
        self.result = Decisions(bytearray(len(ledger)), array("I", [NOWHERE]) * len(ledger))

    def decide(self) -> Decisions:
        self._birth_years()
        self._episodes()
        for episode, places in self.result.by_episode(self.ledger.held):
            self._ends(self.result.episodes[episode], places)
        self._days()
        self._take_ends()
        self._open_at_once()
        self._faulty_lines()
        self.result.refusals.extend(self.told.values())
        self.result.refusals.sort(key=lambda refusal: refusal.line)
        return self.result

    def _refuse(self, place: int, column: str, code: str, **params: Any) -> None:
        before = self.told.get(place)
        if before is None or ORDER[column] < ORDER[before.column]:
            self.told[place] = RowRefusal(self.ledger.line[place], column, code, params)
        self.result.states[place] = REFUSED

    def _birth_years(self) -> None:
        """The stored year holds, else the file's first."""
        known = self.stored.birth_years(self.references)
        years = self.result.birth_years
        years |= {
            number: year
            for number, reference in enumerate(self.references)
            if (year := known.get(reference)) is not None
        }
        for place, (client, year) in enumerate(zip(self.ledger.client, self.ledger.birth_year, strict=True)):
            if year and years.setdefault(client, year) != year:
                self._refuse(place, "birth_year", "birth_year_differs", text=str(year))

    def _episodes(self) -> None:
        """Find each line's episode: (client, service, label), with what is empty filled in."""
        for episode in self.stored.episodes(self.references):
            client = self.ledger.references.number(episode.reference)
            service, label = self.service_names.stored(episode.service), self.label_names.stored(episode.label)
            self._planned(client, service, label).stored = episode
        self.default_service = self.service_names.of(self.default_service)
        self.services = list(map(self.service_names.of, self.services))
        self.labels = list(map(self.label_names.of, self.labels))
        waiting = []
        for place in self.result.accepted():
            service = self.services[self.ledger.service[place]]
            label = self.labels[self.ledger.label[place]]
            if service and label:
                self._join(place, service, label)
            else:
                waiting.append(place)
        said: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for client, service, label in self.made:
            said[client].add((service, label))
        for place in waiting:
            service = self.services[self.ledger.service[place]]
            if service:
                said[self.ledger.client[place]].add((service, ""))
        for place in waiting:
            self._fill_in(place, said[self.ledger.client[place]])

    def _fill_in(self, place: int, said: set[tuple[str, str]]) -> None:
        """Complete a line that names no service, no episode or neither from the client's other ones."""
        service = self.services[self.ledger.service[place]]
        label = self.labels[self.ledger.label[place]]
        if not service:
            services = {name for name, other in said if not label or other == label} or {name for name, _ in said}
            if len(services) > 1:
                self._refuse(place, "service", "which_service", names=", ".join(sorted(services)))
                return
            service = services.pop() if services else self.default_service
        if not label:
            labels = {other for name, other in said if name == service and other}
            stored_plain = (self.ledger.client[place], service, "") in self.made
            if labels and not stored_plain:
                if len(labels) > 1:
                    self._refuse(place, "episode", "which_episode", names=", ".join(sorted(labels)))
                    return
                label = labels.pop()
        self._join(place, service, label)

    def _planned(self, client: int, service: str, label: str) -> Planned:
        number = self.made.setdefault((client, service, label), len(self.result.episodes))
        if number == len(self.result.episodes):
            self.result.episodes.append(Planned(client, service, label))
        return self.result.episodes[number]

    def _join(self, place: int, service: str, label: str) -> None:
        client = self.ledger.client[place]
        self._planned(client, service, label)
        self.result.episode[place] = self.made[client, service, label]

    def _ends(self, episode: Planned, places: list[int]) -> None:
        """Refuse ends that cannot be: before a session, or other than the one already said."""
        ledger, stored = self.ledger, episode.stored
        end = stored.ended_on.toordinal() if stored and stored.ended_on else 0
        ending = stored.ending if stored and end else ""
        last = max(ledger.held[place] for place in places)
        if stored and stored.last_on:
            last = max(last, stored.last_on.toordinal())
        for place in sorted(places):
            said, said_ending = ledger.end[place], ENDINGS[ledger.ending[place]]
            if stored and end and not said and ledger.held[place] > end:
                self._refuse(place, "held_on", "after_end", end=date.fromordinal(end))
            elif said and end and said != end:
                self._refuse(place, "episode_end", "end_differs", end=date.fromordinal(end))
            elif said and not end and said < last:
                self._refuse(place, "episode_end", "end_before_session", held_on=date.fromordinal(last))
            elif said and ending and said_ending and said_ending != ending:
                self._refuse(place, "ending", "ending_differs")
            elif said:
                end, ending = said, ending or said_ending

    def _days(self) -> None:
        """One session a day and episode: a second one is unchanged when identical, else refused."""
        episodes = self.result.episodes
        for batch in batched(self.result.by_episode(self.ledger.held), SAME_TIME):
            keys = [stored.key for number, _ in batch if (stored := episodes[number].stored)]
            known = self.stored.values(keys) if keys else {}
            for number, places in batch:
                self._days_of(episodes[number], places, known)

    def _days_of(self, episode: Planned, places: list[int], known: Mapping[tuple[Any, date], set[int]]) -> None:
        for day, same_day in groupby(places, key=self.ledger.held.__getitem__):
            held_on = date.fromordinal(day)
            there = set(known.get((episode.stored.key, held_on), ())) if episode.stored else set()
            for place in same_day:
                values = self.ledger.values[place]
                if values in there:
                    self.result.states[place] = UNCHANGED
                elif there:
                    self._refuse(place, "held_on", "another_session", held_on=held_on)
                else:
                    there.add(values)

    def _take_ends(self) -> None:
        for place in self.result.accepted():
            episode = self.result.episodes[self.result.episode[place]]
            episode.places += 1
            episode.first = min(episode.first, place)
            if (end := self.ledger.end[place]) and not (episode.stored and episode.stored.ended_on):
                episode.end = end
                episode.ending = episode.ending or ENDINGS[self.ledger.ending[place]]

    def _open_at_once(self) -> None:
        """Of a client's open episodes in a service the stored one stays, else the file's first."""
        open_ones: dict[tuple[int, str], list[Planned]] = defaultdict(list)
        for episode in self.result.episodes:
            if episode.is_open and (episode.places or (episode.stored and not episode.stored.undone)):
                open_ones[episode.client, episode.service].append(episode)
        for group in open_ones.values():
            group.sort(key=lambda episode: (episode.stored is None or episode.stored.undone, episode.first))
            for episode in group[1:]:
                episode.refused = True
                self.second_open = True
        if self.second_open:
            for place in range(len(self.ledger)):
                number = self.result.episode[place]
                if number == NOWHERE:  # refused at the year of birth, which comes after the episode
                    number = self.made.get(self._said(place), NOWHERE)
                if number != NOWHERE and self.result.episodes[number].refused:
                    self._refuse(place, "episode", "second_open")

    def _said(self, place: int) -> tuple[int, str, str]:
        ledger = self.ledger
        return ledger.client[place], self.services[ledger.service[place]], self.labels[ledger.label[place]]

    def _faulty_lines(self) -> None:
        """A line with a fault of its own may have one in an earlier column that only the others show."""
        for refusal in self.ledger.refusals:
            self.result.refusals.append(self._earlier_fault(refusal))

    def _earlier_fault(self, refusal: RowRefusal) -> RowRefusal:
        client = self.ledger.references.known(refusal.reference) if refusal.reference else None
        if client is None:
            return refusal
        said = self.service_names.of(refusal.service), self.label_names.of(refusal.episode)
        number = self.made.get((client, *said))
        if number is not None and self.result.episodes[number].refused:
            return RowRefusal(refusal.line, "episode", "second_open", {})
        year = refusal.birth_year
        if year and self.result.birth_years.get(client, year) != year:
            return RowRefusal(refusal.line, "birth_year", "birth_year_differs", {"text": str(year)})
        return refusal
