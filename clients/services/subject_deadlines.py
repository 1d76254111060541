"""Until when a person's request is answered: one month after it came, three where it takes longer.

Article 12(3) of the GDPR, counted as regulation 1182/71, article 3, counts months. The day on which the request came
is not counted; the period ends with the same date of the last month, or with that month's last day where it has no such
date (31 January: 28 or 29 February; 29 February: 29 March). Where that day is a Saturday or a Sunday, it ends with the
next working day. The regulation also moves a public holiday; those of each country are not known here, so that around
them the last day is a day earlier than the law's, never later. An extension is counted from the same day: one month and
two further ones.
"""

import calendar
from datetime import date, timedelta

MONTHS, EXTENDED = 1, 3
SATURDAY = 5


def last_day(arrived_on: date, *, extended: bool = False) -> date:
    """The last day on which a request that came on that day is answered in time."""
    months = arrived_on.month - 1 + (EXTENDED if extended else MONTHS)
    year, month = arrived_on.year + months // 12, months % 12 + 1
    day = min(arrived_on.day, calendar.monthrange(year, month)[1])
    return _working_day(date(year, month, day))


def _working_day(day: date) -> date:
    weekday = day.weekday()
    return day if weekday < SATURDAY else day + timedelta(days=7 - weekday)
