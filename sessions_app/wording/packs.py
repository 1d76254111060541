"""An administrator takes a pack in, records and confirms its licence, or withdraws it."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.models import Pack, PackLicence
from sessions_app.wording.validation import PackRefused, read_pack
from sessions_app.wording.validation_texts import sentence


@transaction.atomic
def import_pack(*, raw: bytes, by: Practitioner) -> Pack:
    """Take a file in; nobody sees its words yet. ValidationError with the place of each fault."""
    try:
        content = read_pack(raw)
    except PackRefused as refused:
        raise ValidationError([sentence(fault) for fault in refused.faults]) from refused
    pack, created = Pack.objects.get_or_create(
        organisation_id=by.organisation_id,
        pack=content["pack"],
        version=content["version"],
        defaults={
            "instrument": content["instrument"],
            "language": content["language"],
            "content": content,
            "imported_by": by,
        },
    )
    if not created:
        raise ValidationError(_("This version of the pack is here already. A changed pack needs a new version."))
    return pack


@transaction.atomic
def record_licence(
    *,
    pack: Pack,
    holder: str,
    number: str,
    scope: str,
    document: str,
    valid_until: datetime.date | None,
    by: Practitioner,
    seats: int | None = None,
) -> PackLicence:
    """Write a licence down; it counts when it is confirmed. ValidationError for one that has ended."""
    _lock_in_use(pack)
    if valid_until is not None and valid_until < today_in(by.organisation):
        raise ValidationError({"valid_until": _("That day has passed.")})
    return PackLicence.objects.create(
        organisation_id=by.organisation_id,
        pack=pack,
        holder=holder,
        number=number,
        scope=scope,
        document=document,
        valid_until=valid_until,
        seats=seats,
        recorded_by=by,
    )


@transaction.atomic
def confirm_licence(*, licence: PackLicence, by: Practitioner) -> None:
    """From now on the forms show the pack; confirming again changes nothing."""
    _lock_in_use(licence.pack)
    waiting = PackLicence.objects.filter(pk=licence.pk, confirmed_at=None)
    waiting.update(confirmed_at=timezone.now(), confirmed_by=by)


@transaction.atomic
def withdraw_pack(*, pack: Pack, by: Practitioner) -> None:
    """From now on the forms no longer show it. It stays stored: answers refer to it."""
    Pack.objects.filter(pk=pack.pk, withdrawn_at=None).update(withdrawn_at=timezone.now(), withdrawn_by=by)


def state_of(pack: Pack, today: datetime.date) -> dict[str, Any]:
    """Where a pack stands: `key` (withdrawn, unlicensed, shown, lapsed) and `until`, the last day of its licence."""
    if pack.withdrawn_at is not None:
        return {"key": "withdrawn", "until": None}
    confirmed = [licence for licence in pack.licences.all() if licence.confirmed_at is not None]
    if not confirmed:
        return {"key": "unlicensed", "until": None}
    days = [licence.valid_until for licence in confirmed]
    until = None if None in days else max(day for day in days if day is not None)
    shown = any(licence.covers(today) for licence in confirmed)
    return {"key": "shown" if shown else "lapsed", "until": until}


def _lock_in_use(pack: Pack) -> None:
    if not Pack.objects.select_for_update(of=("self",)).filter(pk=pack.pk, withdrawn_at=None).exists():
        raise ValidationError(_("This pack was withdrawn."))
