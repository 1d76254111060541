"""A period of the organisation's own, one that holds from a later day, and a rule that nobody has checked."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse

from clients.models import ErasureNotice
from organisations.models import Organisation
from organisations.tenancy.context import tenant
from sessions_app.periodic import follow_erasure_notices
from tests.old_clients import NOW, old_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(NOW):
        yield


def choose(browser, by, team, **sent):
    browser.force_login(by.user)
    return browser.post(reverse("retention-rule", args=[team.service_id]), sent, follow=True)


def test_an_organisation_sets_its_own_period_with_what_it_stands_on(browser, ada, red_team):
    old_client(red_team)
    refused = choose(browser, ada, red_team, rule="own")
    assert refused.status_code == 422
    assert "Say for how many years" in refused.content.decode()
    assert "Say what the period stands on" in refused.content.decode()
    page = choose(
        browser, ada, red_team, rule="own", years="4", basis="Plan of the archive, 3 May 2026"
    ).content.decode()
    assert "4 years, from the last entry" in page
    assert "Plan of the archive, 3 May 2026" in page
    assert "<span>Time is over</span><strong>1</strong>" in page


def test_a_period_that_holds_later_changes_nothing_before(browser, ada, red_team):
    client = old_client(red_team)  # due by 5 years, not by 40
    choose(browser, ada, red_team, rule="own", years="40", basis="Plan")
    page = choose(browser, ada, red_team, rule="dk-health-5", holds_from="2027-01-01").content.decode()
    assert "40 years, from the last entry" in page
    assert re.search(r"From [^<]*2027: Health records of other authorised staff: 5 years", " ".join(page.split()))
    follow_erasure_notices(NOW)
    with tenant(client.organisation_id):
        assert not ErasureNotice.objects.exists()
    follow_erasure_notices(datetime.datetime(2027, 1, 2, 12, tzinfo=datetime.UTC))
    with tenant(client.organisation_id):
        assert ErasureNotice.objects.standing().get().client_id == client.pk
    with time_machine.travel(NOW + datetime.timedelta(1)):  # chosen anew, what was planned is dropped
        choose(browser, ada, red_team, rule="none")
    follow_erasure_notices(datetime.datetime(2027, 1, 3, 12, tzinfo=datetime.UTC))
    with tenant(client.organisation_id):
        assert not ErasureNotice.objects.standing().exists()


def test_a_rule_that_nobody_checked_says_so(browser, ada, red_team):
    Organisation.objects.filter(pk=red_team.organisation_id).update(country="NO")
    warning = "Checked by nobody yet: have your archive confirm it"
    browser.force_login(ada.user)
    assert warning in browser.get(reverse("retention-rule", args=[red_team.service_id])).content.decode()
    page = choose(browser, ada, red_team, rule="no-health").content.decode()
    assert warning in page
    assert "arkivverket.no" in page
    page = choose(browser, ada, red_team, rule="own", years="10", basis="Our archive, 2026").content.decode()
    assert warning not in page
    Organisation.objects.filter(pk=red_team.organisation_id).update(country="DK")
    assert warning not in browser.get(reverse("retention-rule", args=[red_team.service_id])).content.decode()
