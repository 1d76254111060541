"""Deleted if and only if due and not held: tables from the statutes, and 10,000 random histories."""

import random
from datetime import date, timedelta

import pytest

from clients.retention.access_logs import access_log_rule
from clients.retention.base import ClockStart, RetentionRule
from clients.retention.due import HoldPeriod, ServiceRecords, WhyKept, judge, kept_until, years_after
from clients.retention.registry import RULES, rule_on, rules_of

TODAY = date(2026, 11, 30)


def records(key, last_entry, *, is_open=False, years=None, day=TODAY):
    return ServiceRecords(last_entry, is_open, rule_on(key, day), years)


# Key, last entry, the organisation's own years, last day kept, by when it has to be gone
STATUTES = [
    ("dk-health-5", date(2020, 3, 31), None, date(2025, 3, 31), None),
    ("dk-health-10", date(2020, 3, 31), None, date(2030, 3, 31), None),
    ("dk-social", date(2020, 3, 31), 3, date(2023, 3, 31), None),
    ("dk-social", date(2020, 3, 31), None, None, None),  # nobody said how long: it stays
    ("se-social", date(2020, 3, 31), None, date(2025, 3, 31), date(2026, 12, 31)),
    ("se-social", date(2020, 12, 31), None, date(2025, 12, 31), date(2026, 12, 31)),
    ("se-social", date(2021, 1, 1), None, date(2026, 1, 1), date(2027, 12, 31)),
    ("se-health", date(2016, 11, 29), None, date(2026, 11, 29), None),
    ("no-health", date(1999, 1, 1), None, None, None),
    ("no-other", date(2020, 1, 1), 5, date(2025, 1, 1), None),
]


@pytest.mark.parametrize(("key", "last_entry", "years", "until", "finish_by"), STATUTES)
def test_statutes(key, last_entry, years, until, finish_by):
    found = judge([records(key, last_entry, years=years)], [], TODAY)
    assert (found.kept_until, found.finish_by) == (until, finish_by)
    assert found.is_due == (until is not None and until < TODAY)


@pytest.mark.parametrize(
    ("day", "years", "wanted"),
    [
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2024, 2, 28), 5, date(2029, 2, 28)),
        (date(1896, 2, 29), 4, date(1900, 2, 28)),  # a century without a leap day
        (date(2024, 12, 31), 10, date(2034, 12, 31)),
    ],
)
def test_years_after_a_leap_day(day, years, wanted):
    assert years_after(day, years) == wanted


def test_last_day_of_the_period_is_still_kept():
    one = records("dk-health-5", date(2024, 2, 29))
    assert judge([one], [], date(2029, 2, 28)).reason == WhyKept.KEPT
    assert judge([one], [], date(2029, 3, 1)).is_due


def test_later_note_and_correction_move_the_clock():
    """The last entry counts, whatever it was; the same record is due without it."""
    assert judge([records("dk-health-5", date(2021, 1, 5))], [], TODAY).is_due
    assert judge([records("dk-health-5", date(2021, 12, 5))], [], TODAY).reason == WhyKept.KEPT


def test_a_reopened_case_is_kept():
    old = date(2001, 1, 1)
    assert judge([records("dk-health-5", old, is_open=True)], [], TODAY).reason == WhyKept.OPEN
    assert (
        judge([records("dk-health-5", old), records("dk-health-5", old, is_open=True)], [], TODAY).reason
        == WhyKept.OPEN
    )


def test_several_services_go_together_when_the_last_may():
    both = [records("dk-health-5", date(2016, 1, 1)), records("dk-health-10", date(2017, 1, 1))]
    assert judge(both, [], TODAY).kept_until == date(2027, 1, 1)
    assert judge([both[0], ServiceRecords(date(2001, 1, 1), False, None)], [], TODAY).reason == WhyKept.NO_RULE
    assert judge([both[0], records("no-health", date(2001, 1, 1))], [], TODAY).reason == WhyKept.PRESERVED


@pytest.mark.parametrize(
    ("hold", "reason"),
    [
        (HoldPeriod(date(2026, 1, 1)), WhyKept.HELD),
        (HoldPeriod(date(2026, 1, 1), until=TODAY), WhyKept.HELD),
        (HoldPeriod(date(2026, 1, 1), until=TODAY - timedelta(1)), None),
        (HoldPeriod(date(2026, 1, 1), lifted_on=TODAY), None),
        (HoldPeriod(TODAY + timedelta(1)), None),
        (HoldPeriod(date(2026, 1, 1), exception="sample"), WhyKept.EXEMPT),
    ],
)
def test_holds(hold, reason):
    assert judge([records("se-social", date(2001, 1, 1))], [hold], TODAY).reason == reason


