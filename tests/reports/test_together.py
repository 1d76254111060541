"""The page that is looked at together: the curve, the client's words and what is agreed, nothing that is for staff."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from organisations.models import AccessEvent, Organisation
from organisations.tenancy.context import tenant
from sessions_app.models import Note
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db
STAFF_ONLY = (
    "below the start",
    "To talk about",
    "do not detect danger to life",
    "Call 112",
    "Questions for the session",
    "Why?",
    "Without the noise",
    "How far can it be trusted?",
    "Main menu",
    "Born",
    "Archive",
    "/sessions/",
)


@pytest.fixture
def falling(ann, nils, episode):
    """Nils after a fall, with words, a next appointment, and the house's text for emergencies."""
    with tenant(ann.organisation_id):
        sessions = held(episode, ann, 220, 160, srs=(380, 340))
        Note.objects.create(
            organisation=ann.organisation, session=sessions[-1], kind="after_ors", text="I sleep <badly>."
        )
        tomorrow = timezone.localdate() + timedelta(days=1)
        Client.objects.filter(pk=nils.pk).update(next_on=tomorrow, next_at=time(13, 0), contact=ann)
        Organisation.objects.filter(pk=ann.organisation_id).update(emergency_text="Call 112")
    return nils


def together(browser, client, **query):
    return browser.get(reverse("client-together", args=[client.pk]), query)


def test_it_shows_the_curve_the_words_and_what_is_agreed(browser, ann, falling):
    browser.force_login(ann.user)
    page = together(browser, falling).content.decode()
    for words in ("This is how it has gone so far.", "16 on August 16. At the start 22.", '<svg class="chart'):
        assert words in page
    for words in ("I sleep &lt;badly&gt;.", " at 13:00", "with <bdi>Ann Holm</bdi>"):
        assert words in page


def test_nothing_that_is_for_staff_stands_on_it(browser, ann, falling):
    browser.force_login(ann.user)
    staff_page = browser.get(reverse("client-detail", args=[falling.pk])).content.decode()
    page = together(browser, falling, state="on").content.decode()
    assert [words for words in STAFF_ONLY if words in page] == []
    assert len([words for words in STAFF_ONLY if words in staff_page]) > 8, "the words are those of the staff's page"


def test_right_after_the_form_it_speaks_as_the_result_does(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 142, 263, first=timezone.localdate() - timedelta(days=14))
    browser.force_login(ann.user)
    page = together(browser, nils).content.decode()
    assert "It is going better than last time, and you are above the cut-off for the first time." in page
    assert "26.3 today. Last time 14.2." in page


def test_a_first_measurement_says_where_it_began(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 180)
    browser.force_login(ann.user)
    page = together(browser, nils).content.decode()
    assert "This is how it began." in page
    assert "18 on August 2." in page


def test_without_a_session_or_an_appointment_it_says_so(browser, ann, nils):
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(next_on=date(2026, 1, 5))
    browser.force_login(ann.user)
    page = together(browser, nils).content.decode()
    assert "No session yet" in page
    assert "Nothing is agreed yet." in page


@pytest.mark.parametrize("count", [1, 6])
def test_it_is_on_record_as_the_page_is_and_costs_the_same_for_any_number(
    browser, ann, nils, episode, count, django_assert_num_queries
):
    with tenant(ann.organisation_id):
        held(episode, ann, *[180] * count)
    browser.force_login(ann.user)
    together(browser, nils)
    with django_assert_num_queries(24):  # two of them what stands on days: goals, contact persons
        together(browser, nils)
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="client.view", client_ids=[nils.pk]).count() == 2


def test_the_client_page_leads_to_it_where_there_is_a_curve(browser, ann, nils, episode):
    browser.force_login(ann.user)
    way = reverse("client-together", args=[nils.pk])
    assert way not in browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    with tenant(ann.organisation_id):
        held(episode, ann, 180)
    assert f"{way}?episode={episode.pk}" in browser.get(reverse("client-detail", args=[nils.pk])).content.decode()


# What covers the staff's pages


@pytest.mark.parametrize("name", ["client-detail", "today", "client-list"])
def test_a_page_of_the_staff_is_covered_until_it_is_uncovered(browser, ann, falling, name):
    browser.force_login(ann.user)
    page = reverse(name, args=[falling.pk] if name == "client-detail" else [])
    together(browser, falling)
    covered = browser.get(page).content.decode()
    assert "This page is for staff." in covered
    assert "Nils" not in covered
    assert "I sleep" in together(browser, falling).content.decode()
    shown = browser.post(reverse("uncover"), {"next": page})
    assert (shown.status_code, shown["Location"]) == (302, page)
    assert "Nils" in browser.get(page).content.decode()


def test_a_covered_page_is_not_on_record_as_looked_at(browser, ann, falling):
    browser.force_login(ann.user)
    together(browser, falling)
    browser.get(reverse("client-detail", args=[falling.pk]))
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="client.view").count() == 1


def test_its_own_button_leads_back_and_uncovers(browser, ann, falling, episode):
    browser.force_login(ann.user)
    page = together(browser, falling, episode=episode.pk).content.decode()
    back = f"{reverse('client-detail', args=[falling.pk])}?episode={episode.pk}"
    assert f'name="next"\n  value="{back}"' in page
    assert browser.post(reverse("uncover"), {"next": back})["Location"] == back
    assert "To talk about" in browser.get(back).content.decode()


def test_what_a_page_asks_for_itself_and_what_is_sent_is_not_covered(browser, ann, falling):
    browser.force_login(ann.user)
    together(browser, falling)
    asked = reverse("client-links-state", args=[falling.pk])
    assert browser.get(asked, headers={"accept": "application/json"}).json() == {"links": {}}
    assert browser.post(reverse("session-start", args=[falling.pk])).status_code == 302


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_uncovering_leads_to_no_other_site(browser, ann, wanted):
    browser.force_login(ann.user)
    assert browser.post(reverse("uncover"), {"next": wanted})["Location"] == reverse("home")
