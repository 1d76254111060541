"""The agreed rhythm leads the session: what is not due needs no reason and raises nothing."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from organisations.tenancy.context import tenant
from sessions_app.models import Alert, Rating, Session
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.rhythms import skipped_at_start
from sessions_app.services.summary import measurements_changed
from tests.factories import RatingFactory, SessionFactory
from tests.kiosk import hand_over
from tests.saving import save

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 28)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel("2026-11-28T11:00:00Z", tick=False):
        yield


@pytest.fixture
def monthly(ann, nils, episode):
    """Nils: ORS monthly, SRS weekly; both were marked a week ago."""
    with tenant(ann.organisation_id):
        type(nils).objects.filter(pk=nils.pk).update(outcome_rhythm=30, alliance_rhythm=7)
        before = SessionFactory(
            organisation=ann.organisation, episode=episode, practitioner=ann, held_on=TODAY - datetime.timedelta(days=7)
        )
        for instrument, total in (("ors", 200), ("srs", 380)):
            facts = {"instrument": instrument, "marks": None, "total": total}
            RatingFactory(organisation=ann.organisation, session=before, **facts)
        Session.objects.filter(pk=before.pk).update(
            finished_at=datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
        )
        measurements_changed(episode)
    return episode


def started(staff, nils):
    answer = staff.post(reverse("session-start", args=[nils.pk]))
    with tenant(nils.organisation_id):
        return Session.objects.get(held_on=TODAY), staff.get(answer.headers["Location"]).content.decode()


def test_the_form_that_is_due_is_offered_first(staff, nils, monthly):
    session, page = started(staff, nils)
    assert (session.outcome_skipped, session.alliance_skipped) == ("not_due", "")
    assert "Hand over for the SRS" in page
    assert "As agreed, the ORS is not due before December 17." in page


def test_what_is_not_due_needs_no_reason_and_raises_nothing(staff, ann, nils, monthly):
    session, _page = started(staff, nils)
    with tenant(ann.organisation_id):
        RatingFactory(organisation=ann.organisation, session=session, instrument="srs", total=380, marks=None)
    assert save(staff, reverse("session-next", args=[session.pk]), {"when": "none"}).status_code == 302
    with tenant(ann.organisation_id):
        evaluate_episode(monthly.pk)
        assert list(Alert.objects.filter(episode=monthly).values_list("rule", flat=True)) == []


def test_what_is_not_due_can_be_marked_all_the_same(staff, ann, nils, monthly):
    session, _page = started(staff, nils)
    form = hand_over(staff, session)
    marks = dict.fromkeys(("individual", "relations", "social", "overall"), "6.2")
    assert staff.post(form, marks).status_code == 303
    with tenant(ann.organisation_id):
        session.refresh_from_db()
        assert Rating.objects.filter(session=session, instrument="ors").exists()
    assert session.outcome_skipped == ""


@pytest.mark.parametrize(
    ("days", "due"), [(25, False), (26, True), (28, True), (31, True)], ids=["25", "26", "four weeks", "a month"]
)
def test_a_monthly_form_is_due_at_a_session_after_four_weeks(nils, episode, days, due):
    nils.outcome_rhythm, episode.outcome_last_on = 30, TODAY - datetime.timedelta(days=days)
    assert ("outcome_skipped" not in skipped_at_start(nils, episode, TODAY)) is due


def test_every_session_and_the_first_one_are_always_due(nils, episode):
    nils.outcome_rhythm, nils.alliance_rhythm = 0, 30
    episode.outcome_last_on, episode.alliance_last_on = TODAY, None
    assert skipped_at_start(nils, episode, TODAY) == {}
