"""An admin's pages: upload, what would be, confirm; large files by a worker."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from organisations.models import Outbox
from organisations.tenancy.context import tenant
from sessions_app import tasks
from sessions_app.imports import uploads
from sessions_app.models import ImportStep, Session, SessionImport
from sessions_app.periodic import forget_unconfirmed_imports
from tests.people import person

DATA = Path(__file__).parents[2] / "data" / "sessions"
pytestmark = pytest.mark.django_db
GOOD = b"borger;dato;ors_total\nA-1;2026-01-05;20\nA-1;2026-01-12;21\n"
MIXED = GOOD + b"A-1;2026-01-19;41\n"


@pytest.fixture
def admin(browser, ada):
    browser.force_login(ada.user)
    return browser


def send(admin, content, name="sessions.csv"):
    """Upload; returns the page that follows, and its path."""
    answer = admin.post(reverse("import-sessions"), {"file": SimpleUploadedFile(name, content)}, follow=True)
    return answer.content.decode(), answer.request["PATH_INFO"]


def sessions(house):
    with tenant(house.pk):
        return Session.objects.count()


def stored(house):
    with tenant(house.pk):
        return SessionImport.objects.get()


def test_an_upload_is_checked_and_nothing_lands_before_it_is_confirmed(admin, house):
    page, path = send(admin, MIXED)
    assert "2 sessions can be imported" in page
    assert "“41” is not between 0 and 40." in page
    assert sessions(house) == 0

    page = admin.post(path + "confirm/", follow=True).content.decode()

    assert "2 sessions are imported" in page
    assert sessions(house) == 2
    assert stored(house).content is None


def test_all_or_nothing_imports_nothing(admin, house):
    _, path = send(admin, MIXED)
    page = admin.post(path + "confirm/", {"all_or_nothing": "on"}, follow=True).content.decode()
    assert "Nothing was imported" in page
    assert sessions(house) == 0


def test_a_file_is_imported_once(admin, house):
    _, path = send(admin, GOOD)
    admin.post(path + "confirm/")
    assert "not waiting" in admin.post(path + "confirm/", follow=True).content.decode()
    assert stored(house).step == ImportStep.DONE
    assert sessions(house) == 2
    page, _ = send(admin, GOOD)
    assert "nothing new" in page


def test_a_discarded_file_is_forgotten(admin, house):
    _, path = send(admin, GOOD)
    admin.post(path + "discard/")
    upload = stored(house)
    assert (upload.step, upload.content) == (ImportStep.DISCARDED, None)
    admin.post(path + "confirm/")
    assert sessions(house) == 0


def test_a_file_that_nobody_confirms_is_forgotten_by_the_clock(admin, house, ada):
    """Nobody else sees it: whoever uploaded it may never come back."""
    send(admin, GOOD)
    with tenant(house.pk):
        ada.is_active = False
        ada.save(update_fields=["is_active"])
    assert forget_unconfirmed_imports() == 0, "it waits for a day"
    with tenant(house.pk):
        SessionImport.objects.update(changed_at=timezone.now() - timedelta(hours=25))
    assert forget_unconfirmed_imports() == 1
    upload = stored(house)
    assert (upload.step, upload.content) == (ImportStep.DISCARDED, None)


def test_an_unusable_file_gets_its_sentence_and_is_not_kept(admin, house):
    page, _ = send(admin, b"PK\x03\x04...")
    assert "spreadsheet" in page
    assert stored(house).content is None


def test_a_file_that_is_too_large_is_not_taken(admin, house, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 10)
    answer = admin.post(reverse("import-sessions"), {"file": SimpleUploadedFile("a.csv", GOOD)})
    assert answer.status_code == 422
    with tenant(house.pk):
        assert not SessionImport.objects.exists()


def test_a_file_with_too_many_lines_is_refused(admin, house, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_LINES", 1)
    page, _ = send(admin, GOOD)
    assert "more than 1 lines" in page


def test_no_file_is_an_error_beside_the_field(admin):
    assert admin.post(reverse("import-sessions")).status_code == 422


def test_a_large_file_is_checked_and_imported_by_a_worker(admin, house, monkeypatch):
    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    page, path = send(admin, GOOD)
    assert "data-running" in page
    assert "progress.js" in page
    work(house)
    assert "2 sessions can be imported" in admin.get(path).content.decode()
    assert sessions(house) == 0

    assert "data-running" in admin.post(path + "confirm/", follow=True).content.decode()
    work(house)

    assert "2 sessions are imported" in admin.get(path).content.decode()
    assert sessions(house) == 2


def work(house):
    """What the relay and a worker do, twice: the second time has no effect."""
    for row in Outbox.objects.filter(done_at=None):
        for _ in range(2):
            tasks.run_import(outbox_id=str(row.pk), organisation_id=str(house.pk), object_id=str(row.object_id))


@pytest.mark.parametrize("action", ["", "confirm/", "discard/"])
def test_another_admins_upload_is_not_there(admin, house, red_team, action):
    _, path = send(admin, GOOD)
    other = person(red_team, "Otto Dam", "admin")
    admin.force_login(other.user)
    ask = admin.post if action else admin.get
    assert ask(path + action).status_code == 404


def test_practitioners_do_not_import(browser, ann):
    browser.force_login(ann.user)
    assert browser.get(reverse("import-sessions")).status_code == 403


def test_the_words_of_a_hostile_file_stay_text(admin):
    page, _ = send(admin, b"borger;dato;ors_total\nA;<script>alert(1)</script>;1\n", name="<b>x</b>.csv")
    assert "<script>alert" not in page
    assert "<b>x" not in page
    assert re.search("&lt;script&gt;", page)
