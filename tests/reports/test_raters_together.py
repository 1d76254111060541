"""What a family's raters say together, on the client's page and on the result page."""

import pytest
from django.urls import reverse

from clients.models import Rater
from organisations.tenancy.context import tenant
from tests.factories import RatingFactory
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db
APART = {
    "en": "The client 30, Mother 16: 14 points apart. Ask each of them what they see.",
    "da": "Borgeren 30, Mor 16: 14 point fra hinanden. Spørg hver af dem, hvad de ser.",
    "sv": "Brukaren 30, Mamma 16: 14 poäng isär. Fråga var och en vad hen ser.",
    "nb": "Brukeren 30, Mor 16: 14 poeng fra hverandre. Spør hver av dem hva de ser.",
}
LOW = {
    "en": "The lowest: Mother, 16, below the cut-off 28. Ask what the number stands for.",
    "da": "Det laveste tal: Mor, 16, under grænsen 28. Spørg, hvad tallet dækker over.",
    "sv": "Det lägsta värdet: Mamma, 16, under gränsvärdet 28. Fråga vad värdet står för.",
    "nb": "Det laveste tallet: Mor, 16, under grenseverdien 28. Spør hva tallet står for.",
}


def add_rater(client, key):
    Rater.objects.create(organisation=client.organisation, client=client, key=key, relation=key)


def rate(session, key, mark):
    own = {"organisation": session.organisation, "session": session}
    return RatingFactory(**own, instrument="ors", rater=key, marks=[mark] * 4)


def pages(browser, ann, session, language="en"):
    """The client's page and the result page of the client's own form."""
    ann.user.language = language
    ann.user.save()
    browser.force_login(ann.user)
    client = browser.get(reverse("client-detail", args=[session.client_id])).content.decode()
    result = browser.get(reverse("session-result", args=[session.pk, "ors"])).content.decode()
    return client, result


@pytest.mark.parametrize("language", APART)
def test_a_gap_and_the_weakest_are_said_and_asked_about_on_both_pages(browser, ann, nils, episode, language):
    with tenant(ann.organisation_id):
        session = held(episode, ann, 290, 300)[-1]
        add_rater(nils, "mother")
        rate(session, "mother", 40)
    client, result = pages(browser, ann, session, language)
    for sentence in (APART[language], LOW[language]):
        assert f": {sentence}</p>" in client
        assert f'<p class="ask">{sentence}</p>' in result


def test_raters_who_agree_above_their_cutoffs_are_not_asked_about(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        session = held(episode, ann, 290, 300)[-1]
        add_rater(nils, "mother")
        rate(session, "mother", 72)
    client, result = pages(browser, ann, session)
    assert "points apart" not in client + result
    assert "The lowest:" not in client + result


def test_nothing_is_said_while_somebody_has_yet_to_answer(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        session = held(episode, ann, 290, 300)[-1]
        add_rater(nils, "mother")
        add_rater(nils, "father")
        rate(session, "mother", 40)
    _client, result = pages(browser, ann, session)
    assert "points apart" not in result
    with tenant(ann.organisation_id):
        rate(session, "father", 50)
    _client, result = pages(browser, ann, session)
    assert APART["en"] in result


def test_a_result_page_reads_its_own_session_and_the_clients_page_the_latest_of_several(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        first, second, third = held(episode, ann, 290, 300, 310)
        add_rater(nils, "mother")
        rate(first, "mother", 72)
        rate(second, "mother", 40)
        rate(second, "teacher", 75)
    client, result = pages(browser, ann, second)
    assert APART["en"] in client
    assert APART["en"] in result
    for session in (first, third):
        assert "points apart" not in pages(browser, ann, session)[1]
