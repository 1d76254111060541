"""What a client's no closes at once, as it is registered: files with shared words, and those of colleagues."""

import pytest
from django.urls import reverse

from clients.models import ConsentPurpose, ConsentState
from clients.services import consent_closings
from organisations.tenancy.context import tenant
from sessions_app.models import RecordFile, RecordFileStep
from tests.reports.pdf.pdf_reading import text_of
from tests.reports.record.conftest import work
from tests.reports.record.test_record_files import ask, fetch
from tests.saving import form_on

pytestmark = pytest.mark.django_db
CASE_WORKER, TEAM = ConsentPurpose.CASE_WORKER, ConsentPurpose.TEAM
STATUS = {"file": "status", "kind": "status", "since": "", "until": "", "parts": ["words", "goals"]}


def says(browser, client, purpose, state):
    """The client's answer, through the page."""
    url = reverse("client-consents", args=[client.pk])
    answer = browser.post(url, form_on(browser, url) | {"purposes": [purpose], "state": state, "said_by": "client"})
    assert answer.status_code == 302


def consent_page(browser, client):
    return " ".join(browser.get(reverse("client-consents", args=[client.pk])).content.decode().split())


def files(client):
    with tenant(client.organisation_id):
        return list(RecordFile.objects.order_by("created_at"))


def test_every_closing_that_is_registered_has_its_test():
    """Here; of a consultant's cases in tests/sessions_app/test_opened_cases.py, of studies in test_studies.py there."""
    registered = [closing.purpose for closing in consent_closings._registered]
    of_studies = [ConsentPurpose.RESEARCH] * 2  # part in one, and its files: tests/reports/research
    assert sorted(registered) == sorted([CASE_WORKER, TEAM, ConsentPurpose.CONSULTANT, *of_studies])


def test_a_no_to_the_case_worker_deletes_the_file_with_the_words_and_keeps_the_others(staff, nils, episode, house):
    says(staff, nils, CASE_WORKER, ConsentState.GIVEN)
    ask(staff, episode, **STATUS)
    ask(staff, episode, file="record", kind="record")
    work(house)
    shared, own = files(nils)
    assert "I garden" in text_of(fetch(staff, shared).content)
    assert "A no closes now: 1 file for the case worker." in consent_page(staff, nils)
    says(staff, nils, CASE_WORKER, ConsentState.WITHDRAWN)
    assert [file.pk for file in files(nils)] == [own.pk]
    assert fetch(staff, shared).status_code == 404
    assert fetch(staff, own).status_code == 200
    assert "A no closes now" not in consent_page(staff, nils)


def test_a_status_that_waits_for_a_worker_is_made_without_the_words_after_a_no(staff, nils, episode, house):
    says(staff, nils, CASE_WORKER, ConsentState.GIVEN)
    ask(staff, episode, **STATUS)
    says(staff, nils, CASE_WORKER, ConsentState.WITHDRAWN)
    work(house)
    for file in files(nils):  # a ground in law may let the marks go out, never the words
        assert file.step == RecordFileStep.FAILED or "I garden" not in text_of(bytes(file.content))


def test_a_no_to_the_team_deletes_files_of_colleagues_made_and_waiting(browser, staff, ann, ben, nils, episode, house):
    says(staff, nils, TEAM, ConsentState.GIVEN)
    ask(staff, episode, file="record", kind="record")
    browser.force_login(ben.user)
    ask(browser, episode, file="record", kind="record")
    work(house)
    ask(browser, episode, file="picture")
    of_ann, of_ben, waits = files(nils)
    assert "I garden" in text_of(fetch(browser, of_ben).content)
    browser.force_login(ann.user)
    assert "A no closes now: 2 files of colleagues." in consent_page(browser, nils)
    says(browser, nils, TEAM, ConsentState.WITHDRAWN)
    assert [file.pk for file in files(nils)] == [of_ann.pk]
    work(house)  # what was in the queue finds nothing to make
    assert [file.pk for file in files(nils)] == [of_ann.pk]
    browser.force_login(ben.user)
    assert fetch(browser, of_ben).status_code == 404 and fetch(browser, waits).status_code == 404


def test_a_yes_that_was_a_mistake_closes_as_a_no_does(browser, staff, ann, ben, nils, episode, house):
    says(staff, nils, TEAM, ConsentState.GIVEN)
    browser.force_login(ben.user)
    ask(browser, episode, file="picture")
    browser.force_login(ann.user)
    with tenant(ann.organisation_id):
        yes = nils.consents.get()
    browser.post(reverse("consent-correct", args=[yes.pk]), {"reason": "the wrong client"})
    assert files(nils) == []
