"""An admin's upload: checked first, imported when confirmed; a large file by a worker."""

import io
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.jobs.outbox import ask_for
from organisations.models import Organisation, Practitioner
from sessions_app.imports.choices import FORMER, Choices
from sessions_app.imports.faults import FileError
from sessions_app.imports.outline import outline_of
from sessions_app.imports.report import COUNTS, MOST_ASKED, ImportReport
from sessions_app.imports.service import import_sessions, lock_imports
from sessions_app.imports.texts import CREATED, MOST_NAMED, file_reason, stored_params
from sessions_app.imports.undo import built_on, undo
from sessions_app.imports.whole_file import JUDGING, READING, REFRESHING, TOLD_EVERY, WRITING, Progress
from sessions_app.models import WAITING, ImportStep, SessionImport

RUN_IMPORT = "sessions_app.tasks.run_import"
LARGEST = 10 * 1024 * 1024  # bytes
MOST_LINES = 50_000
AT_ONCE = 50_000  # bytes, some hundred lines: done while the person waits
A_SESSION = 50  # bytes of a file that take as long as undoing a session
# Faults of a file that an answer about its columns may mend.
ANSWERABLE = ("no_header", "unknown_column", "double_column", "missing_column")
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
def choose(*, upload: SessionImport, choices: Choices, remember: bool, by: Practitioner) -> None:
    """Read a waiting file as somebody said; ValidationError when it is not waiting any more."""
    upload = _locked(upload)
    if not upload.is_waiting:
        raise ValidationError(_("This file is not waiting to be imported."))
    upload.choices = choices.as_json() | {"remember": remember, "chosen": bool(choices.columns)}
    upload.step = ImportStep.CHECKING
    _run_or_ask(upload)


@transaction.atomic
def undo_import(*, upload: SessionImport, by: Practitioner) -> None:
    """Take an import back; ValidationError when something was built on it, or it is none that can be undone."""
    upload = _locked(upload)
    if upload.step != ImportStep.DONE or not upload.created.get("sessions"):
        raise ValidationError(_("This import cannot be undone."))
    if what := built_on(upload.created):
        raise ValidationError(_("This import cannot be undone as a whole: %(what)s.") % {"what": what})
    upload.step = ImportStep.UNDOING
    _run_or_ask(upload)


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
    if upload.is_waiting:
        _close(upload, ImportStep.DISCARDED)


def run_import(upload_id: str, *, going_on: Callable[[], None] = _nobody_asks) -> None:
    """Do what an upload waits for; one that waits for nothing is left alone.

    `going_on` is called every thousand lines.
    """
    upload = SessionImport.objects.select_for_update().filter(pk=upload_id).first()
    if upload is None or not upload.is_running:
        return

    def progress(step: str, done: int, total: int) -> None:
        _tell(upload, step, done, total)
        going_on()

    if upload.step == ImportStep.UNDOING:
        _undo(upload, progress)
    elif upload.content is not None:
        _import(upload, progress)


def _undo(upload: SessionImport, progress: Progress) -> None:
    lock_imports(upload.organisation_id)
    if built_on(upload.created):  # since it was asked for
        _close(upload, ImportStep.DONE)
        return
    total = len(upload.created["episodes"]) + len(upload.created["changed"])
    for done in undo(upload.created, by=upload.started_by):
        if done % TOLD_EVERY == 0:
            progress(REFRESHING, done, total)
    _close(upload, ImportStep.UNDONE)


def _import(upload: SessionImport, progress: Progress) -> None:
    file = io.BytesIO(upload.content or b"")
    dry_run = upload.step == ImportStep.CHECKING
    outline = upload.report.get("outline", {})
    try:
        if dry_run:
            choices, outline = outline_of(upload, file)
            upload.choices = upload.choices | choices.as_json()
        report = import_sessions(
            organisation=upload.organisation,
            file=file,
            by=upload.started_by,
            dry_run=dry_run,
            all_or_nothing=upload.all_or_nothing,
            most_lines=MOST_LINES,
            choices=Choices.from_json(upload.choices),
            progress=progress,
        )
    except FileError as error:
        _refuse(upload, error, outline)
        return
    upload.report = _as_stored(report) | {"outline": outline}
    if dry_run:
        upload.step = ImportStep.CHECKED
        _save(upload)
    else:
        upload.created = asdict(report.written) if report.landed else {}
        _close(upload, ImportStep.DONE if report.landed else ImportStep.NOTHING)


def _refuse(upload: SessionImport, error: FileError, outline: dict[str, Any]) -> None:
    """Keep the fault of a file, and the file itself where an answer would mend it."""
    sheets = error.params.get("names", []) if error.code == "several_sheets" else []
    upload.report = {
        "fault": {"code": error.code, "params": stored_params(error.params)},
        "outline": outline,
        "sheets": sheets,
    }
    if sheets or (error.code in ANSWERABLE and len(outline.get("header", ())) > 1):
        upload.step = ImportStep.ASKING
        _save(upload)
    else:
        _close(upload, ImportStep.FAILED)


def percent_done(upload: SessionImport) -> int:
    """How far a running upload is, 0 to 100. The cache knows: a worker's rows are not visible before the end."""
    return cache.get(_key(upload), 0)


def _locked(upload: SessionImport) -> SessionImport:
    return SessionImport.objects.select_for_update().get(pk=upload.pk)


def _run_or_ask(upload: SessionImport) -> None:
    _save(upload)
    undone = A_SESSION * len(upload.created.get("sessions", []))
    if max(upload.size, undone) <= AT_ONCE:
        run_import(str(upload.pk))
    else:
        ask_for(RUN_IMPORT, organisation_id=upload.organisation_id, object_id=upload.pk)


def _close(upload: SessionImport, step: ImportStep) -> None:
    upload.step = step
    upload.content = None
    _save(upload)


def _save(upload: SessionImport) -> None:
    upload.changed_at = timezone.now()
    fields = ["step", "content", "all_or_nothing", "report", "choices", "created", "changed_at"]
    upload.save(update_fields=fields)


def forget_unconfirmed(organisation: Organisation, now: datetime) -> int:
    """Files that nobody has confirmed in a day do not stay: whoever uploaded them may have left. How many went."""
    old = SessionImport.objects.filter(organisation=organisation, step__in=WAITING, changed_at__lt=now - UNCONFIRMED)
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
        "fields": {str(line): fields for line, fields in report.refused_fields.items()},
        "questions": report.questions(),
        "creations": {
            kind: {"count": len(names), "names": names[:MOST_NAMED]}
            for kind in CREATED
            if (names := [name.removeprefix(FORMER) for name in getattr(report.creations, kind)])
        },
        "look_alikes": [asdict(found) for found in report.creations.look_alikes[:MOST_ASKED]],
    }


def _tell(upload: SessionImport, step: str, done: int, total: int) -> None:
    begin, length = SHARES[step]
    cache.set(_key(upload), begin + length * done // max(1, total), 3600)


def _key(upload: SessionImport) -> str:
    return f"import-{upload.pk}"
