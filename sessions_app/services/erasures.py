"""Erase a client whose time is over and whose erasure two steps confirmed; and again after a restore."""

import logging
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from clients.models import Client, Erasure, ErasureNotice
from clients.retention.due import NOTICE_DAYS
from clients.services import measurements
from clients.services.erasure_function import ErasedRows, erase_rows
from clients.services.erasure_ledger import add_to_ledger, read_ledger, write_missing_lines
from organisations.audit import emptied_rows, record
from organisations.audit.record import record_access
from organisations.models import AccessHead, Organisation
from organisations.tenancy.context import tenant
from sessions_app.models import SessionImport
from sessions_app.models.import_job import WAITING
from sessions_app.services.erasure_notices import judged
from sessions_app.services.study_exports import close_exports_of

logger = logging.getLogger(__name__)
LOGGED = "client.erase"


def erase_confirmed(organisation: Organisation, now: datetime) -> int:
    """Erase whoever was confirmed twice and is due, each in a transaction of its own; how many."""
    with tenant(organisation.pk):
        write_missing_lines(organisation)
        long_enough = Q(noticed_at__lte=now - timedelta(NOTICE_DAYS))
        notices = list(ErasureNotice.objects.confirmed().filter(long_enough).values_list("pk", flat=True))
    erased = 0
    for key in notices:
        try:
            with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="erasure"):
                erased += _erase_notice(key, now)
        except Exception:
            logger.exception("A client could not be erased; the others are, and the next night tries again")
        with tenant(organisation.pk):
            write_missing_lines(organisation)
    return erased


def _erase_notice(key: UUID, now: datetime) -> bool:
    notice = ErasureNotice.objects.select_related("organisation", "client").filter(pk=key).first()
    if notice is None or notice.second_on is None:
        return False
    lock_clients([notice.client])
    notice = ErasureNotice.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=key)
    day = notice.organisation.day_of(now)
    extended = notice.extended_until is not None and notice.extended_until >= day
    if notice.ended_at is not None or notice.second_on is None or extended:
        return False
    if not judged(notice, day).judgement.is_due:
        return False
    erase_client(_entry_of(notice))
    return True


def _entry_of(notice: ErasureNotice) -> Erasure:
    merged = Client.objects.filter(merged_into=notice.client_id).values_list("pk", flat=True)
    entry = Erasure(organisation=notice.organisation, client_uid=notice.client_id, merged_uids=list(merged))
    for name in ("rules", "kept_until", "first_on", "second_on"):
        setattr(entry, name, getattr(notice, name))
    entry.first_by, entry.second_by = notice.first_by_id, notice.second_by_id  # type: ignore[assignment]  # both stand
    return entry


def lock_clients(clients: list[Client]) -> None:
    """As whoever writes a client's data locks them: episodes first, then the clients."""
    measurements.lock_episodes(clients)
    list(Client.objects.select_for_update().filter(pk__in=[client.pk for client in clients]).order_by("pk"))


def erase_client(erasure: Erasure) -> ErasedRows:
    """Enter a client in the ledger and let everything go that names them, in the open transaction."""
    keys = [erasure.client_uid, *erasure.merged_uids]
    # The ledger is a chain, and rows of the access log are changed: one after another in an organisation.
    list(AccessHead.objects.select_for_update().filter(organisation=erasure.organisation_id))
    clients = list(Client.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys)))
    _empty_imports(erasure.organisation_id, clients)
    for client in clients:
        close_exports_of(client)
    if not Erasure.objects.filter(organisation=erasure.organisation_id, client_uid=erasure.client_uid).exists():
        if erasure.hash:
            erasure.save(force_insert=True)  # as the file tells it: played again
        else:
            add_to_ledger(erasure)
    erased = erase_rows(erasure.client_uid)
    batch = emptied_rows.vouch_for_emptied(erasure.organisation_id, erased.emptied)
    record_access(LOGGED, keys)
    if batch is not None:
        record_access(emptied_rows.ACTION, keys, purpose=str(batch))
    return erased


def _empty_imports(organisation_id: UUID, clients: list[Client]) -> None:
    """Of files of past sessions that tell of these clients only the counts stay; they can be undone no more.

    What is still on its way holds the whole file: it is thrown away.
    """
    ids = {str(client.pk) for client in clients}
    names = [re.compile(rf"(?<!\w){re.escape(client.reference)}(?!\w)", re.IGNORECASE) for client in clients]
    for upload in SessionImport.objects.select_for_update().filter(organisation=organisation_id):
        told = _texts({"report": upload.report, "choices": upload.choices, "created": upload.created})
        if not any(text in ids or any(name.search(text) for name in names) for text in told):
            continue
        upload.report = {"counts": upload.report["counts"]} if "counts" in upload.report else {}
        upload.choices, upload.created = {}, {}
        if upload.step in WAITING:
            upload.content = None
        upload.save(update_fields=["report", "choices", "created", "content"])


def _texts(value: Any) -> list[str]:
    """Every text in a value of JSON, names of fields included."""
    if isinstance(value, dict):
        return [text for name, one in value.items() for text in [str(name), *_texts(one)]]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [str(value)]


def replay_erasures(organisation: Organisation) -> tuple[int, list[str]]:
    """Erase whom the signed file tells of and a restored backup brought back; how many, and what is wrong with it."""
    erased, faults = 0, []
    for line in read_ledger(organisation):
        if line.fault:
            faults.append(f"line {line.number} {line.fault}")
        if line.erasure is None:
            continue
        with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="replay"):
            erased += _replay(line.erasure)
    return erased, faults


@transaction.atomic
def _replay(erasure: Erasure) -> bool:
    # In an older backup a record may not have been merged yet.
    clients = list(Client.objects.filter(pk__in=[erasure.client_uid, *erasure.merged_uids]))
    known = Erasure.objects.filter(organisation=erasure.organisation_id, client_uid=erasure.client_uid).exists()
    if not clients:
        if not known:
            erasure.save(force_insert=True)
        return False
    lock_clients(clients)
    erase_client(erasure)
    return True
