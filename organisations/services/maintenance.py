"""Notices of work on the installation: what an operator tells everybody, from when to when."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import MaintenanceNotice, User
from organisations.monitoring.notices import forget_notices
from organisations.services.operator import note


@transaction.atomic
def add_notice(*, by: User, **given) -> MaintenanceNotice:
    """Shown to the staff of every organisation from its day on. ValidationError for times out of order."""
    notice = MaintenanceNotice(**given)
    check_times(notice.shown_from, notice.starts_at, notice.ends_at)
    notice.save(force_insert=True)
    note(by, "add_notice")
    transaction.on_commit(forget_notices)
    return notice


def notices() -> QuerySet[MaintenanceNotice]:
    """All that were ever announced, the next one first."""
    return MaintenanceNotice.objects.order_by("starts_at")


def coming() -> QuerySet[MaintenanceNotice]:
    """Those that are not over and not taken back."""
    return notices().filter(ends_at__gt=timezone.now(), withdrawn_at=None)


def check_times(shown_from: datetime, starts_at: datetime, ends_at: datetime) -> None:
    """ValidationError, beside its field, for times out of order or past."""
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The work ends after it begins.")})
    if ends_at <= timezone.now():
        raise ValidationError({"ends_at": _("That is over already.")})
    if shown_from > starts_at:
        raise ValidationError({"shown_from": _("The staff hear of it before it begins.")})


@transaction.atomic
def withdraw_notice(*, notice: MaintenanceNotice, by: User, withdrawn: bool = True) -> None:
    """Shown no more; with `withdrawn` False shown again."""
    notice.withdrawn_at = timezone.now() if withdrawn else None
    notice.save(update_fields=["withdrawn_at"])
    note(by, "withdraw_notice" if withdrawn else "add_notice")
    transaction.on_commit(forget_notices)
