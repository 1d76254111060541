"""Data of a study on their way out: asked for, agreed to by a second person, made by a worker, fetched, deleted.

Whose data go out is asked when the file is made and again when it is fetched: who was enrolled and still says yes.
"""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext as _

from clients.models import Client, ConsentPurpose
from clients.services.consent_closings import ConsentClosing
from clients.services.consents import clients_with_consent
from clients.services.merged_records import keys_of_all_records
from organisations.audit.record import record_access
from organisations.jobs.outbox import ask_for
from organisations.models import Organisation, Practitioner
from organisations.roles import Can
from sessions_app.models import (
    ExportColumn,
    ExportEnd,
    ExportStep,
    Study,
    StudyExport,
    StudyExportClient,
    StudyExportQuerySet,
    StudyParticipantQuerySet,
)

MAKE_EXPORT = "reports.tasks.make_study_export"
KEPT = datetime.timedelta(days=7)
SAID = ("purpose", "recipient", "columns")
"""What somebody says who asks."""
MOST_AN_HOUR = 10
"""Exports that one person asks for, whatever became of them."""


class CannotBeMade(RuntimeError):
    """There is no file; the words say why, for whoever asked."""


@dataclass(frozen=True)
class MadeExport:
    """A file as it was made: its bytes, what it is called, what was counted, and whose data are in it."""

    content: bytes
    name: str
    report: dict[str, Any]
    clients: frozenset[UUID]


def participants_in_exports(study: Study) -> StudyParticipantQuerySet:
    """Whose data may go out now: enrolled, the consent to research stands, no practice client."""
    clients = Client.objects.filter(organisation=study.organisation_id, is_practice=False, merged_into=None)
    agreed = clients_with_consent(clients, ConsentPurpose.RESEARCH)
    return study.participants.in_data().filter(client__in=agreed.values("pk"))


@transaction.atomic
def ask_for_export(
    *, study: Study, purpose: str, recipient: str, columns: Collection[str], by: Practitioner
) -> StudyExport:
    """Ask for the data of a study; nothing is made before a second person agrees.

    ValidationError without a purpose or a recipient, for a study that was never opened, and from the eleventh in an
    hour on.
    """
    hour_ago = timezone.now() - datetime.timedelta(hours=1)
    if study.opened_at is None:
        raise ValidationError(_("This study has not been opened: there is nothing to take out."))
    if StudyExport.objects.filter(asked_by=by, asked_at__gt=hour_ago).count() >= MOST_AN_HOUR:
        raise ValidationError(_("You have asked for ten exports within an hour. Wait a little."))
    export = StudyExport(
        organisation_id=by.organisation_id,
        study=study,
        purpose=purpose.strip(),
        recipient=recipient,
        columns=[column for column in ExportColumn.values if column in columns],
        language=(get_language() or "en").split("-")[0],
        approver=study.approver,
        approval_reference=study.approval_reference,
        asked_by=by,
    )
    export.clean_fields(exclude=[field.name for field in StudyExport._meta.fields if field.name not in SAID])
    export.save(force_insert=True)
    record_access("study.export_asked", [], typed=f"{study.name}: {export.recipient}")
    return export


@transaction.atomic
def decide_export(*, export: StudyExport, agrees: bool, by: Practitioner) -> None:
    """A second person lets the data go, or not. ValidationError for whoever asked, and where it was decided."""
    export = StudyExport.objects.select_for_update(of=("self",)).without_content().get(pk=export.pk)
    if export.asked_by_id == by.pk:
        raise ValidationError(_("You asked for this export. Somebody else has to agree."))
    if export.step != ExportStep.WAITING:
        raise ValidationError(_("Somebody has decided meanwhile."))
    export.decided_by, export.decided_at = by, timezone.now()
    export.step = ExportStep.MAKING if agrees else ExportStep.REFUSED
    export.save(update_fields=["decided_by", "decided_at", "step"])
    record_access("study.export_allowed" if agrees else "study.export_refused", [], typed=_named(export))
    if agrees:
        ask_for(MAKE_EXPORT, organisation_id=export.organisation_id, object_id=export.pk)


def may_decide(export: StudyExport, by: Practitioner) -> bool:
    """Whether an export waits for this person."""
    return export.step == ExportStep.WAITING and export.asked_by_id != by.pk and by.can(Can.CONFIRM_EXPORTS)


