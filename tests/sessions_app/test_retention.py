"""Rules of a service, the list of whose time is over, its two steps, more time, holds, the archive, and the night."""

import datetime
import json

import pytest
import time_machine
from django.urls import reverse

from clients.models import Erasure, ErasureNotice, LegalHold
from clients.services.erasure_ledger import file_of
from organisations.roles import Role
from organisations.tenancy.context import tenant
from sessions_app.periodic import erase_confirmed, follow_erasure_notices
from tests.old_clients import NOW, confirm, logged, noticed, old_client, rule_for, there
from tests.people import person
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(NOW):  # it ticks: of two rules of a service the later one counts
        yield


@pytest.fixture
def zoe(red_team):
    """A second lead of the red team."""
    return person(red_team, "Zoe Krog", Role.TEAM_LEAD)


def test_without_a_rule_nothing_is_erased_and_the_page_says_so(browser, ada, red_team):
    client = old_client(red_team)
    follow_erasure_notices(NOW)
    with tenant(client.organisation_id):
        assert not ErasureNotice.objects.exists()
    browser.force_login(ada.user)
    assert "No rule: nothing is erased." in browser.get(reverse("retention")).content.decode()


def test_an_administrator_chooses_a_rule(browser, ada, red_team):
    old_client(red_team)
    browser.force_login(ada.user)
    url = reverse("retention-rule", args=[red_team.service_id])
    refused = browser.post(url, {"rule": "dk-social"})
    assert refused.status_code == 422
    assert "Say for how many years" in refused.content.decode()
    assert browser.post(url, {"rule": "se-social"}).status_code == 422  # of another country
    page = browser.post(url, {"rule": "dk-social", "years": "3", "archives_first": "on"}, follow=True).content.decode()
    assert "3 years, from the last entry" in page
    assert "<span>Time is over</span><strong>1</strong>" in page
    page = browser.post(url, {"rule": "none"}, follow=True).content.decode()
    assert "No rule: nothing is erased." in page


def test_two_people_confirm_and_the_night_erases(browser, lea, zoe, ada, red_team):
    rule_for(red_team, ada)
    client, other = old_client(red_team), old_client(red_team, "O-2", last=datetime.date(2024, 1, 1))
    notice = noticed(client)
    with tenant(client.organisation_id):
        assert not ErasureNotice.objects.filter(client=other).exists()
    assert "First step taken" in confirm(browser, notice, lea).content.decode()
    assert "somebody else" in confirm(browser, notice, lea).content.decode()
    assert erase_confirmed(NOW) == 0
    assert "Confirmed twice" in confirm(browser, notice, zoe).content.decode()
    assert erase_confirmed(NOW) == 1
    assert not there(client)
    assert there(other)
    with tenant(client.organisation_id):
        row = Erasure.objects.get()
    assert (row.client_uid, row.first_by, row.second_by) == (client.pk, lea.pk, zoe.pk)
    assert "O-1" not in file_of(lea.organisation).read_text()
    assert str(client.pk) in file_of(lea.organisation).read_text()
    assert logged(client, "client.erase") == 1
    assert erase_confirmed(NOW) == 0


def test_the_same_person_takes_the_second_step_on_another_day(browser, lea, ada, red_team):
    rule_for(red_team, ada)
    notice = noticed(old_client(red_team))
    confirm(browser, notice, lea)
    with time_machine.travel(NOW + datetime.timedelta(1), tick=False):
        assert "Confirmed twice" in confirm(browser, notice, lea).content.decode()


def test_nobody_is_erased_before_30_days_on_the_list(browser, lea, zoe, ada, red_team):
    rule_for(red_team, ada)
    client = old_client(red_team)
    notice = noticed(client, days_ago=29)
    confirm(browser, notice, lea)
    confirm(browser, notice, zoe)
    assert erase_confirmed(NOW) == 0
    assert erase_confirmed(NOW + datetime.timedelta(1)) == 1
    assert not there(client)


def test_the_first_step_is_taken_back_and_the_second_is_not(browser, lea, zoe, ada, red_team):
    rule_for(red_team, ada)
    notice = noticed(old_client(red_team))
    undo = reverse("erasure-undo", args=[notice.pk])
    confirm(browser, notice, lea)
    assert "taken back" in browser.post(undo, follow=True).content.decode()
    confirm(browser, notice, lea)
    confirm(browser, notice, zoe)
    assert "a second time" in browser.post(undo, follow=True).content.decode()
    assert erase_confirmed(NOW) == 1


def test_a_later_note_takes_a_confirmed_client_off_the_list(browser, lea, zoe, ada, red_team):
    rule_for(red_team, ada)
    client = old_client(red_team)
    notice = noticed(client)
    confirm(browser, notice, lea)
    confirm(browser, notice, zoe)
    with tenant(client.organisation_id):
        session = client.sessions.get()
        session.notes.create(organisation=client.organisation, kind="after_ors", text="Came by", version=2)
    assert erase_confirmed(NOW) == 0
    follow_erasure_notices(NOW)
    assert there(client)
    with tenant(client.organisation_id):
        assert not ErasureNotice.objects.standing().exists()


