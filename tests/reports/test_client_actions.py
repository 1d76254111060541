"""What the client's page offers: one primary button, the rest in a menu; and what a print or a picture carries."""

import re
from datetime import date, time

import pytest
from django.urls import reverse

from clients.models import Client, Episode
from organisations.tenancy.context import tenant
from reports.client_page.record_head import RecordHead
from sessions_app.models import Note
from tests.factories import SessionFactory
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db


def page_of(browser, ann, client, **query):
    browser.force_login(ann.user)
    return browser.get(reverse("client-detail", args=[client.pk]), query).content.decode()


def menu_of(page):
    return re.search(r'<details class="menu page-menu".*?</details>', page, re.DOTALL)[0]


def test_one_button_is_primary_and_it_starts_the_session(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 220, 160, srs=(380, 340))
    main = page_of(browser, ann, nils).partition("<main")[2].partition("</main>")[0]
    buttons = re.findall(r'class="btn([^"]*)"[^>]*>\s*(?:<svg.*?</svg>)?([^<]*)', main)
    assert [words.strip() for kind, words in buttons if "ghost" not in kind] == ["Start session"]


def test_the_menu_begins_with_what_is_done_most_often(browser, ann, nils, episode):
    menu = menu_of(page_of(browser, ann, nils))
    offered = [
        "Absence or earlier session",
        "Send a form ahead",
        "Ask the team about this case",
        "Show to the consultant",
        "Print",
        "Edit client",
        "Who else rates",
        "Transfer the client",
        "New episode",
        "Protection",
        "What was changed",
        "Who has looked",
        "Rights over one's data",
        "Archive the client",
    ]
    assert re.findall(r"</svg>\s*([^<]+)</(?:a|button)>", menu) == offered


def test_an_archived_client_is_brought_back_and_starts_nothing(browser, ann, nils):
    browser.force_login(ann.user)
    browser.post(reverse("client-archive", args=[nils.pk]))
    page = page_of(browser, ann, nils)
    assert "Bring back" in page
    for words in ("Start session", "Absence or earlier session", "Archive the client"):
        assert words not in page


def test_a_print_and_a_picture_carry_what_files_them(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 180)
        Client.objects.filter(pk=nils.pk).update(reference="N/014 <b>")
    page = page_of(browser, ann, nils)
    today = date.today().isoformat()
    assert f'data-picture="N-014-b-{today}.png"' in page
    assert 'data-picture-title="N/014 &lt;b&gt;"' in page
    line = re.search(r'data-picture-line="([^"]+)"', page)[1]
    assert line.startswith(f"{ann.organisation.name} · ")
    assert line.endswith(" · Rules, version 3")
    assert f'<p class="only-print"><bdi>N/014 &lt;b&gt;</bdi> · <bdi>{line}</bdi></p>' in page


def test_a_picture_of_the_result_is_named_as_that_of_the_page(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        session = held(episode, ann, 180)[0]
    browser.force_login(ann.user)
    page = browser.get(reverse("session-result", args=[session.pk, "ors"])).content.decode()
    assert f'data-picture="{nils.reference}-{date.today().isoformat()}.png"' in page


@pytest.mark.parametrize(("reference", "name"), [("../..", "2026-11-28.png"), ("Åse 7", "Åse-7-2026-11-28.png")])
def test_a_file_name_has_no_way_in_it(reference, name):
    assert RecordHead(reference, "Home", date(2026, 11, 28), "3").picture_name == name


def test_the_words_of_the_table_have_a_row_as_wide_as_the_table(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        sessions = held(episode, ann, 180, 190, srs=(370, 380))
        Note.objects.create(organisation=ann.organisation, session=sessions[0], kind="after_srs", text="We laughed.")
    table = re.search(
        r'<table class="table cards compact by-session".*?</table>', page_of(browser, ann, nils), re.DOTALL
    )[0]
    columns = len(re.findall(r'<th scope="col"', table))
    assert re.findall(r'<tr class="said"><td colspan="(\d+)">', table) == [str(columns)]
    assert table.count("<tbody>") == 2


@pytest.mark.parametrize(("language", "hour"), [("da", "13.00"), ("sv", "13.00"), ("nb", "13.00"), ("en", "13:00")])
def test_the_hour_is_written_one_way_in_each_language(browser, ann, nils, episode, language, hour):
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(next_on=date(2099, 1, 5), next_at=time(13, 0))
        ann.user.language = language
        ann.user.save()
    assert set(re.findall(r"13[.:]00", page_of(browser, ann, nils))) == {hour}


def test_events_stand_on_the_curve_and_in_its_legend(browser, ann, ben, nils, episode):
    with tenant(ann.organisation_id):
        sessions = held(episode, ann, 180, 190, 200)
        own = {"organisation": ann.organisation, "episode": episode, "practitioner": ann}
        for attendance, day in (("no_show", 3), ("cancelled_client", 4), ("cancelled_service", 5)):
            SessionFactory(**own, attendance=attendance, held_on=date(2026, 10, day))
        Client.objects.filter(pk=nils.pk).update(contact=ben, contact_since=sessions[2].held_on)
    page = page_of(browser, ann, nils)
    wide = re.search(r'<svg class="chart[^>]*viewBox="0 0 760 400".*?</svg>', page, re.DOTALL)[0]
    assert re.findall(r'class="c-event[^>]*><title>([^<]*)<', wide) == [
        "New contact person August 30: Ben Lund",
        "Did not come",
        "Cancelled by the client",
        "Cancelled by the service",
    ]
    legend = re.search(r'<ul class="legend">.*?</ul>', page, re.DOTALL)[0]
    assert re.findall(r'event-key".*?</svg>([^<]+)</li>', legend) == ["Did not come", "Cancelled", "New contact person"]


def test_a_contact_person_from_the_first_session_on_is_no_event(browser, ann, ben, nils, episode):
    with tenant(ann.organisation_id):
        first = held(episode, ann, 180, 190)[0]
        Episode.objects.filter(pk=episode.pk).update(started_on=first.held_on)
        Client.objects.filter(pk=nils.pk).update(contact=ben, contact_since=first.held_on)
    assert "New contact person" not in page_of(browser, ann, nils)
