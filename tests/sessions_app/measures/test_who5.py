"""WHO-5: rule W1, where it holds, and as alerts that begin and end."""

from datetime import date, timedelta

import pytest

from sessions_app.measures.rules import DEFAULT_RULES, Level
from sessions_app.measures.rules.alert_spans import alert_spans, evaluate
from sessions_app.measures.rules.wellbeing import LowWellbeing
from sessions_app.measures.series import PeriodicScore, Series
from tests.sessions_app.measures.builders import series_of


def measured(*percentages):
    return Series(
        (),
        periodic=tuple(
            PeriodicScore("who5", str(number), date(2026, 1, 5) + timedelta(weeks=8 * number), p)
            for number, p in enumerate(percentages)
        ),
    )


@pytest.mark.parametrize(
    ("percentages", "sentences"),
    [
        ([52], []),
        ([51], []),
        ([48], [("who5_low", Level.INFO)]),
        ([29], [("who5_low", Level.INFO)]),
        ([28], [("who5_very_low", Level.AMBER)]),
        ([80, 72, 60], [("who5_fall", Level.AMBER)]),
        ([60, 50], [("who5_fall", Level.AMBER)]),
        ([59, 50], [("who5_low", Level.INFO)]),
        ([60, 20], [("who5_very_low", Level.AMBER)]),
    ],
)
def test_where_w1_holds(percentages, sentences):
    assert [(match.sentence, match.level) for match in evaluate(measured(*percentages))] == sentences


def test_the_low_wellbeing_rule_ignores_another_periodic_instrument():
    other = PeriodicScore("sleep5", "1", date(2026, 2, 2), 10)
    assert evaluate(Series((), periodic=(other,))) == ()
    both = measured(80, 75).periodic
    assert evaluate(Series((), periodic=(both[0], other, both[1]))) == (), "nor a fall from one to the other"


def test_its_thresholds_may_be_chosen_on_the_whole_scale():
    assert {(threshold.least, threshold.most) for threshold in LowWellbeing.declared} == {(1, 100)}


def test_w1_says_from_what_to_what_it_fell():
    (match,) = evaluate(measured(80, 60))
    assert match.numbers == {"percentage": 60, "previous": 80, "change": -20}


def test_very_low_asks_for_no_less_than_the_level_that_was_chosen():
    act = DEFAULT_RULES.changed("x", {"W1": {"level": "red"}})
    assert [match.level for match in evaluate(measured(48, 24), act)] == [Level.RED, Level.RED]
    assert evaluate(measured(48, 24), DEFAULT_RULES.changed("x", {"W1": {"on": False}})) == ()


def test_an_alert_of_who5_lives_from_its_first_low_to_the_first_that_is_not():
    (span,) = alert_spans(measured(60, 52, 48, 44, 56))
    assert (span.raised, span.last, span.closed, span.closed_by, span.level) == ("2", "3", "4", "condition", Level.INFO)
    assert not span.is_open


def test_a_low_one_that_becomes_very_low_is_raised_anew():
    low, very_low = alert_spans(measured(48, 24, 20))
    assert (low.closed, low.closed_by) == ("1", "superseded")
    assert (very_low.raised, very_low.last, very_low.sentence, very_low.is_open) == ("1", "2", "who5_very_low", True)


def test_the_lives_of_who5_do_not_depend_on_the_order():
    courses = measured(48, 24, 60, 44)
    assert alert_spans(courses) == alert_spans(Series((), periodic=courses.periodic[::-1]))
    assert alert_spans(measured()) == ()


def test_who5_stands_beside_the_sessions_by_its_day():
    before = PeriodicScore("who5", "elsewhere", date(2026, 1, 1), 20)
    found = evaluate(series_of([260], periodic=(before,)))
    assert [match.rule for match in found] == ["W1", "O7", "M1"]
