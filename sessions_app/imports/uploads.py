"""An admin's upload: checked first, imported when confirmed; a large file by a worker."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.jobs.outbox import ask_for
from organisations.models import Organisation, Practitioner
from sessions_app.imports.reading import FileError
from sessions_app.imports.report import COUNTS, ImportReport
from sessions_app.imports.service import JUDGING, READING, REFRESHING, WRITING, import_sessions
from sessions_app.imports.texts import file_reason, stored_params
from sessions_app.models import ImportStep, SessionImport

RUN_IMPORT = "sessions_app.tasks.run_import"
LARGEST = 10 * 1024 * 1024  # bytes
MOST_LINES = 50_000
AT_ONCE = 50_000  # bytes, some hundred lines: done while the person waits
MOST_REFUSALS = 500  # shown and kept; who has more mends the export first
UNCONFIRMED = timedelta(days=1)  # how long a file waits for its confirmation
# How much of the whole each step is, in per cent: where it begins and how long it is.
SHARES = {READING: (0, 30), JUDGING: (30, 20), WRITING: (50, 35), REFRESHING: (85, 15)}


def _nobody_asks() -> None:
    """Whoever uploads a small file waits for the answer itself."""


@transaction.atomic
def start_import(*, file: BinaryIO, name: str, size: int, by: Practitioner) -> SessionImport:
    """Take an upload and check it, at once or by a worker; ValidationError for one that is too large."""
    if size > LARGEST:
        raise ValidationError(file_reason(FileError("too_large", megabytes=LARGEST // 1024**2)))
    upload = SessionImport.objects.create(
        organisation_id=by.organisation_id,
        started_by=by,
        file_name=name[-120:].replace("\0", ""),
        content=file.read(),
        size=size,
    )
    _run_or_ask(upload)
    return upload


@transaction.atomic
def confirm_import(*, upload: SessionImport, all_or_nothing: bool, by: Practitioner) -> None:
    """Import a checked file; ValidationError when it is not waiting for that any more."""
    upload = _locked(upload)
    if upload.step != ImportStep.CHECKED:
        raise ValidationError(_("This file is not waiting to be imported."))
    upload.all_or_nothing = all_or_nothing
    upload.step = ImportStep.IMPORTING
    _run_or_ask(upload)


@transaction.atomic
def discard_import(*, upload: SessionImport, by: Practitioner) -> None:
    """Forget a checked file."""
    upload = _locked(upload)
    if upload.step == ImportStep.CHECKED:
        _close(upload, ImportStep.DISCARDED)


def run_import(upload_id: str, *, going_on: Callable[[], None] = _nobody_asks) -> None:
    """Do what an upload waits for; one that waits for nothing is left alone.

    `going_on` is called every thousand lines.
    """
    upload = SessionImport.objects.select_for_update().filter(pk=upload_id).first()
    if upload is None or not upload.is_running or upload.content is None:
        return
    dry_run = upload.step == ImportStep.CHECKING

    def progress(step: str, done: int, total: int) -> None:
        _tell(upload, step, done, total)
        going_on()

    try:
        report = import_sessions(
            organisation=upload.organisation,
            file=io.BytesIO(upload.content),
            by=upload.started_by,
            dry_run=dry_run,
            all_or_nothing=upload.all_or_nothing,
            most_lines=MOST_LINES,
            progress=progress,
        )
    except FileError as error:
        upload.report = {"fault": {"code": error.code, "params": stored_params(error.params)}}
        _close(upload, ImportStep.FAILED)
        return
    upload.report = _as_stored(report)
    if dry_run:
        upload.step = ImportStep.CHECKED
        _save(upload)
    else:
        _close(upload, ImportStep.DONE if report.landed else ImportStep.NOTHING)


def percent_done(upload: SessionImport) -> int:
    """How far a running upload is, 0 to 100. The cache knows: a worker's rows are not visible before the end."""
    return cache.get(_key(upload), 0)


def _locked(upload: SessionImport) -> SessionImport:
    return SessionImport.objects.select_for_update().get(pk=upload.pk)


def _run_or_ask(upload: SessionImport) -> None:
    _save(upload)
    if upload.size <= AT_ONCE:
        run_import(str(upload.pk))
    else:
        ask_for(RUN_IMPORT, organisation_id=upload.organisation_id, object_id=upload.pk)


def _close(upload: SessionImport, step: ImportStep) -> None:
    upload.step = step
    upload.content = None
    _save(upload)


def _save(upload: SessionImport) -> None:
    upload.changed_at = timezone.now()
    upload.save(update_fields=["step", "content", "all_or_nothing", "report", "changed_at"])


def forget_unconfirmed(organisation: Organisation, now: datetime) -> int:
    """Files that nobody has confirmed in a day do not stay: whoever uploaded them may have left. How many went."""
    old = SessionImport.objects.filter(
        organisation=organisation, step=ImportStep.CHECKED, changed_at__lt=now - UNCONFIRMED
    )
    return old.update(step=ImportStep.DISCARDED, content=None)


def _as_stored(report: ImportReport) -> dict[str, Any]:
    return {
        "counts": {name: getattr(report, name) for name in COUNTS},
        "refusals": [
            {
                "line": refusal.line,
                "column": refusal.column,
                "code": refusal.code,
                "params": stored_params(refusal.params),
            }
            for refusal in report.refusals[:MOST_REFUSALS]
        ],
    }


def _tell(upload: SessionImport, step: str, done: int, total: int) -> None:
    begin, length = SHARES[step]
    cache.set(_key(upload), begin + length * done // max(1, total), 3600)


def _key(upload: SessionImport) -> str:
    return f"import-{upload.pk}"