def test_a_reopened_episode_and_a_changed_rule_stop_the_night(browser, lea, zoe, ada, red_team):
    rule_for(red_team, ada)
    client = old_client(red_team)
    notice = noticed(client)
    confirm(browser, notice, lea)
    confirm(browser, notice, zoe)
    rule_for(red_team, ada, "dk-health-10")
    assert erase_confirmed(NOW) == 0
    rule_for(red_team, ada)
    with tenant(client.organisation_id):
        client.episodes.update(ended_on=None, ending="")
    assert erase_confirmed(NOW) == 0
    assert there(client)


def test_a_hold_keeps_a_confirmed_client_until_it_is_ended(browser, lea, zoe, ada, red_team):
    rule_for(red_team, ada)
    client = old_client(red_team)
    notice = noticed(client)
    confirm(browser, notice, lea)
    confirm(browser, notice, zoe)
    holds = reverse("client-holds", args=[client.pk])
    assert browser.post(holds, {"reason": ""}).status_code == 422
    assert browser.post(holds, {"reason": "x", "until": "2020-01-01"}).status_code == 422
    page = browser.post(holds, {"reason": "A case in court"}, follow=True).content.decode()
    assert "A case in court" in page
    assert erase_confirmed(NOW) == 0
    assert "Kept all the same" in browser.get(reverse("erasure-list")).content.decode()
    with tenant(client.organisation_id):
        hold = LegalHold.objects.get()
    browser.post(reverse("hold-lift", args=[hold.pk]))
    assert logged(client, "retention.hold") >= 4
    assert erase_confirmed(NOW + datetime.timedelta(1)) == 1


def test_more_time_takes_back_what_was_confirmed(browser, lea, zoe, ada, red_team):
    rule_for(red_team, ada)
    notice = noticed(old_client(red_team))
    confirm(browser, notice, lea)
    url = reverse("erasure-notice", args=[notice.pk])
    assert browser.post(url, {"until": "2026-11-30", "reason": "A complaint"}).status_code == 422
    assert (
        "Waits until"
        in browser.post(url, {"until": "2027-02-01", "reason": "A complaint"}, follow=True).content.decode()
    )
    assert "more time" in confirm(browser, notice, zoe).content.decode()
    assert erase_confirmed(NOW) == 0


def test_the_archive_comes_first(browser, lea, zoe, ada, red_team):
    rule_for(red_team, ada, "dk-social", years=3, archives_first=True)
    client = old_client(red_team)
    with tenant(client.organisation_id):
        client.contact_note = "rings in the evening"
        client.save(update_fields=["contact_note"])
    notice = noticed(client)
    assert "archive first" in confirm(browser, notice, lea).content.decode()
    fetch = reverse("erasure-archive", args=[notice.pk])
    file = json.loads(browser.post(fetch).content)
    assert file["tables"]["clients.Client"][0]["reference"] == "O-1"
    assert file["tables"]["clients.Client"][0]["contact_note"] == "rings in the evening"  # opened: the key goes
    assert "clients.WordKey" not in file["tables"]
    assert file["tables"]["sessions_app.Rating"][0]["marks"] == [50, 50, 50, 50]
    assert file["tables"]["clients.ClientEvent"]
    assert logged(client, "retention.archive") == 1
    assert "First step taken" in confirm(browser, notice, lea).content.decode()
    browser.force_login(ada.user)
    assert browser.post(fetch).status_code == 403  # an administrator reads no answers


def test_exceptions_of_a_country_are_looked_at_first(browser, lea, ada, red_team):
    red_team.organisation.country = "SE"
    red_team.organisation.save()
    rule_for(red_team, ada, "se-social")
    notice = noticed(old_client(red_team))
    browser.force_login(lea.user)
    page = browser.get(reverse("erasure-notice", args=[notice.pk])).content.decode()
    assert "5th, 15th or 25th" in page
    assert "gone by Dec. 31, 2027" in page
    assert "none of the exceptions" in confirm(browser, notice, lea).content.decode()
    assert "First step taken" in confirm(browser, notice, lea, exceptions="1").content.decode()


def test_the_list_is_of_ones_own_teams_and_on_record(browser, lea, ada, red_team, blue_team):
    rule_for(red_team, ada)
    mine, theirs = old_client(red_team), old_client(blue_team, "B-1")
    noticed(mine)
    browser.force_login(lea.user)
    page = browser.get(reverse("erasure-list")).content.decode()
    assert "O-1" in page
    assert "B-1" not in page
    assert (logged(mine, "retention.notice"), logged(theirs, "retention.notice")) == (1, 0)
    browser.force_login(ada.user)
    page = browser.get(reverse("erasure-list")).content.decode()
    assert "B-1" in page
    assert "Karla" not in page


def test_the_list_asks_as_often_for_5_rows_as_for_1(browser, lea, ada, red_team):
    rule_for(red_team, ada)
    old_client(red_team)
    follow_erasure_notices(NOW)
    browser.force_login(lea.user)
    browser.get(reverse("erasure-list"))
    _page, few = statements_of(lambda: browser.get(reverse("erasure-list")))
    for number in range(4):
        old_client(red_team, f"M-{number}")
    follow_erasure_notices(NOW)
    _page, many = statements_of(lambda: browser.get(reverse("erasure-list")))
    assert len(many) == len(few)
