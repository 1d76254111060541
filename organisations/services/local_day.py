"""Which day it is where the organisation is, and what the clock says there."""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import time_format

from organisations.models import Organisation


def today_in(organisation: Organisation) -> datetime.date:
    """The local date of an organisation, now."""
    return day_of(timezone.now(), organisation)


def day_of(moment: datetime.datetime, organisation: Organisation) -> datetime.date:
    """The local date of a moment where the organisation is."""
    return organisation.day_of(moment)


def clock_of(moment: datetime.datetime | None, organisation: Organisation) -> str:
    """The time of a moment where the organisation is, as the active language writes it; "" for none."""
    return time_format(moment.astimezone(ZoneInfo(organisation.time_zone)), "TIME_FORMAT") if moment else ""
