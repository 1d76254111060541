"""The notices of work on the installation that the staff are to know of now."""

from datetime import datetime

from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import transaction

from organisations.models import MaintenanceNotice

COMING = "maintenance:coming"
KEPT_SECONDS = 60


def notices_to_show(now: datetime) -> list[MaintenanceNotice]:
    """Those that the staff see now, the next one first. Asked of the database once a minute; none while it is away."""
    found = cache.get(COMING)
    if found is None:
        rows = MaintenanceNotice.objects.filter(withdrawn_at=None, ends_at__gt=now).order_by("starts_at", "pk")
        try:
            with transaction.atomic():
                found = list(rows)
        except DatabaseError:
            return []
        cache.set(COMING, found, KEPT_SECONDS)
    return [one for one in found if one.shown_from <= now < one.ends_at]


def forget_notices() -> None:
    """Ask the database anew: something was announced or taken back."""
    cache.delete(COMING)
