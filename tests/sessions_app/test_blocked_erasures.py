"""A client who is blocked for others and past their time: who confirms the erasure, and what they are shown."""

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import ClientBlock, ErasureNotice
from organisations.audit.record import recorded
from organisations.models import AccessEvent
from organisations.roles import Role
from organisations.tenancy.context import tenant
from sessions_app.periodic import erase_confirmed, follow_erasure_notices
from sessions_app.services.erasure_notices import confirm_erasure as confirm_step
from tests.old_clients import NOW, confirm, logged, noticed, old_client, rule_for, there
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def blocked(ann, ada, red_team):
    """The notice of a client whom Ann alone sees: no lead, and no administrator."""
    client = old_client(red_team, "Q-77")
    rule_for(red_team, ada)
    notice = noticed(client)
    with tenant(client.organisation_id), recorded(organisation_id=client.organisation_id, request_id="b"):
        block = {"people": [ann.pk], "wish": "client", "reason": "a brother works here", "made_by": ann}
        ClientBlock.objects.create(organisation=client.organisation, client=client, **block)
    return notice


def test_an_administrator_is_told_of_a_blocked_client_and_not_of_whom(browser, ada, lea, cleo, blocked):
    browser.force_login(ada.user)
    where = reverse("erasure-notice", args=[blocked.pk])
    for page in (browser.get(reverse("erasure-list")), browser.get(where)):
        text = page.content.decode()
        assert "A client who is blocked for other units" in text
        assert not [word for word in ("Q-77", "Karla", str(blocked.client_id)) if word in text]
    assert logged(blocked.client, "retention.notice") >= 2
    for other in (lea, cleo):
        browser.force_login(other.user)
        assert browser.get(where).status_code in (403, 404)
        assert browser.post(reverse("erasure-confirm", args=[blocked.pk]), {"told": "x"}).status_code in (403, 404)
    browser.force_login(lea.user)
    assert "blocked for other units" not in browser.get(reverse("erasure-list")).content.decode()


def test_a_blocked_client_is_erased_once_somebody_said_who_told_them(browser, ada, red_team, blocked):
    other = person(red_team, "Birgit Two", Role.ADMIN, teams=[])
    with tenant(blocked.organisation_id):
        client = blocked.client
    refused = confirm(browser, blocked, ada)
    assert refused.status_code == 422
    assert "This field is required." in refused.content.decode()
    with tenant(blocked.organisation_id):
        assert ErasureNotice.objects.get(pk=blocked.pk).first_on is None
    said = "Ann, on the telephone: it may go"
    assert "First step taken" in confirm(browser, blocked, ada, told=said).content.decode()
    with tenant(blocked.organisation_id):
        assert AccessEvent.objects.filter(action="retention.confirm", typed=said).count() == 1
    page = confirm(browser, blocked, other, told="Ann too").content.decode()
    assert "Confirmed twice" in page
    assert ada.name not in browser.get(reverse("erasure-notice", args=[blocked.pk])).content.decode()
    assert erase_confirmed(NOW) == 1
    assert not there(client)


def test_the_service_asks_too_who_told_somebody_that_does_not_see_the_client(ada, lea, blocked):
    with tenant(blocked.organisation_id), recorded(organisation_id=blocked.organisation_id, request_id="b"):
        for by in (ada, lea):
            with pytest.raises(ValidationError, match="You do not see this client"):
                confirm_step(notice=blocked, by=by)


def test_nobody_but_who_sees_a_blocked_client_fetches_the_file_for_the_archive(browser, ada, ann, red_team, blocked):
    rule_for(red_team, ada, archives_first=True)
    follow_erasure_notices(NOW)
    browser.force_login(ada.user)
    page = browser.get(reverse("erasure-notice", args=[blocked.pk])).content.decode()
    assert "names one in the block, or lifts it" in " ".join(page.split())
    assert browser.post(reverse("erasure-archive", args=[blocked.pk])).status_code == 403
    assert "go to the archive first" in confirm(browser, blocked, ada, told="Ann").content.decode()
