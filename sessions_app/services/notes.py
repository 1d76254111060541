"""What is written in a field of a session: saved as it is typed, and never over a colleague's."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.record import record_access
from organisations.history.tracking import event_model_of
from organisations.models import Practitioner
from sessions_app.models import Note, NoteKind, Session
from sessions_app.services.locking import lock_countable


class NoteChanged(Exception):
    """Somebody saved other words since this text was opened; `note` holds theirs. Nothing was overwritten."""

    def __init__(self, note: Note):
        super().__init__("the note has another version")
        self.note = note


@dataclass(frozen=True)
class NoteVersion:
    """What stood in a field from a moment on; `by` is None where nobody who works here is known to have written it."""

    text: str
    at: datetime.datetime
    by: Practitioner | None


def versions_of(session: Session, kind: str, by: Practitioner) -> list[NoteVersion]:
    """Every text that stood in a field of a session, the newest first, as far as `by` may read it; two queries."""
    about = {"pgh_obj__in": Note.objects.visible_to(by).filter(session=session, kind=kind)}
    events = event_model_of(Note).objects.filter(**about).exclude(text="").order_by("-pgh_id")
    found = list(events)
    people = Practitioner.objects.in_bulk({event.updated_by_id for event in found if event.updated_by_id})
    return [NoteVersion(event.text, event.updated_at, people.get(event.updated_by_id)) for event in found]


@transaction.atomic
def save_note(*, session: Session, kind: str, text: str, version: int, by: Practitioner) -> Note:
    """Keep `text` if the stored note still has `version` (0: none yet); else NoteChanged.

    The same text again changes nothing, so a repeated request is safe. ValidationError over own words of a client that
    `by` may not read.
    """
    session = lock_countable(session.pk)
    record_access("note.save", [session.client_id])
    note = _locked(session, kind) or _created(session, kind, by)
    if note.text and not Note.objects.open_to(by).filter(pk=note.pk).exists():
        raise ValidationError(_("The client does not share these words with the team. Nothing was overwritten."))
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
