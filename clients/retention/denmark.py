"""How long records are kept in Denmark."""

from datetime import date

from clients.retention.base import RetentionRule, gettext_noop


class DanishLongHealth(RetentionRule):
    key = "dk-health-10"
    country = "DK"
    title = gettext_noop("Health records of doctors, dentists and midwives: 10 years")
    service_kind = gettext_noop("Treatment by a doctor, dentist, midwife or others of that duty")
    basis = gettext_noop("Authorisation Act, section 25, and the order on records: 10 years, longer while a case runs")
    source = "stps.dk, journalopbevaring"
    years = 10
    valid_from = date(2000, 1, 1)


class DanishHealth(RetentionRule):
    key = "dk-health-5"
    country = "DK"
    title = gettext_noop("Health records of other authorised staff: 5 years")
    service_kind = gettext_noop("Treatment by psychologists, nurses and other authorised staff")
    basis = gettext_noop("Authorisation Act, section 25, and the order on records: 5 years, longer while a case runs")
    source = "stps.dk, journalopbevaring"
    years = 5
    valid_from = date(2000, 1, 1)


class DanishSocial(RetentionRule):
    key = "dk-social"
    country = "DK"
    title = gettext_noop("Social records: as long as the purpose needs them")
    service_kind = gettext_noop("Help under the Act on Social Services or the Child's Act")
    basis = gettext_noop("GDPR art. 5(1)(e), and the Archives Act: handed to the archive before it is erased")
    source = "silkeborgarkiv.dk, sletning"
    asks_years = True
    archives_first = True
    valid_from = date(2000, 1, 1)
