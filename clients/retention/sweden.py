"""How long records are kept in Sweden."""

from datetime import date

from clients.retention.base import ClockStart, KeptException, RetentionRule, gettext_noop

BORN_ON_SAMPLE_DAY = KeptException(
    "sample", gettext_noop("Born on the 5th, 15th or 25th of a month: kept for research")
)
PLACED_CHILD = KeptException(
    "placed", gettext_noop("A child who was placed, an adoption or an inquiry into paternity: kept")
)


class SwedishSocial(RetentionRule):
    key = "se-social"
    country = "SE"
    title = gettext_noop("Social services: 5 years after the last note")
    service_kind = gettext_noop("Help by the social services")
    basis = gettext_noop("SFS 2003:135: 5 years after the last note, finished in the calendar year after")
    source = "SFS 2003:135"
    years = 5
    clock = ClockStart.LAST_NOTE
    finishes_next_year = True
    exceptions = (BORN_ON_SAMPLE_DAY, PLACED_CHILD)
    valid_from = date(2003, 5, 1)


class SwedishHealth(RetentionRule):
    key = "se-health"
    country = "SE"
    title = gettext_noop("Health records: 10 years")
    service_kind = gettext_noop("Health care")
    basis = gettext_noop("Patient Data Act: at least 10 years after the last entry")
    source = "Patientdatalagen (2008:355)"
    years = 10
    valid_from = date(2008, 7, 1)
