"""Photographed sheets: taken in, read by a worker, confirmed line by line, and then forgotten or kept for some days."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client
from organisations.audit.record import record_access
from organisations.jobs.outbox import ask_for
from organisations.models import Organisation, Practitioner
from sessions_app.models import EntryMode, PhotoStep, Rating, Session, SheetPhoto
from sessions_app.paper_reading.process import ReadPage, read_file
from sessions_app.services.forms_due import ratings_of
from sessions_app.services.kept_photos import keep_photo
from sessions_app.services.paper import record_paper
from sessions_app.services.printed_sheets import session_of_sheet, sheet_of
from sessions_app.services.ratings import answer_of, record_rating

READ_PHOTO = "sessions_app.tasks.read_sheet_photo"
LARGEST = 20 * 1024 * 1024  # bytes of a file
MOST_FILES = 40
MOST_WAITING = 200  # pages of one person that nobody has confirmed
UNCONFIRMED = timedelta(days=3)  # how long a picture waits
# Faults beside those of paper_reading.faults: another organisation's sheet, somebody else's client, the same one twice.
UNKNOWN, NOT_YOURS, TWICE, ANSWERED = "unknown", "not_yours", "twice", "answered"
# How files begin that can be read: JPEG, PNG, TIFF, PDF; WEBP and HEIF say so a little later.
BEGINS = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"%PDF")


@dataclass(frozen=True)
class PhotoFile:
    """A file as it was sent."""

    name: str
    size: int
    content: BinaryIO


@transaction.atomic
def take_photos(*, files: Sequence[PhotoFile], by: Practitioner) -> list[SheetPhoto]:
    """Keep files to be read by a worker; ValidationError, and none is kept, where one of them cannot be."""
    if len(files) > MOST_FILES:
        raise ValidationError(_("Too many at once: send %(most)s at most.") % {"most": MOST_FILES})
    if SheetPhoto.objects.filter(taken_by=by).exclude(step=PhotoStep.STORED).count() + len(files) > MOST_WAITING:
        raise ValidationError(_("Too many sheets are waiting for you. Confirm or delete some of them first."))
    return [_taken(file, by) for file in files]


def _taken(file: PhotoFile, by: Practitioner) -> SheetPhoto:
    about = {"name": file.name[-60:], "most": LARGEST // 1024**2}
    if file.size > LARGEST:
        raise ValidationError(_("“%(name)s” is larger than %(most)s MB.") % about)
    content = file.content.read()
    if not (content.startswith(BEGINS) or content[8:12] == b"WEBP" or content[4:8] == b"ftyp"):
        raise ValidationError(_("“%(name)s” is no picture and no PDF.") % about)
    photo = SheetPhoto.objects.create(
        organisation_id=by.organisation_id,
        taken_by=by,
        file_name=file.name[-120:].replace("\0", ""),
        content=content,
        size=len(content),
        digest=hashlib.sha256(content).digest(),
    )
    ask_for(READ_PHOTO, organisation_id=by.organisation_id, object_id=photo.pk)
    return photo


def read_photo(photo_id: str, *, going_on: Callable[[], None]) -> None:
    """Read a file that waits for it, in a worker; more pages become rows of their own. `going_on` every few seconds."""
    photo = SheetPhoto.objects.select_related("taken_by").filter(pk=photo_id, step=PhotoStep.READING).first()
    if photo is None or photo.content is None:
        return
    # No lock meanwhile: whoever sent it may throw it away.
    pages = read_file(bytes(photo.content), going_on=going_on)
    for page in pages:
        found = _found(page, photo)
        if page is pages[0]:
            changed = {"content": None, "page": page.page, **found}
            SheetPhoto.objects.filter(pk=photo.pk, step=PhotoStep.READING).update(**changed)
        elif SheetPhoto.objects.filter(pk=photo.pk).exists():
            own = {name: getattr(photo, name) for name in ("organisation_id", "taken_by", "file_name", "size")}
            SheetPhoto.objects.create(**own, created_at=photo.created_at, page=page.page, **found)


def _found(page: ReadPage, photo: SheetPhoto) -> dict[str, Any]:
    """The columns of a page that was read: its sheet, session and proposal, or why there is none."""
    failed = {"step": PhotoStep.FAILED, "overview": page.overview or None}
    if page.fault:
        return failed | {"fault": page.fault}
    sheet = sheet_of(page.number)
    if sheet is None or len(page.lines) != len(sheet.form.instrument.items):
        return failed | {"fault": UNKNOWN}
    about = session_of_sheet(page.number)
    session = Session.objects.visible_to(photo.taken_by).filter(pk=about).first() if about else None
    fault = _refused(photo, page, sheet, about is not None, session)
    if fault:
        return failed | {"fault": fault, "overview": None}
    if session is not None:
        record_access("paper.photo", [session.client_id])
    return {
        "step": PhotoStep.READ,
        "sheet": sheet,
        "session": session,
        "proposal": [list(line) for line in page.lines],
        "cut_outs": list(page.cut_outs),
        "overview": page.overview,
    }


def _refused(photo: SheetPhoto, page: ReadPage, sheet: Any, is_bound: bool, session: Session | None) -> str:
    """Why a sheet that was read is not offered; "" where it is."""
    if is_bound and session is None:
        return NOT_YOURS
    if session is not None and sheet.form.key in ratings_of(session):
        return ANSWERED
    waiting = SheetPhoto.objects.filter(step=PhotoStep.READ, sheet=sheet).exclude(pk=photo.pk)
    # A sheet for a session exists once; of a blank one there are copies, and only the same file is the same sheet.
    same = waiting if session is not None else waiting.filter(digest=photo.digest, page=page.page)
    return TWICE if same.exists() else ""


@transaction.atomic
def confirm_photo(
    *,
    photo: SheetPhoto,
    marks: Sequence[int],
    by: Practitioner,
    client: Client | None = None,
    held_on: date | None = None,
) -> Rating:
    """Store what a person has confirmed, as a paper keyed in; forget the picture, or keep it as the organisation wants.

    `marks` in tenths, one for each line. Without `client` and `held_on` it is the answer of the session that the sheet
    was printed for. Safe to repeat. ValidationError as `record_rating` and `record_paper`; nothing changes then.
    """
    photo = SheetPhoto.objects.select_for_update(of=("self",)).select_related("sheet", "rating").get(pk=photo.pk)
    if photo.step == PhotoStep.STORED and photo.rating is not None:
        return photo.rating
    if photo.step != PhotoStep.READ or photo.sheet is None:
        raise ValidationError(_("This picture is gone. Photograph the sheet again, or key it in."))
    facts: dict[str, Any] = {
        "form": photo.sheet.form,
        "answer": answer_of(marks),
        "submission_id": photo.pk,
        "by": by,
        "entry_mode": EntryMode.PHOTO,
        "words": {"pack": photo.sheet.pack, "language": photo.sheet.language},
    }
    if client is not None and held_on is not None:
        rating = record_paper(client=client, held_on=held_on, **facts)
    elif photo.session is not None:
        rating = record_rating(session=photo.session, **facts)
    else:
        raise ValidationError(_("Say whose sheet this is, and from which day."))
    if photo.overview:
        keep_photo(content=bytes(photo.overview), rating=rating, by=by)
    _forget(photo, rating)
    return rating


def _forget(photo: SheetPhoto, rating: Rating) -> None:
    """Of the picture nothing stays here; the row says for a while that it was stored."""
    photo.step, photo.rating, photo.proposal = PhotoStep.STORED, rating, []
    photo.content = photo.overview = photo.digest = None
    photo.cut_outs, photo.file_name = [], ""
    photo.save(update_fields=["step", "rating", "proposal", "content", "overview", "digest", "cut_outs", "file_name"])


@transaction.atomic
def discard_photo(*, photo: SheetPhoto, by: Practitioner) -> None:
    """Delete a picture that was not confirmed; a repeat changes nothing."""
    if photo.session is not None:
        record_access("paper.photo", [photo.session.client_id])
    SheetPhoto.objects.filter(pk=photo.pk).exclude(step=PhotoStep.STORED).delete()


def forget_old(organisation: Organisation, now: datetime) -> int:
    """Delete whatever is older than three days, confirmed or not; how many."""
    return SheetPhoto.objects.filter(organisation=organisation, created_at__lt=now - UNCONFIRMED).delete()[0]


def is_reading_for(by: Practitioner) -> bool:
    """Whether a worker has still to read some of a person's pictures."""
    return SheetPhoto.objects.visible_to(by).filter(step=PhotoStep.READING).exists()


def waiting_for(by: Practitioner, after: SheetPhoto | None = None) -> list[UUID]:
    """What of a person's pictures is to be confirmed, in its order; `after` one, and then from the beginning."""
    found = SheetPhoto.objects.visible_to(by).waiting()
    waiting = list(found.values_list("created_at", "page", "pk"))
    if after is not None:
        here = (after.created_at, after.page)
        others = [one for one in waiting if one[2] != after.pk]
        waiting = sorted(others, key=lambda one: one[:2] <= here)  # stable: each half stays in its order
    return [pk for _at, _page, pk in waiting]


def is_waiting_long(photo: SheetPhoto) -> bool:
    """Whether no worker has taken up a picture for some minutes."""
    return photo.step == PhotoStep.READING and timezone.now() - photo.created_at > timedelta(minutes=5)
