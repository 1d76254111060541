"""Alerts that tell of one situation stand on one card of the client's page, and are seen with one answer."""

import re
from datetime import date

import pytest
from django.urls import reverse

from organisations.tenancy.context import tenant
from sessions_app.models import Alert
from sessions_app.services.alerts import acknowledge_alert, evaluate_episode
from tests.factories import ClientFactory, EpisodeFactory
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
FALLING = ((220, 160), (380, 340))


@pytest.fixture
def fallen(ann, nils, episode):
    """Nils, whose ORS and SRS have both fallen; the job has written his alerts."""
    with tenant(ann.organisation_id):
        held(episode, ann, *FALLING[0], srs=FALLING[1])
        evaluate_episode(episode.pk, mails=False, today=TODAY)
    return nils


def cards(browser, client):
    """(name, sentences, ids that its answer names) of each card."""
    page = browser.get(reverse("client-detail", args=[client.pk])).content.decode()
    found = []
    for card in re.findall(r'<article class="card situation.*?</article>', page, re.DOTALL):
        name = re.search(r"<h3>(.*?)</h3>", card)[1]
        sentences = re.findall(r"<li>(.*?) <span\s+class=\"muted small nowrap\"", card, re.DOTALL)
        first = re.findall(r'action="/alerts/([^/]+)/acknowledge/"', card)
        found.append((name, sentences, [*first, *re.findall(r'name="also" value="([^"]+)"', card)]))
    return found


def seen(client):
    with tenant(client.organisation_id):
        rows = Alert.objects.filter(episode__client=client).exclude(acknowledged_at=None)
        return {row.rule: (row.acknowledgement, str(row.acknowledged_by)) for row in rows}


def test_what_tells_of_one_measure_is_one_card_the_most_pressing_first(browser, ann, fallen):
    browser.force_login(ann.user)
    well_being, alliance = cards(browser, fallen)
    assert (well_being[0], alliance[0]) == ("Well-being, ORS", "Alliance, SRS")
    assert well_being[1][0].startswith("ORS is 16, 6 below the start (22).")
    assert (len(well_being[1]), len(alliance[1])) == (3, 2)
    assert (len(well_being[2]), len(alliance[2])) == (3, 2), "one answer for each card"


def test_one_answer_is_written_to_every_alert_of_the_card_and_to_no_other(browser, ann, fallen):
    browser.force_login(ann.user)
    first, *also = cards(browser, fallen)[0][2]
    sent = browser.post(reverse("alert-acknowledge", args=[first]), {"note": "We meet twice a week", "also": also})
    assert sent.status_code == 302
    assert seen(fallen) == dict.fromkeys(("O1", "O2", "O4"), ("We meet twice a week", "Ann Holm"))
    page = browser.get(reverse("client-detail", args=[fallen.pk])).content.decode()
    assert page.count("Seen by Ann Holm") == 1
    assert [len(ids) for _name, _sentences, ids in cards(browser, fallen)] == [0, 2]


def test_what_somebody_has_seen_already_is_not_asked_again(browser, ann, ben, fallen):
    with tenant(ann.organisation_id):
        acknowledge_alert(alert=Alert.objects.get(rule="O4"), note="I called", by=ben)
    browser.force_login(ann.user)
    first, *also = cards(browser, fallen)[0][2]
    assert len(also) == 1
    browser.post(reverse("alert-acknowledge", args=[first]), {"note": "We meet", "also": also})
    assert seen(fallen) == {
        "O1": ("We meet", "Ann Holm"),
        "O2": ("We meet", "Ann Holm"),
        "O4": ("I called", "Ben Lund"),
    }


def test_other_words_that_came_meanwhile_stand_and_nothing_is_half_written(browser, ann, ben, fallen):
    browser.force_login(ann.user)
    first, *also = cards(browser, fallen)[0][2]
    with tenant(ann.organisation_id):
        acknowledge_alert(alert=Alert.objects.get(pk=also[-1]), note="I called", by=ben)
    sent = browser.post(reverse("alert-acknowledge", args=[first]), {"note": "We meet", "also": also})
    page = sent.content.decode()
    assert sent.status_code == 409
    assert "We meet" in page
    assert "I called" in page
    assert set(seen(fallen).values()) == {("I called", "Ben Lund")}


@pytest.mark.parametrize("named", ["of another client", "nothing", "unknown"])
def test_an_alert_that_the_card_does_not_tell_is_refused(browser, ann, red_team, service, fallen, named):
    with tenant(ann.organisation_id):
        other = ClientFactory(organisation=ann.organisation, teams=[red_team])
        own = {"organisation": ann.organisation}
        held(EpisodeFactory(**own, client=other, service=service), ann, *FALLING[0], srs=FALLING[1])
        evaluate_episode(other.episodes.get().pk, mails=False, today=TODAY)
        foreign = Alert.objects.filter(episode__client=other).first().pk
    also = {"of another client": foreign, "nothing": "no id", "unknown": other.pk}[named]
    browser.force_login(ann.user)
    first = cards(browser, fallen)[0][2][0]
    assert browser.post(reverse("alert-acknowledge", args=[first]), {"note": "x", "also": [also]}).status_code == 404
    assert seen(fallen) == {}
    assert seen(other) == {}
