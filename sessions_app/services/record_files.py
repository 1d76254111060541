"""Files for a record: asked for, made by a worker, fetched within an hour, then deleted."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clients.models import Client, Episode
from clients.services.restrictions import refuse_restricted
from organisations.audit.record import record_access
from organisations.jobs.outbox import ask_for
from organisations.models import Organisation, Practitioner
from sessions_app.models import RecordFile, RecordFileKind, RecordFileStep

MAKE_FILE = "reports.tasks.make_record_file"
KEPT = timedelta(hours=1)
MOST_AT_ONCE = 10
"""Files of one person that are being made."""
LATE = timedelta(minutes=2)
AT_THE_END = "at_the_end"
"""In the choice of a file that nobody asked for: the end of the episode did."""


@dataclass(frozen=True)
class MadeFile:
    """A file as it was made: its bytes, what they are, and what it is called, without anybody's name."""

    content: bytes
    media_type: str
    name: str
    with_shared_words: bool = False


@transaction.atomic
def ask_for_file(*, episode: Episode, kind: str, choice: Mapping[str, Any], by: Practitioner) -> RecordFile:
    """Ask for a file; a worker makes it. ValidationError where too many of that person are being made."""
    record_access("record.file", [episode.client_id])
    refuse_restricted(episode.client)
    if RecordFile.objects.filter(asked_by=by, step=RecordFileStep.MAKING).count() >= MOST_AT_ONCE:
        raise ValidationError(_("So many files are being made for you already. Wait until they are ready."))
    file = RecordFile.objects.create(
        organisation_id=by.organisation_id, asked_by=by, episode=episode, kind=kind, choice=dict(choice)
    )
    ask_for(MAKE_FILE, organisation_id=by.organisation_id, object_id=file.pk)
    return file


def ask_for_whole(episode: Episode, by: Practitioner) -> None:
    """Ask for everything of an episode that has ended, for whoever ended it, or the contact person where a system did.

    An ending never fails because of it: where too many files are being made, it is asked for on its page. Nothing is
    kept of a practice client.
    """
    owner = by if by.user_id else episode.client.contact
    if episode.client.is_practice or owner is None:
        return
    choice = {"language": (get_language() or "en").split("-")[0], AT_THE_END: True}
    with suppress(ValidationError):
        ask_for_file(episode=episode, kind=RecordFileKind.EPISODE, choice=choice, by=owner)


def forget_whole(episode: Episode) -> None:
    """Delete what `ask_for_whole` asked for: the ending that it tells of was taken back."""
    RecordFile.objects.filter(episode=episode, choice__has_key=AT_THE_END).delete()


def make_file(file_id: str, make: Callable[[RecordFile, Callable[[int], None]], MadeFile]) -> None:
    """Make a file that waits for it, in a worker; one that is gone or was made is left alone.

    `make` is given the file and what to call with how many percent are done. RuntimeError of it is a file not made.
    """
    found = RecordFile.objects.select_related("asked_by__organisation", "episode__client", "episode__service")
    file = found.filter(pk=file_id, step=RecordFileStep.MAKING).first()
    if file is None:
        return
    try:
        made = make(file, lambda percent: cache.set(_key(file.pk), percent, 600))
    except RuntimeError:
        RecordFile.objects.filter(pk=file.pk).update(step=RecordFileStep.FAILED, ready_at=timezone.now())
        return
    record_access("record.made", [file.episode.client_id])
    file.content, file.media_type, file.file_name = made.content, made.media_type, made.name
    file.with_shared_words = made.with_shared_words
    file.step, file.ready_at = RecordFileStep.READY, timezone.now()
    file.save(update_fields=["content", "media_type", "file_name", "with_shared_words", "step", "ready_at"])


def percent_done(file: RecordFile) -> int:
    """How far a file is, 0 to 100. The cache knows: a worker's rows are not visible before the end."""
    return cache.get(_key(file.pk), 0)


def is_late(file: RecordFile) -> bool:
    """Whether no worker has finished a file for some minutes."""
    return file.step == RecordFileStep.MAKING and timezone.now() - file.created_at > LATE


def goes_at(file: RecordFile) -> datetime:
    """When a file is deleted, at the latest some minutes after."""
    return file.created_at + KEPT


def is_open(file: RecordFile) -> bool:
    """Whether a file can still be fetched, whether or not it was deleted yet."""
    return file.step == RecordFileStep.READY and file.content is not None and timezone.now() < goes_at(file)


def forget_old(organisation: Organisation, now: datetime) -> int:
    """Delete the files whose hour is over; how many."""
    return RecordFile.objects.filter(organisation=organisation, created_at__lt=now - KEPT).delete()[0]


def shared_of(client: Client) -> int:
    """How many files hold the client's own words for the case worker."""
    return RecordFile.objects.filter(episode__client=client, with_shared_words=True).count()


def close_shared(client: Client) -> None:
    """Delete the files that hold a client's own words for the case worker: the agreement to that is gone."""
    RecordFile.objects.filter(episode__client=client, with_shared_words=True).delete()


def _key(file_id: UUID) -> str:
    return f"record-file-{file_id}"
