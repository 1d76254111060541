"""Who has looked: what a client can be told, and what an administrator can search."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations.audit.texts import describe
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(browser, ann, nils, lea):
    """Ann has opened Nils' page; Lea, who leads the team, asks."""
    browser.force_login(ann.user)
    browser.get(reverse("client-detail", args=[nils.pk]))
    browser.force_login(lea.user)
    return nils


def page_of(browser, client):
    return browser.get(reverse("client-looks", args=[client.pk])).content.decode()


def test_a_client_is_told_when_in_which_role_and_what_for(browser, seen):
    page = page_of(browser, seen)
    assert "Opened the client&#x27;s page" in page
    assert "Practitioner" in page
    assert "Red team" in page
    assert str(timezone.now().year) in page


@pytest.mark.parametrize(("country", "told"), [("DK", False), ("SE", True), ("NO", True), ("other", False)])
def test_names_are_told_where_the_country_says_so(browser, seen, house, country, told):
    house.country = country
    house.save()
    assert ("Ann Holm" in page_of(browser, seen)) == told


def test_only_looks_at_this_client_are_told(browser, seen, red_team):
    with tenant(seen.organisation_id):
        other = ClientFactory(organisation=seen.organisation, teams=[red_team])
    assert "Opened the client" not in page_of(browser, other)
    assert page_of(browser, seen).count('<th scope="row"') == 1


def test_opening_a_clients_access_log_is_itself_recorded(browser, seen, lea):
    page_of(browser, seen)
    with tenant(lea.organisation_id):
        assert AccessEvent.objects.get(action="client.looks").client_ids == [seen.pk]
    assert "Looked up who has looked" in page_of(browser, seen)


def test_who_is_in_another_team_is_not_told(browser, seen, cleo):
    browser.force_login(cleo.user)
    assert browser.get(reverse("client-looks", args=[seen.pk])).status_code == 404


def rows_for(browser, **asked):
    return browser.get(reverse("access-log"), asked).content.decode().count("Opened the client&#x27;s page")


def test_an_admin_searches_by_day_person_and_reference(browser, seen, ada, ann, lea):
    browser.force_login(ada.user)
    today = timezone.localdate().isoformat()
    assert rows_for(browser) == 1
    assert rows_for(browser, since="2020-01-01", until="2020-12-31") == 0
    assert rows_for(browser, since="2020-01-01", until=today) == 1
    assert (rows_for(browser, person=ann.pk), rows_for(browser, person=lea.pk)) == (1, 0)
    assert (rows_for(browser, reference="n-014"), rows_for(browser, reference="X-1")) == (1, 0)


def test_an_admin_sees_the_reference_and_never_the_name(browser, seen, ada):
    browser.force_login(ada.user)
    page = browser.get(reverse("access-log")).content.decode()
    assert "N-014" in page
    assert "Nils" not in page


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("denied:client-detail", "Was refused"),
        ("rating.submit", "Opened or recorded the client's answers"),
        ("x.y", "x.y"),
    ],
)
def test_actions_are_told_in_words(action, words):
    assert describe(action) == words


RECORDING = re.compile(
    r'\b(?:record_access|record_of|client_of|session_of|meeting_of|answer_of)\([^()]*?"([a-z]+\.[a-z_]+)"'
)


def test_every_action_of_the_code_has_words():
    """A client reads this log: nothing stands there by its key."""
    root = Path(__file__).resolve().parents[2]
    files = [
        path for app in ("organisations", "clients", "sessions_app", "reports") for path in root.glob(f"{app}/**/*.py")
    ]
    actions = {action for path in files for action in RECORDING.findall(path.read_text())}
    assert len(actions) > 60
    assert {action for action in actions if describe(action) == action} == set()
