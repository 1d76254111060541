"""The client's own words: saved as they are typed, and never over a colleague's."""

from django.db import transaction
from django.utils import timezone

from organisations.audit.record import record_access
from organisations.models import Practitioner
from sessions_app.models import Note, NoteKind, Session
from sessions_app.services.locking import lock_countable


class NoteChanged(Exception):
    """Somebody saved other words since this text was opened; `note` holds theirs. Nothing was overwritten."""

    def __init__(self, note: Note):
        super().__init__("the note has another version")
        self.note = note


def notes_of(session: Session) -> dict[str, Note]:
    """The notes of a session by kind."""
    return {note.kind: note for note in Note.objects.filter(session=session)}


@transaction.atomic
def save_note(*, session: Session, kind: str, text: str, version: int, by: Practitioner) -> Note:
    """Keep `text` if the stored note still has `version` (0: none yet); else NoteChanged.

    The same text again changes nothing, so a repeated request is safe.
    """
    session = lock_countable(session.pk)
    record_access("note.save", [session.client_id])
    note = _locked(session, kind) or _created(session, kind, by)
    if note.text == text:
        return note
    if note.version != max(version, 1):
        raise NoteChanged(note)
    note.text, note.version = text, note.version + 1
    note.updated_at, note.updated_by = timezone.now(), by
    note.full_clean(exclude=["session", "updated_by"], validate_unique=False, validate_constraints=False)
    note.save(update_fields=["text", "version", "updated_at", "updated_by"])
    return note


def _locked(session: Session, kind: str) -> Note | None:
    return Note.objects.select_for_update().filter(session=session, kind=kind).first()


def _created(session: Session, kind: str, by: Practitioner) -> Note:
    """An empty first version; of two who write at once the unique constraint lets one make it."""
    Note.objects.bulk_create(
        [
            Note(
                organisation_id=session.organisation_id,
                session=session,
                kind=NoteKind(kind),
                updated_by=by,
            )
        ],
        ignore_conflicts=True,
    )
    return Note.objects.select_for_update().get(session=session, kind=kind)
