"""How long records are kept in Norway."""

from datetime import date

from clients.retention.base import RetentionRule, gettext_noop


class NorwegianHealth(RetentionRule):
    key = "no-health"
    country = "NO"
    title = gettext_noop("Health and care records of municipalities: handed to the archive, never erased here")
    service_kind = gettext_noop("Substance use, psychosocial and other municipal care")
    basis = gettext_noop("Regulation of the National Archivist, section 7-29: what is to be preserved")
    source = "arkivverket.no, Riksarkivarens forskrift § 7-29"
    is_preserved = True
    archives_first = True
    valid_from = date(2020, 1, 1)


class NorwegianOther(RetentionRule):
    key = "no-other"
    country = "NO"
    title = gettext_noop("Records that are not preserved: as long as the purpose needs them")
    service_kind = gettext_noop("What the municipality's plan for preserving and discarding lets go")
    basis = gettext_noop("GDPR art. 5(1)(e), and the municipality's own plan for preserving and discarding")
    source = "ehelse.no, Normen, faktaark 25"
    asks_years = True
    archives_first = True
    valid_from = date(2020, 1, 1)
