"""How long records are kept in Norway.

Read in November 2026: two pages of arkivverket.no (Riksarkivarens forskrift, revised from 1 January 2020, its section
7-29; and the page that explains the section), and kommunal-rapport.no of January 2020, which names the services. The
section itself, and the shortest periods that it sets for what is not preserved, were not at hand. A new Archives Act
and regulation hold from 1 January 2026 (digi.no, aksess-tidsskrift.no) and were announced to replace parts of the
regulation that the section stands in; whether it still stands was not found. So both rules say that they are unchecked.
"""

from datetime import date

from clients.retention.base import RetentionRule, gettext_noop

DOUBT = gettext_noop(
    "The text of the section was not read, and a new Archives Act holds since 1 January 2026 and may have replaced it"
)


class NorwegianHealth(RetentionRule):
    key = "no-health"
    country = "NO"
    title = gettext_noop(
        "Substance use and psychosocial care, child and school health, dental care: to the archive, never erased here"
    )
    service_kind = gettext_noop("Substance use, psychosocial care and the other services that the section names")
    basis = gettext_noop("Regulation of the National Archivist, section 7-29, as revised from 1 January 2020")
    source = "arkivverket.no, Riksarkivarens forskrift § 7-29; kommunal-rapport.no, January 2020"
    doubt = DOUBT
    is_preserved = True
    archives_first = True
    valid_from = date(2020, 1, 1)


class NorwegianOther(RetentionRule):
    key = "no-other"
    country = "NO"
    title = gettext_noop("Records that are not preserved: as long as the purpose needs them")
    service_kind = gettext_noop("What the municipality's plan for preserving and discarding lets go")
    basis = gettext_noop("GDPR art. 5(1)(e), and the municipality's own plan; section 7-29 sets shortest periods")
    source = "ehelse.no, Normen, faktaark 25; arkivverket.no, Riksarkivarens forskrift § 7-29"
    doubt = DOUBT
    asks_years = True
    archives_first = True
    valid_from = date(2020, 1, 1)
