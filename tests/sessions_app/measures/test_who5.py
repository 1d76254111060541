"""WHO-5: rule W1 as alerts that begin and end."""

from datetime import date, timedelta

from sessions_app.measures.rules import Level
from sessions_app.measures.who5 import Wellbeing, lives_of


def measured(*percentages):
    return [
        Wellbeing(str(number), date(2026, 1, 5) + timedelta(weeks=8 * number), p)
        for number, p in enumerate(percentages)
    ]


def test_an_alert_of_who5_lives_from_its_first_low_to_the_first_that_is_not():
    (life,) = lives_of(measured(60, 52, 48, 44, 56))
    assert (life.raised, life.last, life.closed, life.closed_by, life.level) == ("2", "3", "4", "condition", Level.INFO)
    assert not life.is_open


def test_a_low_one_that_becomes_very_low_is_raised_anew():
    low, very_low = lives_of(measured(48, 24, 20))
    assert (low.closed, low.closed_by) == ("1", "superseded")
    assert (very_low.raised, very_low.last, very_low.sentence, very_low.is_open) == ("1", "2", "who5_very_low", True)


def test_the_lives_of_who5_do_not_depend_on_the_order():
    courses = measured(48, 24, 60, 44)
    assert lives_of(courses) == lives_of(courses[::-1])
    assert lives_of([]) == ()
