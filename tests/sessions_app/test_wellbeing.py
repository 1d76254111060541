"""WHO-5 through its pages: due at the agreed interval, filled in, drawn, and read by rule W1."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from organisations.tenancy import tenant
from sessions_app.models import Alert, Rating
from sessions_app.services.alerts import evaluate_episode
from sessions_app.standards.loading import load_standards
from sessions_app.standards.methods import WHO5_RHYTHM
from sessions_app.wellbeing import due_episodes, due_on, load_course
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.sessions_app.test_measure_values import choose

pytestmark = pytest.mark.django_db
START = date(2026, 1, 5)


def asked(episode, practitioner, *percentages, weeks=8):
    """A WHO-5 every `weeks`, each at a session of its own; returns the sessions."""
    sessions = []
    for number, percentage in enumerate(percentages):
        session = SessionFactory(
            organisation=episode.organisation,
            episode=episode,
            practitioner=practitioner,
            held_on=START + timedelta(weeks=weeks * number),
        )
        raw = percentage // 4
        marks = [min(5, max(0, raw - 5 * place)) for place in range(5)]
        RatingFactory(organisation=episode.organisation, session=session, instrument="who5", marks=marks, total=raw)
        sessions.append(session)
    return sessions


def standards(episode):
    return load_standards(episode.organisation_id)


def test_it_is_due_at_the_start_and_again_after_the_agreed_weeks(ann, episode):
    with tenant(ann.organisation_id):
        assert due_on(episode.client, episode, None, standards(episode)) == episode.started_on
        assert due_on(episode.client, episode, START, standards(episode)) == START + timedelta(weeks=8)
        asked(episode, ann, 60)
        assert due_episodes([episode], standards(episode), START + timedelta(days=55)) == set()
        assert due_episodes([episode], standards(episode), START + timedelta(days=56)) == {episode.pk}
        episode.client.who5_weeks = 4
        assert due_episodes([episode], standards(episode), START + timedelta(days=28)) == {episode.pk}
        episode.client.who5_weeks = 0
        assert due_episodes([episode], standards(episode), START + timedelta(days=400)) == set()


def test_the_house_can_leave_it_to_what_is_agreed(ann, ada, episode):
    choose(ada, WHO5_RHYTHM, 0)
    with tenant(ann.organisation_id):
        assert due_on(episode.client, episode, None, standards(episode)) is None
        episode.client.who5_weeks = 12
        assert due_on(episode.client, episode, START, standards(episode)) == START + timedelta(weeks=12)


@pytest.mark.parametrize(("age", "due"), [(8, False), (9, True), (None, True)])
def test_it_is_not_asked_under_nine(ann, episode, age, due):
    with tenant(ann.organisation_id):
        episode.age_at_intake = age
        assert (due_on(episode.client, episode, None, standards(episode)) is not None) is due


def test_an_ended_episode_asks_no_more(ann, episode):
    episode.ended_on = START
    with tenant(ann.organisation_id):
        assert due_on(episode.client, episode, None, standards(episode)) is None


@pytest.mark.parametrize("rows", [1, 5])
def test_what_is_due_costs_one_query(ann, service, rows, django_assert_num_queries):
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        episodes = [EpisodeFactory(**own, client=ClientFactory(**own), service=service) for _ in range(rows)]
        found = standards(episodes[0])
        with django_assert_num_queries(1):
            assert len(due_episodes(episodes, found, date(2026, 6, 1))) == rows


def handed_over(browser, ann, session):
    browser.force_login(ann.user)
    answer = browser.post(reverse("session-handover", args=[session.pk, "who5"]))
    assert answer.status_code == 302, answer.content
    return answer.url


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


ROWS = {"cheerful": "4", "calm": "3", "active": "5", "rested": "0", "interested": "2"}


def test_from_due_to_the_chart(browser, ann, nils, record):
    browser.force_login(ann.user)
    assert 'id="who5-due"' in browser.get(reverse("session-flow", args=[record.pk])).content.decode()
    form = handed_over(browser, ann, record)
    page = Browser().get(form).content.decode()
    assert page.count('type="radio"') == 30
    assert "now and then" in page
    assert "Nils" not in page
    sent = Browser().post(form, ROWS | {"submission_id": str(uuid.uuid4())})
    assert sent.status_code == 303
    with tenant(ann.organisation_id):
        rating = Rating.objects.get(instrument="who5")
        assert (rating.marks, rating.total) == ([4, 3, 5, 0, 2], 14)
    staff = Browser()
    staff.force_login(ann.user)
    assert 'id="who5-due"' not in staff.get(reverse("session-flow", args=[record.pk])).content.decode()
    client = staff.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert 'id="wellbeing"' in client
    assert "very low 28" in client
    assert "application's own words" in client.replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("text", "words"), [("", "no answer yet"), ("6", "between 0 and"), ("2.5", "decimal"), ("x", "number")]
)
def test_a_row_without_an_answer_is_told_and_the_others_stay(browser, ann, record, text, words):
    form = handed_over(browser, ann, record)
    answer = Browser().post(form, ROWS | {"rested": text, "submission_id": str(uuid.uuid4())})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert page.count(" checked") == 4
    with tenant(ann.organisation_id):
        assert not Rating.objects.exists()


def test_the_database_takes_no_other_scale(ann, record):
    with tenant(ann.organisation_id):
        with pytest.raises(IntegrityError, match="rating_who5_is_raw"), transaction.atomic():
            RatingFactory(organisation=ann.organisation, session=record, instrument="who5", marks=[9] * 5, total=45)
        with pytest.raises(IntegrityError, match="rating_a_mark_for_each_line"), transaction.atomic():
            RatingFactory(organisation=ann.organisation, session=record, instrument="who5", marks=[1] * 4, total=4)


def test_w1_is_an_alert_that_is_told_seen_and_closed(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        asked(episode, ann, 64, 24)
        evaluate_episode(episode.pk)
        alert = Alert.objects.get(rule="W1")
        assert (alert.level, alert.numbers) == ("amber", {"percentage": 24, "previous": 64, "change": -40})
        assert alert.notices.count() == 1
        assert not evaluate_episode(episode.pk), "running it again changes nothing"
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "WHO-5 is 24 of 100: very low." in page
    assert "WHO-5 very low: at this or below: 28 %" in page
    seen = browser.post(reverse("alert-acknowledge", args=[alert.pk]), {"note": "Talked about it"})
    assert seen.status_code == 302
    with tenant(ann.organisation_id):
        asked(episode, ann, 64, 24, 72)
        evaluate_episode(episode.pk)
        alert.refresh_from_db()
        assert alert.closed_on is not None


def test_the_thresholds_and_the_level_are_the_houses(ann, ada, episode):
    choose(ada, "w1-low", 70)
    choose(ada, "w1-level", 2)
    with tenant(ann.organisation_id):
        asked(episode, ann, 68)
        (life,) = load_course(episode, standards(episode)).lives
        assert (life.sentence, life.level) == ("who5_low", "amber")
    choose(ada, "w1-level", 0)
    with tenant(ann.organisation_id):
        assert load_course(episode, standards(episode)).lives == ()
    with pytest.raises(ValidationError):
        choose(ada, "w1-very-low", 70)


def test_what_is_agreed_is_edited_with_the_client(browser, ann, nils, red_team):
    browser.force_login(ann.user)
    page = browser.get(reverse("client-edit", args=[nils.pk])).content.decode()
    assert "Every 8 weeks" in page
    fields = {
        "reference": "N-014",
        "first_name": "Nils",
        "form_language": "en",
        "teams": [str(red_team.pk)],
        "ors_rhythm": "0",
        "srs_rhythm": "0",
        "who5_weeks": "12",
    }
    assert browser.post(reverse("client-edit", args=[nils.pk]), fields).status_code == 302
    with tenant(ann.organisation_id):
        assert Client.objects.get(pk=nils.pk).who5_weeks == 12
