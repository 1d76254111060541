"""Who came, beside the results: of one's own caseload in appointments, of everybody in episodes with none too small."""

import datetime
import re

import pytest
from django.urls import reverse

from clients.models import Client
from organisations.tenancy.context import tenant
from sessions_app.models import Attendance, Session
from tests.results_rows import add_episodes

pytestmark = pytest.mark.django_db
NO_SHOW, CANCELLED, BY_US = Attendance.NO_SHOW, Attendance.CANCELLED_CLIENT, Attendance.CANCELLED_SERVICE


def absent(by, episodes, *kinds):
    """An appointment of each kind in each of these episodes that was not kept."""
    with tenant(by.organisation_id):
        Session.objects.bulk_create(
            Session(
                organisation=by.organisation,
                client_id=episode.client_id,
                episode=episode,
                practitioner=by,
                held_on=episode.started_on + datetime.timedelta(days=7 + number),
                time_zone="Europe/Copenhagen",
                attendance=kind,
            )
            for episode in episodes
            for number, kind in enumerate(kinds)
        )


def card(browser, **chosen):
    page = browser.get(reverse("results"), chosen).content.decode()
    part = page.partition('id="attendance"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


def test_of_ones_own_caseload_appointments_and_drop_out_are_counted(browser, ann, ben, service, red_team):
    mine = add_episodes(ann, service, [(150, 210)] * 10, team=red_team, contact=ann)
    theirs = add_episodes(ben, service, [(150, 160)] * 10, team=red_team, contact=ben, ending="unplanned")
    absent(ann, mine[:3], NO_SHOW, NO_SHOW, CANCELLED)
    absent(ben, theirs[:5], NO_SHOW, BY_US)
    browser.force_login(ann.user)
    own = card(browser, of="own")
    assert "Episodes with an appointment nobody came to 30" in own
    assert "Sessions held 10 Did not come 6 Cancelled by the client 3 Cancelled by the service 0" in own
    whole = card(browser, of="teams")
    assert "Episodes with an appointment nobody came to 40" in whole
    assert "Did not come 11 Cancelled by the client 3 Cancelled by the service 5" in whole
    assert "Dropped out 50" in whole


def test_an_administrator_is_told_of_episodes_only_and_of_none_that_are_few(browser, ada, ann, ben, service, red_team):
    of_ann = add_episodes(ann, service, [(150, 210)] * 30, team=red_team, contact=ann)
    of_ben = add_episodes(ben, service, [(150, 210)] * 30, team=red_team, contact=ben)
    absent(ann, of_ann[:12], NO_SHOW)
    absent(ben, of_ben[:12], NO_SHOW)
    absent(ben, of_ben[:1], CANCELLED)
    browser.force_login(ada.user)
    told = card(browser)
    assert "Episodes with an appointment nobody came to 40" in told
    assert "Episodes with an appointment cancelled by the client *" in told, "one of sixty would be somebody"
    assert "Did not come" not in told and "Sessions held" not in told


def test_practice_clients_count_nowhere(browser, ann, service, red_team):
    episodes = add_episodes(ann, service, [(150, 210)] * 5, team=red_team, contact=ann)
    absent(ann, episodes, NO_SHOW)
    with tenant(ann.organisation_id):
        Client.objects.filter(pk__in=[one.client_id for one in episodes]).update(is_practice=True)
    browser.force_login(ann.user)
    assert "Nothing has begun yet." in card(browser, of="own")
