"""The client's own words: saved while typed, and no colleague's text is lost."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from sessions_app.models import Note, Session
from sessions_app.services.notes import save_note
from tests.factories import RatingFactory, SessionFactory

WORDS = "Det går bedre, når jeg ved, hvad der skal ske i morgen."
JSON = {"Accept": "application/json"}


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


@pytest.fixture
def url(record):
    return reverse("note-save", args=[record.pk, "after_ors"])


def stored(person):
    with tenant(person.organisation_id):
        return list(Note.objects.all())


def test_the_script_saves_and_is_told_when(staff, ann, record, url):
    answer = staff.post(url, {"text": WORDS, "version": 0}, headers=JSON)
    assert answer.status_code == 200
    assert answer.json()["saved"].startswith("Saved ")
    (note,) = stored(ann)
    assert (note.text, note.kind, note.version, note.updated_by_id) == (
        WORDS, "after_ors", answer.json()["version"], ann.pk,
    )  # fmt: skip
    page = staff.get(reverse("session-flow", args=[record.pk])).content.decode()
    assert WORDS in page
    assert f'name="version" value="{note.version}"' in page
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="note.save", client_ids=[record.client_id]).exists()


def test_versions_go_on_and_the_same_text_again_changes_nothing(staff, ann, url):
    version = staff.post(url, {"text": "one", "version": 0}, headers=JSON).json()["version"]
    again = staff.post(url, {"text": "one", "version": 0}, headers=JSON)
    assert (again.status_code, again.json()["version"]) == (200, version)
    later = staff.post(url, {"text": "one two", "version": version}, headers=JSON).json()["version"]
    assert later > version
    assert stored(ann)[0].text == "one two"


@pytest.fixture
def second_contact(nils, ben):
    """Ben is the other of the pair, and reads the words that Ann writes down."""
    with tenant(nils.organisation_id):
        nils.second_contact = ben
        nils.save(update_fields=["second_contact"])


@pytest.mark.usefixtures("second_contact")
def test_a_colleagues_words_are_not_overwritten(staff, ann, ben, url):
    staff.post(url, {"text": "Ann's", "version": 0}, headers=JSON)
    colleague = Browser()
    colleague.force_login(ben.user)
    answer = colleague.post(url, {"text": "Ben's", "version": 0}, headers=JSON)
    assert (answer.status_code, answer.json()["theirs"]) == (409, "Ann's")
    assert stored(ann)[0].text == "Ann's"
    both = {"text": "Ann's\nBen's", "version": answer.json()["version"]}
    assert colleague.post(url, both, headers=JSON).status_code == 200
    assert stored(ann)[0].text == "Ann's\nBen's"


@pytest.mark.usefixtures("second_contact")
def test_without_javascript_both_texts_are_shown(staff, ann, ben, record, url):
    saved = staff.post(url, {"text": "Ann's", "version": 0})
    assert saved.headers["Location"] == reverse("session-flow", args=[record.pk])
    colleague = Browser()
    colleague.force_login(ben.user)
    page = colleague.post(url, {"text": "Ben <b>s", "version": 0})
    assert page.status_code == 409
    content = page.content.decode()
    assert "Ann&#x27;s" in content
    assert "Ben &lt;b&gt;s" in content
    assert 'name="version" value="2"' in content


def test_the_button_goes_back_to_the_result(staff, ann, record, url):
    with tenant(ann.organisation_id):
        RatingFactory(organisation=ann.organisation, session=record)
    answer = staff.post(url, {"text": WORDS, "version": 0})
    assert answer.headers["Location"] == reverse("session-result", args=[record.pk, "ors"])


@pytest.mark.parametrize("text", ["x" * 4001])
def test_what_cannot_be_stored_is_not_lost(staff, ann, url, text):
    answer = staff.post(url, {"text": text, "version": 0}, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["error"]
    page = staff.post(url, {"text": text, "version": 0})
    assert page.status_code == 422
    assert text[:4000].replace("\x00", "") in page.content.decode().replace("\x00", "")
    assert stored(ann) == []


def test_words_are_kept_as_written(staff, ann, url):
    text = "  “Nej”\r\n\r\n🙂 ﷽ <script>alert(1)</script> & å\r\n"
    staff.post(url, {"text": text, "version": 0}, headers=JSON)
    assert stored(ann)[0].text == text.replace("\r\n", "\n")


def test_two_kinds_are_two_notes(staff, ann, record, url):
    staff.post(url, {"text": "first", "version": 0})
    staff.post(reverse("note-save", args=[record.pk, "after_srs"]), {"text": "second", "version": 0})
    assert {note.kind: note.text for note in stored(ann)} == {"after_ors": "first", "after_srs": "second"}
    assert staff.post(reverse("note-save", args=[record.pk, "other"]), {"text": "x"}).status_code == 404


def test_who_may_not_see_the_client_cannot_save_a_note(browser, cleo, dora, ada, ann, url):
    for person, status in ((cleo, 404), (dora, 404), (ada, 403)):
        browser.force_login(person.user)
        assert browser.post(url, {"text": "x", "version": 0}, headers=JSON).status_code == status
    assert stored(ann) == []


@pytest.mark.django_db
def test_no_words_come_to_a_session_that_a_colleague_takes_out_meanwhile(ann, record):
    with tenant(ann.organisation_id):
        as_it_was = Session.objects.get(pk=record.pk)
        Session.objects.filter(pk=record.pk).update(
            voided_at=timezone.now(), voided_by=ann, void_reason="Entered twice"
        )
        with pytest.raises(ValidationError, match="taken out"):
            save_note(session=as_it_was, kind="after_ors", text=WORDS, version=0, by=ann)
    assert stored(ann) == []


@pytest.mark.django_db(transaction=True)
def test_twelve_who_begin_at_once_store_one_text_and_overwrite_none(ann, url):
    answers, start = [], threading.Barrier(12)

    def write(text):
        browser = Browser()
        browser.force_login(ann.user)
        start.wait(timeout=30)
        answers.append((browser.post(url, {"text": text, "version": 0}, headers=JSON).status_code, text))
        connection.close()

    threads = [threading.Thread(target=write, args=[f"text {number}"]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(status for status, _text in answers)
    assert statuses == [200] + [409] * 11
    assert [text for status, text in answers if status == 200] == [stored(ann)[0].text]
