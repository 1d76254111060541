"""When a client's records may be erased: the law as it stands on the day, the latest of all services, and no hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clients.retention.base import ClockStart, RetentionRule

NOTICE_DAYS = 30  # how long before it may be erased a client stands on the list


class WhyKept(StrEnum):
    """Why nothing of a client is erased on a day."""

    NO_RECORDS = "no_records"
    OPEN = "open"  # a case runs
    NO_RULE = "no_rule"  # a service of theirs has none
    PRESERVED = "preserved"
    HELD = "held"
    EXEMPT = "exempt"
    RESTRICTED = "restricted"  # kept and not used: article 18 of the GDPR lets a person ask for just that
    ASKED = "asked"  # they asked for something by law that nobody has answered
    KEPT = "kept"  # the period is not over


HOLDING = (WhyKept.EXEMPT, WhyKept.HELD, WhyKept.RESTRICTED, WhyKept.ASKED)
"""Why records stay although their period is over; the first that is true is told."""


@dataclass(frozen=True)
class ServiceRecords:
    """What one service has of a client. `years` are the organisation's own, of a rule that asks for them."""

    last_entry: date
    is_open: bool
    rule: type[RetentionRule] | None
    years: int | None = None


@dataclass(frozen=True)
class HoldPeriod:
    """What keeps records, mostly a legal hold; `exception` names why the law keeps them for good, where it does."""

    since: date
    until: date | None = None  # its last day
    lifted_on: date | None = None
    exception: str = ""
    why: WhyKept = WhyKept.HELD

    def stands_on(self, day: date) -> bool:
        """Whether it keeps the records on a day; on the day on which it is lifted it does no more."""
        over = self.until is not None and day > self.until
        return self.since <= day and not over and (self.lifted_on is None or day < self.lifted_on)


@dataclass(frozen=True)
class RetentionJudgement:
    """`kept_until` is the last day on which the records have to stay, `finish_by` the day by which they have to go."""

    kept_until: date | None
    finish_by: date | None
    reason: WhyKept | None  # None: they may be erased

    @property
    def is_due(self) -> bool:
        """Whether the records may be erased."""
        return self.reason is None


def years_after(day: date, years: int) -> date:
    """The same date so many years on; of 29 February the 28th where there is none.

    So a period of years ends by Regulation 1182/71, art. 3(2)(c): with the last day of the month where its last month
    has no such date.
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def kept_until(records: ServiceRecords) -> date | None:
    """The last day on which a service has to keep its records; None where it keeps them for good, or has no rule."""
    rule = records.rule
    if rule is None or rule.is_preserved:
        return None
    years = records.years if rule.asks_years else rule.years
    if years is None:
        return None
    start = records.last_entry
    if rule.clock is ClockStart.END_OF_YEAR:
        start = date(start.year, 12, 31)
    return years_after(start, years)


def judge(records: Iterable[ServiceRecords], holds: Iterable[HoldPeriod], day: date) -> RetentionJudgement:
    """Whether what an organisation has of a client may be erased on `day`, and if not, why.

    Records of several services go together, when the last of them may.
    """
    of_services = list(records)
    standing = [hold for hold in holds if hold.stands_on(day)]
    ends = [kept_until(one) for one in of_services]
    known = [end for end in ends if end is not None]
    last = max(known) if known and len(known) == len(ends) else None
    reason = _reason(of_services, standing, last, day)
    return RetentionJudgement(last, _finish_by(of_services, last), reason)


def _reason(of_services: list[ServiceRecords], holds: list[HoldPeriod], last: date | None, day: date) -> WhyKept | None:
    if not of_services:
        return WhyKept.NO_RECORDS
    if any(one.is_open for one in of_services):
        return WhyKept.OPEN
    if any(one.rule is not None and one.rule.is_preserved for one in of_services):
        return WhyKept.PRESERVED
    if last is None:
        return WhyKept.NO_RULE
    if day <= last:
        return WhyKept.KEPT
    reasons = {WhyKept.EXEMPT if hold.exception else hold.why for hold in holds}
    return next((why for why in HOLDING if why in reasons), None)


def _finish_by(of_services: list[ServiceRecords], last: date | None) -> date | None:
    """By when they have to be gone, where a rule says so: the end of the calendar year after it became due."""
    if last is None or not any(one.rule is not None and one.rule.finishes_next_year for one in of_services):
        return None
    return date(last.year + 1, 12, 31)