def make_export(export_id: str, make: Callable[[StudyExport], MadeExport]) -> None:
    """Make a file that waits for it, in a worker; one that is gone or was made is left alone.

    A client who says no while it is made is not in it: the answers are locked and asked for again at the end.
    """
    found = StudyExport.objects.select_related("asked_by__organisation", "study__organisation")
    export = found.filter(pk=export_id, step=ExportStep.MAKING).first()
    if export is None:
        return
    try:
        made = make(export)
        _lock(made.clients)
        if not made.clients <= _agreeing(export.study):
            made = make(export)
    except CannotBeMade as error:
        fault = str(error)[:200]
        StudyExport.objects.filter(pk=export.pk).update(step=ExportStep.FAILED, fault=fault, made_at=timezone.now())
        return
    record_access("study.export_made", sorted(made.clients), typed=_named(export))
    own = {"organisation_id": export.organisation_id, "export": export}
    StudyExportClient.objects.bulk_create(StudyExportClient(**own, client_id=key) for key in sorted(made.clients))
    export.content, export.file_name, export.report = made.content, made.name, made.report
    export.step, export.made_at = ExportStep.READY, timezone.now()
    export.save(update_fields=["content", "file_name", "report", "step", "made_at"])


def take_export(*, export: StudyExport, by: Practitioner) -> bytes:
    """The file, on record with each client in it. ValidationError where it is not there any more.

    Only whoever asked for it takes it, and only while everybody in it agrees.
    """
    members = set(export.members.values_list("client", flat=True))
    if export.asked_by_id != by.pk:
        raise ValidationError(_("Only whoever asked for an export takes it."))
    if not is_open(export) or export.content is None or not members <= _agreeing(export.study):
        raise ValidationError(_("This file is not there any more. Ask for a new one."))
    record_access("study.export_taken", sorted(members), typed=_named(export))
    StudyExport.objects.filter(pk=export.pk).update(taken_at=timezone.now(), taken_times=F("taken_times") + 1)
    return bytes(export.content)


def is_open(export: StudyExport) -> bool:
    """Whether a file can still be fetched, whether or not it was deleted yet; does not read the content."""
    return export.step == ExportStep.READY and timezone.now() < goes_at(export)


def goes_at(export: StudyExport) -> datetime.datetime:
    """When a file that was made is deleted, at the latest in the night after."""
    return (export.made_at or export.asked_at) + KEPT


@transaction.atomic
def remove_export(*, export: StudyExport, by: Practitioner) -> None:
    """Delete a file before its days are over, or take back what was asked for; its row stays."""
    steps = [ExportStep.WAITING, ExportStep.MAKING, ExportStep.READY]
    _end(StudyExport.objects.filter(pk=export.pk, step__in=steps), ExportEnd.REMOVED)
    record_access("study.export_removed", [], typed=_named(export))


def forget_old(organisation: Organisation, now: datetime.datetime) -> int:
    """Delete the files whose days are over; how many."""
    ready = StudyExport.objects.filter(organisation=organisation, step=ExportStep.READY)
    return _end(ready.filter(made_at__lt=now - KEPT), ExportEnd.DAYS)


def open_exports_with(client: Client) -> StudyExportQuerySet:
    """The files that can be fetched and hold data of a client, or of a record that was merged into theirs."""
    ready = StudyExport.objects.filter(step=ExportStep.READY)
    return ready.filter(members__client__in=keys_of_all_records(client)).distinct()


def close_exports_with(client: Client) -> None:
    """Delete those files: a consent is gone."""
    keys = list(open_exports_with(client).values_list("pk", flat=True))
    _end(StudyExport.objects.filter(pk__in=keys), ExportEnd.CONSENT)


def close_exports_of(client: Client) -> None:
    """Delete those files: the client is erased."""
    keys = list(open_exports_with(client).values_list("pk", flat=True))
    _end(StudyExport.objects.filter(pk__in=keys), ExportEnd.REMOVED)


def _end(exports: StudyExportQuerySet, end: str) -> int:
    return exports.update(step=ExportStep.CLOSED, content=None, end=end, ended_at=timezone.now())


def _agreeing(study: Study) -> frozenset[UUID]:
    return frozenset(participants_in_exports(study).values_list("client", flat=True))


def _lock(clients: Collection[UUID]) -> None:
    """Lock these clients' rows, as a consent does; the order is that of the keys."""
    rows = Client.objects.select_for_update(of=("self",)).filter(pk__in=clients).order_by("pk")
    list(rows.values_list("pk"))


def _named(export: StudyExport) -> str:
    return f"{export.study.name}: {export.recipient}"


EXPORTS_CLOSING = ConsentClosing(
    ConsentPurpose.RESEARCH,
    ngettext_lazy("%(count)d file for research", "%(count)d files for research", "count"),
    lambda client: open_exports_with(client).count(),
    close_exports_with,
)
