"""Which day it is where the organisation is."""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from organisations.models import Organisation


def today_in(organisation: Organisation) -> datetime.date:
    """The local date of an organisation, now."""
    return timezone.now().astimezone(ZoneInfo(organisation.time_zone)).date()
