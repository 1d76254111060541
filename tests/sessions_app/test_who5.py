"""WHO-5 through its pages: due at the agreed interval, filled in, drawn, and read by rule W1."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.rules.alert_spans import alert_spans
from sessions_app.models import Alert, Rating
from sessions_app.services import periodic_forms
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.courses import load_series
from sessions_app.services.periodic_forms import due_episodes, load_courses
from sessions_app.standards.loading import load_standards
from sessions_app.texts.form_wording import LANGUAGES, wording_for
from tests.api.asking import system_of
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.saving import save
from tests.sessions_app.test_standards import choose

pytestmark = pytest.mark.django_db
START = date(2026, 1, 5)

WHO5 = FAMILY["who5"]

PACK = "who-five@1.0"


def asked(episode, practitioner, *percentages, weeks=8, pack=PACK):
    """A WHO-5 every `weeks`, each at a session of its own; returns the sessions. Without a `pack` our own questions."""
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
        RatingFactory(
            organisation=episode.organisation, session=session, instrument="who5", marks=marks, total=raw, pack=pack
        )
        sessions.append(session)
    return sessions


def due_on(client, episode, last_on, found):
    return periodic_forms.due_on(WHO5, client, episode, last_on, found)


def alerts_of_who5(episode):
    return [span for span in alert_spans(load_series([episode])[episode.pk]) if span.rule == "W1"]


def standards(episode):
    return load_standards(episode.organisation_id)


def test_it_is_due_at_the_start_and_again_after_the_agreed_weeks(ann, episode):
    with tenant(ann.organisation_id):
        assert due_on(episode.client, episode, None, standards(episode)) == episode.started_on
        assert due_on(episode.client, episode, START, standards(episode)) == START + timedelta(weeks=8)
        asked(episode, ann, 60)
        assert due_episodes([episode], standards(episode), START + timedelta(days=55)) == {}
        assert due_episodes([episode], standards(episode), START + timedelta(days=56)) == {episode.pk: (WHO5,)}
        episode.client.who5_weeks = 4
        assert due_episodes([episode], standards(episode), START + timedelta(days=28)) == {episode.pk: (WHO5,)}
        episode.client.who5_weeks = 0
        assert due_episodes([episode], standards(episode), START + timedelta(days=400)) == {}


def test_the_house_can_leave_it_to_what_is_agreed(ann, ada, episode):
    choose(ada, "who5-rhythm", 0)
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
    assert 'id="own-who5"' in client
    assert "very low" not in client
    assert "WHO-5" not in client
    assert "These five questions are the application's own" in client.replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("text", "words"), [("", "no answer yet"), ("6", "between 0 and"), ("2.5", "whole number"), ("x", "whole number")]
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
        with pytest.raises(IntegrityError, match="rating_total_within_range"), transaction.atomic():
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
    assert "<dd>\N{MINUS SIGN}40</dd>" in page
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
        (span,) = alerts_of_who5(episode)
        assert (span.sentence, span.level) == ("who5_low", "amber")
    choose(ada, "w1-level", 0)
    with tenant(ann.organisation_id):
        assert alerts_of_who5(episode) == []
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
        "outcome_rhythm": "0",
        "alliance_rhythm": "0",
        "who5_weeks": "12",
    }
    assert save(browser, reverse("client-edit", args=[nils.pk]), fields).status_code == 302
    with tenant(ann.organisation_id):
        assert Client.objects.get(pk=nils.pk).who5_weeks == 12


def keyed(**more):
    return ROWS | {"entry_mode": "paper", "submission_id": str(uuid.uuid4())} | more


@pytest.mark.parametrize("name", ["rating-key-in", "rating-read-aloud"])
def test_staff_writes_it_down_from_paper_or_read_aloud(browser, ann, nils, record, name):
    browser.force_login(ann.user)
    address = reverse(name, args=[record.pk, "who5"])
    page = browser.get(address).content.decode()
    assert page.count('type="radio"') >= 30
    assert "from 0 to 10" not in page
    kept = browser.post(address, keyed(), follow=True)
    assert kept.redirect_chain == [(reverse("session-flow", args=[record.pk]), 302)]
    assert kept.status_code == 200, "WHO-5 has no result page of a session"
    with tenant(ann.organisation_id):
        rating = Rating.objects.get()
        assert (rating.marks, rating.total, rating.recorded_by_id) == ([4, 3, 5, 0, 2], 14, ann.pk)
        (measured,) = load_courses(record.episode)["who5"].own
    assert measured.score == 56
    assert 'Well-being, our own five questions <span class="value who5">56</span>' in kept.content.decode()


@pytest.mark.parametrize("name", ["rating-key-in", "rating-read-aloud"])
def test_a_missing_row_of_a_paper_is_told(browser, ann, record, name):
    browser.force_login(ann.user)
    page = browser.post(reverse(name, args=[record.pk, "who5"]), keyed(rested=""))
    assert page.status_code == 422
    assert "This row has no answer yet." in page.content.decode()
    with tenant(ann.organisation_id):
        assert not Rating.objects.exists()


def test_a_keyed_in_answer_is_corrected(browser, ann, record):
    browser.force_login(ann.user)
    browser.post(reverse("rating-key-in", args=[record.pk, "who5"]), keyed())
    with tenant(ann.organisation_id):
        rating = Rating.objects.get()
    right = keyed(rested="5", reason="Misread")
    kept = save(browser, reverse("rating-correct", args=[rating.pk]), right, follow=True)
    assert kept.status_code == 200
    with tenant(ann.organisation_id):
        assert Rating.objects.get(superseded_by=None).total == 19


def in_grid(nils, record, **more):
    row = {"client": nils.reference, "held_on": str(record.held_on), "form": "who5"}
    row |= {"submission_id": str(uuid.uuid4()), **more}
    return {"row-TOTAL_FORMS": "1", "row-INITIAL_FORMS": "0"} | {f"row-0-{name}": said for name, said in row.items()}


@pytest.mark.parametrize(
    ("given", "marks"),
    [
        ({"mark1": "4", "mark2": "3", "mark3": "5", "mark4": "0", "mark5": "2"}, [4, 3, 5, 0, 2]),
        ({"mark1": "4", "mark2": "3", "mark3": "5", "mark4": "0", "mark5": "2", "total": "14"}, [4, 3, 5, 0, 2]),
        ({"total": "14"}, None),
    ],
)
def test_the_paper_grid_takes_five_answers_or_their_sum(browser, ann, nils, record, given, marks):
    browser.force_login(ann.user)
    assert browser.post(reverse("paper-grid"), in_grid(nils, record, **given)).status_code == 200
    with tenant(ann.organisation_id):
        rating = Rating.objects.get()
        assert (rating.instrument, rating.marks, rating.total, rating.entry_mode) == ("who5", marks, 14, "paper")
        assert [one.score for one in load_courses(record.episode)["who5"].own] == [56]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"mark1": "6", "mark2": "3", "mark3": "5", "mark4": "0", "mark5": "2"}, "whole number between 0 and 5"),
        ({"mark1": "4", "mark2": "3", "mark3": "5", "mark4": "0"}, "no answer yet"),
        ({"total": "26"}, "whole number between 0 and 25"),
        ({"total": "56"}, "whole number between 0 and 25"),  # a percentage is no sum
        ({"total": "7.5"}, "whole number between 0 and 25"),
        ({"mark1": "4", "mark2": "3", "mark3": "5", "mark4": "0", "mark5": "2", "total": "15"}, "another total"),
    ],
)
def test_the_paper_grid_refuses_what_is_no_who5(browser, ann, nils, record, given, words):
    browser.force_login(ann.user)
    page = browser.post(reverse("paper-grid"), in_grid(nils, record, **given))
    assert page.status_code == 422
    assert words in page.content.decode()
    with tenant(ann.organisation_id):
        assert not Rating.objects.exists()


def test_the_foot_says_whose_words_they_are_in_each_language():
    """The text of the WHO-5 has a licence of its own and comes as a pack; ours says that it is not that text."""
    feet = {language: wording_for("who5", language).foot for language in LANGUAGES}
    assert feet["en"] == "The wording is the application's own, not the licensed scales."
    assert len(set(feet.values())) == len(LANGUAGES)
    assert all(foot == wording_for("ors", language).foot for language, foot in feet.items())


def test_another_system_keeps_it_in_raw_points(ann, record):
    system = system_of(ann)
    body = {"session": str(record.pk), "form": "who5", "entry_mode": "paper", "submission_id": str(uuid.uuid4())}
    wrong = system.post("ratings/", body | {"marks": [4, 3, 6, 0, 2]}).json()["errors"]
    assert wrong == {"marks": ["Write a whole number between 0 and 5."]}
    wrong = system.post("ratings/", body | {"total": 26}).json()["errors"]
    assert wrong == {"total": ["Write a whole number between 0 and 25."]}
    told = system.post("ratings/", body | {"marks": [4, 3, 5, 0, 2]}).json()
    assert (told["total"], told["points"]) == (14, "14")
