"""Writes the new sessions of a file with their ratings and the client's words. Used inside the tenant."""

from uuid import UUID, uuid4

from django.utils import timezone

from clients.models.sealed_text import seal_texts
from organisations.models import Organisation
from sessions_app.imports.bulk_insert import AT_A_TIME, Batch
from sessions_app.imports.columns import ATTENDED, CANCELLED, NO_SHOW
from sessions_app.imports.people import Places
from sessions_app.imports.rows import FileRow
from sessions_app.models import Attendance, EntryMode, Note, NoteKind, Rating, Session

ATTENDANCE = {
    ATTENDED: Attendance.ATTENDED.value,
    NO_SHOW: Attendance.NO_SHOW.value,
    CANCELLED: Attendance.CANCELLED_CLIENT.value,  # the file does not say by whom
}
SESSION = ("id", "client_id", "episode_id", "practitioner_id", "held_on", "attendance")
RATING = ("id", "session_id", "instrument", "marks", "total", "submission_id")
NOTE = ("id", "session_id", "text")


class SessionWriter:
    """Collects sessions and writes them in batches; `by` is the id of who imports, None for the command."""

    def __init__(self, organisation: Organisation, places: Places, by: UUID | None) -> None:
        now = timezone.now()
        house = {"organisation_id": organisation.pk}
        stamped = {**house, "created_at": now}
        self.organisation, self.places = organisation, places
        self.by = by
        self.said: list[tuple[UUID, UUID, UUID, str]] = []  # words that are not sealed yet
        self.words: list[str] = []  # ids of the notes that somebody may want to undo
        self.sessions = Batch(
            Session,
            {**stamped, "time_zone": organisation.time_zone, "finished_at": now, "imported": True},
            SESSION,
        )
        self.ratings = Batch(Rating, {**stamped, "entry_mode": EntryMode.IMPORTED, "recorded_by_id": by}, RATING)
        self.notes = Batch(Note, {**house, "kind": NoteKind.AFTER_ORS, "updated_at": now, "updated_by_id": by}, NOTE)

    def add(self, key: UUID, row: FileRow, client: UUID, episode: UUID) -> None:
        """Take a new line; `key` becomes the session's id."""
        practitioner = self.places.practitioner(row.practitioner)
        self.sessions.add(key, client, episode, practitioner, row.held_on, ATTENDANCE[row.attendance])
        for instrument, given in (("ors", row.ors), ("srs", row.srs)):
            if given:
                marks = f"{{{','.join(map(str, given.marks))}}}" if given.marks else None
                self.ratings.add(uuid4(), key, instrument, marks, given.total, uuid4())
        if row.words:
            note = uuid4()
            self.said.append((client, note, key, row.words))
            if len(self.said) >= AT_A_TIME:
                self._seal()
            if self.by:
                self.words.append(str(note))

    def _seal(self) -> None:
        field = Note._meta.get_field("text")
        given = [(client, note, words) for client, note, _session, words in self.said]
        for (_client, note, session, _words), sealed in zip(
            self.said, seal_texts(field, self.organisation.pk, given), strict=True
        ):
            self.notes.add(note, session, sealed.text)
        self.said = []

    def flush(self) -> None:
        """Write the rest."""
        self._seal()
        for batch in (self.sessions, self.ratings, self.notes):
            batch.flush()
