"""Film clips of the handbook: stored in pieces, read a range at a time, or a link to an allowed host."""

import re
from datetime import datetime, timedelta
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from organisations.models import Organisation, Practitioner
from sessions_app.models import HandbookFilm, HandbookFilmPart

MEBIBYTE = 1024 * 1024
LARGEST, MOST_OF_ALL = 48 * MEBIBYTE, 512 * MEBIBYTE
"""Bytes of one film, and of all films of an organisation."""
PIECE = MEBIBYTE
LONGEST_ANSWER = 4 * MEBIBYTE
"""Bytes of one answer to a range: a player asks for the next piece when it needs it."""
KEPT_DAYS = 7  # that a film which was taken away can come back
MP4, WEBM = "video/mp4", "video/webm"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_TIMES = re.compile(r"^(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}[ \t]+-->[ \t]+(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}", re.MULTILINE)


def kind_of_film(beginning: bytes) -> str:
    """The type of a file by its first bytes, whatever it is called; "" for anything but MP4 and WebM."""
    if beginning[4:8] == b"ftyp":
        return MP4
    if beginning.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in beginning[:64]:
        return WEBM
    return ""


def check_link(link: str) -> None:
    """ValidationError unless it leads to a host that the operator allows, by https."""
    try:
        parts = urlsplit(link)
        plain = parts.scheme == "https" and parts.username is None and parts.port is None
    except ValueError:
        plain = False
    if not plain or parts.hostname not in settings.HANDBOOK_FILM_HOSTS:
        hosts = ", ".join(settings.HANDBOOK_FILM_HOSTS)
        raise ValidationError(_("Links may lead to these places only: %(hosts)s.") % {"hosts": hosts})


def captions_text(content: bytes) -> str:
    """The text of a WebVTT file; ValidationError for anything else."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        text = ""
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", text) or not _TIMES.search(text):
        raise ValidationError(_("This is not a file of captions: it has to be WebVTT (.vtt)."))
    return text


@transaction.atomic
def add_film(*, film: HandbookFilm, file: BinaryIO | None, by: Practitioner) -> HandbookFilm:
    """Store a new film with its file in pieces, or with its link; ValidationError for what does not fit."""
    film.added_by = by
    if file is None:
        check_link(film.link)
        film.full_clean()
        film.save(force_insert=True)
        return film
    Organisation.objects.select_for_update().get(pk=by.organisation_id)  # two at once do not exceed the room together
    beginning = file.read(64)
    film.kind = kind_of_film(beginning)
    if not film.kind:
        raise ValidationError({"file": _("This is no film that browsers show: it has to be MP4 or WebM.")})
    file.seek(0)
    film.full_clean()
    film.save(force_insert=True)
    film.size = _store(film, file)
    if film.size > LARGEST:
        raise ValidationError({"file": _("The film is too large: 48 MB at most.")})
    if film.size + _stored_of(by.organisation, without=film) > MOST_OF_ALL:
        raise ValidationError({"file": _("There is no room left for films. Take away one that you no longer need.")})
    film.save(update_fields=["size"])
    return film


def _store(film: HandbookFilm, file: BinaryIO) -> int:
    size = number = 0
    while size <= LARGEST and (content := file.read(PIECE)):
        HandbookFilmPart.objects.create(organisation_id=film.organisation_id, film=film, number=number, content=content)
        size, number = size + len(content), number + 1
    return size


def _stored_of(organisation: Organisation, *, without: HandbookFilm) -> int:
    rows = HandbookFilm.objects.filter(organisation=organisation).exclude(pk=without.pk)
    return rows.aggregate(bytes=Sum("size"))["bytes"] or 0


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte that a Range header asks for; None for a header that is to be overlooked.

    ValueError where nothing of it lies in the file.
    """
    match = _RANGE.fullmatch(header.replace(" ", ""))
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        if int(last) == 0:
            raise ValueError("no byte is asked for")
        return max(size - int(last), 0), size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise ValueError("beyond the end")
    return int(first), min(int(last), size - 1) if last else size - 1


def read_film(film: HandbookFilm, first: int, last: int) -> bytes:
    """The bytes of a film from `first` to `last`, both included; one query."""
    pieces = HandbookFilmPart.objects.filter(film=film, number__range=(first // PIECE, last // PIECE))
    content = b"".join(bytes(piece) for piece in pieces.order_by("number").values_list("content", flat=True))
    start = first - first // PIECE * PIECE
    return content[start : start + last - first + 1]


def forget_withdrawn(organisation: Organisation, now: datetime) -> int:
    """Delete the files of films that were taken away long enough ago; how many. The row tells that they were there."""
    until = now - timedelta(days=KEPT_DAYS)
    gone = HandbookFilm.objects.filter(organisation=organisation, withdrawn_at__lt=until, size__gt=0)
    keys = list(gone.values_list("pk", flat=True))
    HandbookFilmPart.objects.filter(film__in=keys).delete()
    return HandbookFilm.objects.filter(pk__in=keys).update(size=0)


@transaction.atomic
def restore_film(*, film: HandbookFilm) -> None:
    """Put a film back; ValidationError once its file has been deleted."""
    if film.kind and not film.size:
        raise ValidationError(_("The film's file has been deleted. Add it again."))
    HandbookFilm.objects.filter(pk=film.pk).update(withdrawn_at=None)
