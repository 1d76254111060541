"""The end of a session: the proposed days, what is refused, where it lands."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from organisations.tenancy.context import tenant
from sessions_app.services.rhythms import usual_weeks
from tests.factories import RatingFactory, SessionFactory
from tests.saving import form_on, save

pytestmark = pytest.mark.django_db
NOON = "2026-11-28T11:00:00Z"
TODAY = datetime.date(2026, 11, 28)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def measured(ann, episode):
    """Today's session with both forms answered."""
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann, held_on=TODAY)
        for instrument in ("ors", "srs"):
            RatingFactory(organisation=ann.organisation, session=session, instrument=instrument)
        return session


def set_rhythm(client, **facts):
    with tenant(client.organisation_id):
        type(client).objects.filter(pk=client.pk).update(**facts)


def stored(client):
    with tenant(client.organisation_id):
        client.refresh_from_db()
    return client


def proposed(staff, session):
    """The day that is chosen when the result of the SRS opens."""
    result = reverse("session-result", args=[session.pk, "srs"])
    return form_on(staff, reverse("session-next", args=[session.pk]), page=result)["when"]


@pytest.mark.parametrize(
    ("rhythms", "day"),
    [((0, 14), "2026-12-12"), ((30, 7), "2026-12-05"), ((30, 0), "2026-12-26"), ((0, 0), "2026-12-05")],
)
def test_next_day_is_proposed_from_the_rhythm(staff, nils, measured, rhythms, day):
    set_rhythm(nils, outcome_rhythm=rhythms[0], alliance_rhythm=rhythms[1])
    assert proposed(staff, measured) == [day]


def test_next_day_without_a_rhythm_follows_the_time_between_sessions(ann, nils, episode, measured):
    with tenant(ann.organisation_id):
        before = TODAY - datetime.timedelta(days=21)
        SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann, held_on=before)
        assert usual_weeks(measured) == 3


def test_an_appointment_that_is_agreed_already_stays_chosen(staff, nils, measured):
    set_rhythm(nils, next_on=datetime.date(2027, 1, 8))
    fields = form_on(staff, reverse("session-next", args=[measured.pk]))
    assert (fields["when"], fields["next_on"]) == (["other"], ["2027-01-08"])


def test_a_proposed_day_is_stored_and_today_is_covered(staff, nils, measured):
    answer = save(staff, reverse("session-next", args=[measured.pk]), {"when": "2026-12-12", "next_at": "10:30"})
    assert answer.headers["Location"] == reverse("today") + "?covered=1"
    page = staff.get(answer.headers["Location"]).content.decode()
    assert "The session is finished. Next: December 12 10:30." in page
    assert '<details class="covered">' in page
    assert '<details class="covered">' not in staff.get(reverse("today")).content.decode()
    assert (str(stored(nils).next_on), str(nils.next_at)) == ("2026-12-12", "10:30:00")


def test_nothing_agreed_is_a_choice_and_stands_on_today(staff, nils, measured):
    save(staff, reverse("session-next", args=[measured.pk]), {"when": "none", "next_on": "2026-12-12"})
    assert stored(nils).next_on is None
    page = staff.get(reverse("today")).content.decode()
    assert "nothing agreed" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"when": "other", "next_on": ""}, "Choose the day, or say that nothing is agreed."),
        ({"when": "other", "next_on": "2026-11-27"}, "That day has passed."),
        ({"when": "2026-11-20"}, "That day has passed."),
        ({"when": "soon"}, "Select a valid choice"),
    ],
)
def test_a_day_that_cannot_be_is_refused_beside_the_field(staff, nils, measured, data, words):
    page = save(staff, reverse("session-next", args=[measured.pk]), data)
    assert page.status_code == 422
    assert words in page.content.decode()
    with tenant(nils.organisation_id):
        measured.refresh_from_db()
    assert measured.finished_at is None


def test_a_finished_session_shows_no_form_to_finish_it(staff, measured):
    save(staff, reverse("session-next", args=[measured.pk]), {"when": "none"})
    page = staff.get(reverse("session-result", args=[measured.pk, "srs"])).content.decode()
    assert "Finish and go to Today" not in page
