"""Which day it is where the organisation is."""

import datetime

from django.utils import timezone

from organisations.models import Organisation


def today_in(organisation: Organisation) -> datetime.date:
    """The local date of an organisation, now."""
    return day_of(timezone.now(), organisation)


def day_of(moment: datetime.datetime, organisation: Organisation) -> datetime.date:
    """The local date of a moment where the organisation is."""
    return organisation.day_of(moment)
