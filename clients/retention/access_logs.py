"""How long the log of who looked is kept, by country. What is older goes by `manage.py forget_accesses`."""

from dataclasses import dataclass
from datetime import UTC, datetime

from clients.retention.base import gettext_noop


@dataclass(frozen=True)
class AccessLogRule:
    """`least_years` is how long the log has to stay; None where the purpose decides."""

    country: str
    least_years: int | None
    basis: str
    source: str


ACCESS_LOG_RULES = (
    AccessLogRule(
        "DK",
        None,
        gettext_noop("As long as its purpose needs it: to find and prove misuse"),
        "datatilsynet.dk, logning",
    ),
    AccessLogRule("SE", 5, gettext_noop("HSLF-FS 2016:40, chapter 4, section 9: at least 5 years"), "HSLF-FS 2016:40"),
    AccessLogRule(
        "NO",
        None,
        gettext_noop("Normen, fact sheet 15: kept and checked as long as it is needed"),
        "ehelse.no, faktaark 15",
    ),
)
NO_COUNTRY = AccessLogRule(
    "", None, gettext_noop("As long as its purpose needs it: to find and prove misuse"), "GDPR art. 5"
)


def access_log_rule(country: str) -> AccessLogRule:
    """The rule of a country; by purpose where it has none of its own."""
    return next((rule for rule in ACCESS_LOG_RULES if rule.country == country), NO_COUNTRY)


def first_kept(country: str, years: int, now: datetime) -> datetime:
    """The beginning (UTC) of the first month of which rows stay: all before it are older than `years`.

    Where a country's rule asks for more years, that many.
    """
    kept = max(years, access_log_rule(country).least_years or 0)
    today = now.astimezone(UTC)
    return datetime(today.year - kept, today.month, 1, tzinfo=UTC)
