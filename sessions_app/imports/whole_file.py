"""Judges all parts of a file, then writes them; the caller's transaction makes it one import."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from clients.models import Client
from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner, Service
from sessions_app.imports.creations import NewNames
from sessions_app.imports.episodes import EpisodeWriter
from sessions_app.imports.existing import StoredRows
from sessions_app.imports.faults import FileError
from sessions_app.imports.line_memory import FileNames, Ledger
from sessions_app.imports.parts import Part, parts_of
from sessions_app.imports.people import Places, write_people, write_teams
from sessions_app.imports.planning import NEW, Decisions, decide
from sessions_app.imports.reading import SessionFile
from sessions_app.imports.report import ImportReport, Written, report_of
from sessions_app.imports.rows import FileRow, RowParser, RowRefusal
from sessions_app.imports.session_writer import SessionWriter

# (what is being done, how much is done, of how much)
Progress = Callable[[str, int, int], None]
READING, JUDGING, WRITING, REFRESHING = "reading", "judging", "writing", "refreshing"
TOLD_EVERY = 1000  # lines


def silence(step: str, done: int, total: int) -> None:
    """Nobody is waiting to be told."""


@dataclass(frozen=True)
class JudgedPart:
    """One part: its lines, what is stored about their clients, and what was decided."""

    ledger: Ledger
    stored: StoredRows
    decided: Decisions


class WholeFile:
    """One file being imported. Of several parts one is in memory at a time; each step but the reading tells its
    progress anew for each part.
    """

    def __init__(
        self,
        organisation: Organisation,
        sessions: SessionFile,
        parser: RowParser,
        most_lines: int | None,
        progress: Progress,
    ) -> None:
        self.organisation, self.sessions, self.parser = organisation, sessions, parser
        self.most_lines, self.progress = most_lines, progress
        self.names = FileNames()
        self.merged = _merged_references(organisation)
        self.default_service = _default_service(organisation)
        self.places = Places(organisation)
        self.only: JudgedPart | None = None  # a file of one part is judged once
        self.states: list[int] = []  # a sum over what was decided about each part

    def parts(self) -> AbstractContextManager[Sequence[Part]]:
        """The file's parts, while the context is open."""
        return parts_of(self.sessions, self.parser, self.names, self.merged, self._read)

    def judged(self, parts: Sequence[Part]) -> tuple[ImportReport, set[UUID]]:
        """What all parts would do, and the clients of theirs that are stored. Writes nothing."""
        report, known = ImportReport(), set[UUID]()
        new = NewNames(self.organisation, self.places)
        for part in parts:
            self._judge_alone(part, report, new, known, keep=len(parts) == 1)
        if not report.lines:
            raise FileError("no_lines")
        report.creations = new.creations()
        return report, known

    def _judge_alone(self, part: Part, report: ImportReport, new: NewNames, known: set[UUID], *, keep: bool) -> None:
        """Count one part; nothing of it stays in memory unless it is kept."""
        judged = self._judge(part, self._read if keep else _untold)
        report.add(report_of(judged.ledger, judged.decided))
        new.add(judged.ledger, judged.decided, judged.stored)
        known.update(judged.stored.clients.values())
        self.states.append(crc32(judged.decided.states))
        self.only = judged if keep else None

    def _judge(self, part: Part, told: Callable[[int], None]) -> JudgedPart:
        ledger, stored = Ledger(self.merged, self.names), StoredRows(self.organisation)
        for number, record in enumerate(part(), 1):
            ledger.add(self.parser.parse(record))
            told(number)
        return JudgedPart(ledger, stored, decide(ledger, stored, self.default_service))

    def _read(self, number: int) -> None:
        if self.most_lines and number > self.most_lines:
            raise FileError("too_many_lines", lines=self.most_lines)
        if number % TOLD_EVERY == 0:
            self.progress(READING, self.sessions.table.read, self.sessions.table.size)

    def write(self, parts: Sequence[Part], by: Practitioner | None, report: ImportReport) -> None:
        """Write all parts and note the access to their clients.

        Of several parts each is judged again: another one's lines change nothing about its clients. Raises
        FileError where somebody did meanwhile: nothing lands.
        """
        for part, states in zip(parts, self.states, strict=True):
            # Only a page offers to undo; a command's file may be of any length.
            written = report.written if by else Written()
            self._write(part, self.only or self._judge_again(part, states), by, written)

    def _judge_again(self, part: Part, states: int) -> JudgedPart:
        judged = self._judge(part, _untold)
        if crc32(judged.decided.states) != states:
            raise FileError("changed_meanwhile")
        return judged

    def _write(self, part: Part, judged: JudgedPart, by: Practitioner | None, written: Written) -> None:
        ledger, decided, places = judged.ledger, judged.decided, self.places
        clients = write_people(self.organisation, ledger, decided, judged.stored, written)
        ledger.draw_keys()
        episodes = EpisodeWriter(self.organisation, ledger, decided, clients, places)
        for done in episodes.write():
            self._tell(JUDGING, done, len(decided.episodes))
        writer = SessionWriter(self.organisation, places, by.pk if by else None)
        teams = set()
        for place, row in enumerate(self._rows(part)):
            self._tell(WRITING, place, len(ledger))
            if decided.states[place] != NEW:
                continue
            number = decided.episode[place]
            client = clients[decided.episodes[number].client]
            writer.add(ledger.key(place), row, client, episodes.keys[number])
            if by:
                written.sessions.append(str(ledger.key(place)))
            if row.team:
                teams.add((client, places.team(places.service(decided.episodes[number].service), row.team)))
        writer.flush()
        write_teams(self.organisation, teams, written)
        written.notes += writer.words
        written.episodes += map(str, episodes.created)
        written.teams = list(map(str, places.new_teams))
        written.changed += episodes.changed
        for done in episodes.refresh_stored(judged.stored.completed):
            self._tell(REFRESHING, done, len(episodes.stored))
        record_access("sessions.import", clients.values())

    def _tell(self, step: str, done: int, total: int) -> None:
        if done % TOLD_EVERY == 0:
            self.progress(step, done, total)

    def _rows(self, part: Part) -> Iterator[FileRow]:
        """The lines without a fault of their own, in the order in which the ledger has them."""
        for record in part():
            row = self.parser.parse(record)
            if not isinstance(row, RowRefusal):
                yield row


def _untold(number: int) -> None:
    """The line was told when it was copied."""


def _merged_references(organisation: Organisation) -> dict[str, str]:
    """The reference that stands for each one of a record that was merged, by the latter's normal form."""
    merged = Client.objects.filter(organisation=organisation).exclude(merged_into=None)
    return dict(merged.values_list("reference_key", "merged_into__reference"))


def _default_service(organisation: Organisation) -> str:
    """The service where no line says one: the only one there is, else one with the organisation's name."""
    names = Service.objects.filter(organisation=organisation).values_list("name", flat=True)[:2]
    return names[0] if len(names) == 1 else organisation.name
