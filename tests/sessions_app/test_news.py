"""An open page hears that there is something new for its practitioner, and nothing else."""

import html
import re
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.tenancy.context import tenant
from organisations.web import news
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.summary import lock_episode, refresh_summary
from tests.factories import RatingFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def asked_by(browser, person):
    """What a page of this person asks, and the moment that it compares the answer with."""
    browser.force_login(person.user)
    page = browser.get(reverse("today")).content.decode()
    ((url, opened),) = re.findall(r'data-news="([^"]+)" data-opened="([0-9]+)"', page)
    return html.unescape(url), int(opened)


def fall(episode, by, capture):
    """A client falls far below the start: something to act on for the contact persons."""
    own = {"organisation": episode.organisation}
    with tenant(episode.organisation_id), capture(execute=True):
        for days, total in ((14, 50), (7, 30)):
            day = by.organisation.created_at.date() - timedelta(days=days)
            session = SessionFactory(episode=episode, practitioner=by, held_on=day, **own)
            RatingFactory(session=session, marks=[total] * 4, **own)
            RatingFactory(session=session, instrument="srs", marks=[95] * 4, **own)
        refresh_summary(lock_episode(episode.pk))
        evaluate_episode(episode.pk)


def test_the_contact_persons_pages_hear_of_an_alert_and_a_colleagues_do_not(
    browser, ann, ben, episode, django_capture_on_commit_callbacks
):
    (url, opened), (bens, _opened) = asked_by(browser, ann), asked_by(browser, ben)
    assert browser.get(url).content == b"0"
    fall(episode, ann, django_capture_on_commit_callbacks)
    answer = browser.get(url)
    assert float(answer.content) >= opened
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.get(bens).content == b"0"


def test_a_transaction_that_fails_tells_nobody(browser, ann, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(KeyError), tenant(ann.organisation_id):
            news.tell([ann.pk])
            raise KeyError
        news.tell([])
    url, _opened = asked_by(browser, ann)
    assert browser.get(url).content == b"0"


def test_the_question_costs_no_statement_and_needs_no_log_in(browser, client, ann):
    url, _opened = asked_by(browser, ann)
    with CaptureQueriesContext(connection) as said:
        answer = client.get(url)
    assert (answer.status_code, len(said), answer.cookies) == (200, 0, {})


@pytest.mark.parametrize("given", ["", "x", "made-up:pass:here"])
def test_without_a_pass_nothing_is_said(client, given):
    assert client.get(reverse("news"), {"pass": given}).status_code == 404


def test_a_pass_ends(client, ann, time_machine):
    time_machine.move_to(time.time() - news.PASS_FOR - 60)
    given = news.news_pass(ann.pk)
    time_machine.move_to(time.time() + news.PASS_FOR + 120)
    assert client.get(reverse("news"), {"pass": given}).status_code == 404


def test_an_administrators_page_does_not_ask(browser, ada):
    browser.force_login(ada.user)
    assert "data-news" not in browser.get(reverse("client-list")).content.decode()
