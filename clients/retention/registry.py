"""All rules of retention, and which one holds on a day."""

from datetime import date

from clients.retention.base import RetentionRule
from clients.retention.denmark import DanishHealth, DanishLongHealth, DanishSocial
from clients.retention.norway import NorwegianHealth, NorwegianOther
from clients.retention.own_period import OwnPeriod
from clients.retention.sweden import SwedishHealth, SwedishSocial

RULES: tuple[type[RetentionRule], ...] = (
    DanishSocial,
    DanishHealth,
    DanishLongHealth,
    SwedishSocial,
    SwedishHealth,
    NorwegianHealth,
    NorwegianOther,
    OwnPeriod,
)


def rule_on(key: str, day: date, rules: tuple[type[RetentionRule], ...] = RULES) -> type[RetentionRule] | None:
    """The rule of that key as the law stands on `day`; None where there is none (any more)."""
    return next((rule for rule in rules if rule.key == key and rule.holds_on(day)), None)


def rules_of(country: str, day: date) -> list[type[RetentionRule]]:
    """What a service of a country may choose from; the first one is what is proposed. All, where it has none.

    The organisation's own period is the last, everywhere.
    """
    standing = [rule for rule in RULES if rule.holds_on(day) and rule.country]
    return [*([rule for rule in standing if rule.country == country] or standing), OwnPeriod]
