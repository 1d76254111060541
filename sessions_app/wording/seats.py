"""Seats of licences: how many a licence has, how many are taken, how long it still holds. Never blocks anybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from organisations.models import Practitioner
from organisations.roles import Can, Role, may
from organisations.services.local_day import today_in
from sessions_app.models import PackLicence
from sessions_app.wording.reminders import STAGES


@dataclass(frozen=True)
class LicenceSeats:
    """A confirmed licence with its seats: `used` by how many, `days_left` until its last day (None: without an end)."""

    licence: PackLicence
    used: int
    days_left: int | None

    @property
    def free(self) -> int | None:
        """How many seats are left; below 0 where more use it; None where the licence says no number."""
        return None if self.licence.seats is None else self.licence.seats - self.used

    @property
    def over(self) -> int:
        """How many more use it than there are seats."""
        return max(0, -(self.free or 0))

    @property
    def stage(self) -> int | None:
        """The stage of the reminders that has come: 14 days, else 60; None before the first and after the end."""
        left = self.days_left
        return next((stage for stage in sorted(STAGES) if left is not None and 0 <= left <= stage), None)

    @property
    def has_ended(self) -> bool:
        """Whether its last day is past."""
        return self.days_left is not None and self.days_left < 0


def count_seats_used(by: Practitioner) -> int:
    """How many take a seat: whoever has a log-in, has access today and may hold sessions. One query."""
    roles, today = [role.value for role in Role if may(role, Can.RECORD_SESSION)], today_in(by.organisation)
    people = Practitioner.objects.visible_to(by).filter(is_active=True, user__is_active=True, role__in=roles)
    return people.exclude(access_until__lt=today).count()


def seats_of_licences(by: Practitioner) -> Sequence[LicenceSeats]:
    """The confirmed licences of packs in use, that ends first on top; two queries."""
    today, used = today_in(by.organisation), count_seats_used(by)
    found = [
        LicenceSeats(one, used, None if one.valid_until is None else (one.valid_until - today).days)
        for one in PackLicence.objects.visible_to(by).in_use().select_related("pack")
    ]
    far = 10**6
    return sorted(found, key=lambda one: (one.has_ended, far if one.days_left is None else one.days_left))
