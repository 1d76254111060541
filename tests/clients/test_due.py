"""When a session is due."""

from datetime import date, time, timedelta

import pytest

from clients.models import Client, Episode
from clients.services.due import Due, due

TODAY = date(2026, 11, 22)


def of(*, next_on=None, next_at=None, rhythm=0, last=None, outcome_last=None, ended=None, started=date(2026, 1, 5)):
    client = Client(next_on=next_on, next_at=next_at, outcome_rhythm=rhythm)
    episode = Episode(started_on=started, ended_on=ended, last_session_on=last, outcome_last_on=outcome_last)
    return due(client, episode, TODAY)


def test_an_appointment_today_is_due_until_its_session_is_held():
    assert of(next_on=TODAY, next_at=time(10, 30)) == Due("today", on=TODAY, at=time(10, 30))
    assert of(next_on=TODAY, last=TODAY) == Due("none")


def test_an_appointment_that_passed_without_a_session_is_late():
    assert of(next_on=TODAY - timedelta(9)).days == 9
    assert of(next_on=TODAY - timedelta(9)).kind == "overdue"
    assert of(next_on=TODAY - timedelta(9), last=TODAY - timedelta(8)).kind == "none"


def test_a_later_appointment_is_shown_however_long_ago_the_last_one_was():
    assert of(next_on=TODAY + timedelta(2), rhythm=7, outcome_last=TODAY - timedelta(30)).kind == "later"


@pytest.mark.parametrize(("days_ago", "kind", "late"), [(14, "none", 0), (15, "overdue", 1), (40, "overdue", 26)])
def test_the_agreed_rhythm_counts_from_the_last_ors(days_ago, kind, late):
    found = of(rhythm=14, outcome_last=TODAY - timedelta(days_ago))
    assert (found.kind, found.days) == (kind, late)


def test_without_an_ors_the_rhythm_counts_from_the_start():
    assert of(rhythm=30, started=TODAY - timedelta(31)).days == 1


def test_every_session_alone_sets_no_date():
    assert of(rhythm=0, outcome_last=date(2025, 1, 1)).kind == "none"


def test_nothing_is_due_without_an_open_episode():
    assert of(next_on=TODAY, ended=date(2026, 6, 1)).kind == "none"
    assert due(Client(next_on=TODAY), None, TODAY).kind == "none"