class FiveYears(RetentionRule):
    key = "changing"
    country, title, service_kind, basis, source = "DK", "", "", "", ""
    years = 5
    valid_from, valid_until = date(2000, 1, 1), date(2025, 1, 1)


class SevenYears(FiveYears):
    years = 7
    clock = ClockStart.END_OF_YEAR
    valid_from, valid_until = date(2025, 1, 1), None


CHANGING = (FiveYears, SevenYears)


def test_a_rule_that_changes_while_the_clock_runs():
    """The law of the day decides: what was due under the old one and not erased is kept under the new one."""
    last = date(2019, 6, 1)
    for day, due in [
        (date(2024, 6, 1), False),
        (date(2024, 6, 2), True),
        (date(2025, 1, 1), False),
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), True),
    ]:
        of_service = ServiceRecords(last, False, rule_on("changing", day, CHANGING))
        assert judge([of_service], [], day).is_due == due, day
    assert rule_on("changing", date(1999, 1, 1), CHANGING) is None


def test_ten_thousand_histories():
    """Against a plain re-telling of the rules: due exactly where every service's period is over and nothing holds."""
    chance = random.Random(20261130)
    due = 0
    for _number in range(10_000):
        day = date(2015, 1, 1) + timedelta(chance.randrange(9_000))
        rules = [rule for rule in (*RULES, *CHANGING) if rule.holds_on(day)] + [None]
        of_services = [
            ServiceRecords(
                _some_day(chance), chance.random() < 0.1, chance.choice(rules), chance.choice([None, 0, 2, 5])
            )
            for _service in range(chance.randrange(4))
        ]
        holds = [_some_hold(chance) for _hold in range(chance.choice([0, 0, 0, 1, 2]))]
        found = judge(of_services, holds, day)
        wanted = bool(of_services) and all(_over(one, day) for one in of_services)
        wanted = wanted and not any(_keeps(hold, day) for hold in holds)
        assert found.is_due == wanted, (of_services, holds, day)
        due += wanted
    assert 500 < due < 9_500  # both sides were seen


def _some_day(chance):
    if chance.random() < 0.1:
        return chance.choice([date(2008, 2, 29), date(2012, 2, 29), date(2016, 2, 29)])
    return date(2000, 1, 1) + timedelta(chance.randrange(9_000))


def _some_hold(chance):
    since = _some_day(chance)
    until = chance.choice([None, since + timedelta(chance.randrange(2_000))])
    lifted = chance.choice([None, since + timedelta(chance.randrange(2_000))])
    return HoldPeriod(since, until, lifted, chance.choice(["", "sample"]))


def _keeps(hold, day):
    return hold.since <= day <= (hold.until or date.max) and day < (hold.lifted_on or date.max)


def _over(one, day):
    """By counting (year, month, day) instead of making dates: the day is later than that many years on."""
    if one.is_open or one.rule is None or one.rule.is_preserved:
        return False
    years = one.years if one.rule.asks_years else one.rule.years
    if years is None:
        return False
    start = (one.last_entry.year, one.last_entry.month, one.last_entry.day)
    if one.rule.clock is ClockStart.END_OF_YEAR:
        start = (one.last_entry.year, 12, 31)
    return (day.year, day.month, day.day) > (start[0] + years, *start[1:])


def test_each_rule_says_what_it_stands_on():
    for rule in RULES:
        assert rule.title and rule.basis and rule.source and rule.service_kind, rule
        assert (rule.years is not None) + rule.asks_years + rule.is_preserved == 1, rule
        assert kept_until(ServiceRecords(TODAY, False, rule, 1)) is None or not rule.is_preserved
    assert [rule.key for rule in rules_of("SE", TODAY)] == ["se-social", "se-health", "own"]
    assert len(rules_of("other", TODAY)) == len(RULES)


def test_access_log_of_each_country():
    assert access_log_rule("SE").least_years == 5
    assert access_log_rule("DK").least_years is None
    assert access_log_rule("other").basis
