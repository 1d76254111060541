"""Photographed sheets: printed, read by a worker, confirmed line by line by a person, and then gone."""

import hashlib
import html
import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from organisations.models import AccessEvent, Capability, CapabilityKind, Outbox
from organisations.tenancy.context import tenant
from sessions_app import tasks
from sessions_app.models import EntryMode, PhotoStep, PrintedSheet, Rating, SheetPhoto
from sessions_app.paper_reading.faults import FILE_FAULTS, SHEET_FAULTS
from sessions_app.paper_reading.process import ReadPage
from sessions_app.periodic import forget_sheet_photos
from sessions_app.services import sheet_photos
from sessions_app.texts.sheet_photos import FAULTS
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.sheets import as_file, photo_of

pytestmark = pytest.mark.django_db
MARKS = (12.0, 48.5, 63.2, 91.0)
PHOTOS = "/paper/photos/"


@pytest.fixture
def staff(browser, ann, episode):
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


def printed(staff, record=None, form="ors"):
    """The PDF as a practitioner prints it."""
    url = reverse("session-sheet", args=[record.pk, form]) if record else reverse("paper-sheet", args=[form])
    return staff.get(url).content


def send(staff, *contents, name="IMG_0001.jpg"):
    files = [SimpleUploadedFile(name, content) for content in contents]
    return staff.post(PHOTOS, {"pictures": files})


def work(organisation_id):
    """What the relay and a worker do with what was asked for."""
    with tenant(organisation_id):
        rows = list(Outbox.objects.filter(task=sheet_photos.READ_PHOTO, done_at=None))
    for row in rows:
        tasks.read_sheet_photo(
            outbox_id=str(row.pk), organisation_id=str(row.organisation_id), object_id=str(row.object_id)
        )


def photos(ann):
    with tenant(ann.organisation_id):
        return list(SheetPhoto.objects.select_related("sheet").order_by("created_at", "page"))


def sent_and_read(staff, ann, *contents, **about):
    assert send(staff, *contents, **about).status_code == 302
    work(ann.organisation_id)
    return photos(ann)


def confirmed(marks, **more):
    places = range(len(marks))
    return {f"mark{n}": marks[n] for n in places} | {f"fits{n}": "on" for n in places} | more


def ratings(ann):
    with tenant(ann.organisation_id):
        return list(Rating.objects.select_related("session"))


def test_a_sheet_of_a_session_is_read_confirmed_and_forgotten(staff, ann, record):
    (photo,) = sent_and_read(staff, ann, as_file(photo_of(printed(staff, record), MARKS)))

    assert (photo.step, photo.fault, photo.session_id, photo.content) == (PhotoStep.READ, "", record.pk, None)
    assert [mark for mark, _notice in photo.proposal] == pytest.approx([12, 48, 63, 91], abs=2)
    page = staff.get(reverse("sheet-photo", args=[photo.pk])).content.decode()
    assert page.count('src="data:image/jpeg') == 5
    assert "4 of 4 marks are read" in page
    marks = [f"{mark / 10:.1f}" for mark, _notice in photo.proposal]
    answer = staff.post(reverse("sheet-photo", args=[photo.pk]), confirmed(["7,7", *marks[1:]]))
    assert answer.status_code == 302
    (rating,) = ratings(ann)
    assert rating.marks == [77, *(mark for mark, _notice in photo.proposal[1:])]
    assert (rating.entry_mode, rating.recorded_by_id, rating.session_id) == (EntryMode.PHOTO, ann.pk, record.pk)
    assert (rating.language, rating.pack) == (photo.sheet.language, "")
    (left,) = photos(ann)
    assert left.step == PhotoStep.STORED
    assert not any([left.content, left.overview, left.cut_outs, left.proposal, left.digest, left.file_name])
    again = staff.post(reverse("sheet-photo", args=[photo.pk]), confirmed(["1", "1", "1", "1"]))
    assert again.status_code == 302
    assert len(ratings(ann)) == 1


@pytest.fixture
def as_read(monkeypatch):
    """`as_read(pages...)`: what the child process would say of the next files, one list of pages for each."""

    def say(*files):
        answers = list(files)
        monkeypatch.setattr(sheet_photos, "read_file", lambda content, going_on: answers.pop(0))

    return say


@pytest.fixture
def number(monkeypatch):
    """The number of the next sheet that is printed."""
    monkeypatch.setattr("sessions_app.services.printed_sheets.secrets.token_bytes", lambda count: b"\0" * count)
    return "A" * 26


def page_of(number, marks=(12, 48, 63, 91), notices=("", "", "", ""), page=1):
    return ReadPage(page, "", number, tuple(zip(marks, notices, strict=True)), (b"\xff\xd8",) * 4, b"\xff\xd8")


JPEG = b"\xff\xd8\xff not opened here"


def waiting(staff, ann, as_read, number, record=None, *, form="ors", **about):
    """A sheet that was read and waits to be confirmed."""
    printed(staff, record, form)
    as_read([page_of(number, **about)])
    return sent_and_read(staff, ann, JPEG)[-1]


def address(photo):
    return reverse("sheet-photo", args=[photo.pk])


def test_a_blank_sheet_asks_whose_it_is_and_makes_the_session_of_its_day(staff, ann, nils, as_read, number):
    photo = waiting(staff, ann, as_read, number)
    assert photo.session_id is None
    marks = ["1.2", "4,8", "6.3", "9.1"]
    refused = staff.post(address(photo), confirmed(marks, client="nobody", held_on="2026-03-02"))
    assert refused.status_code == 422
    assert "no client of yours" in refused.content.decode()
    assert 'value="4,8"' in refused.content.decode()
    assert staff.post(address(photo), confirmed(marks, client=nils.reference, held_on="2026-03-02")).status_code == 302
    (rating,) = ratings(ann)
    assert (rating.session.held_on, rating.session.client_id, rating.marks) == (
        date(2026, 3, 2),
        nils.pk,
        [12, 48, 63, 91],
    )
    assert rating.entry_mode == EntryMode.PHOTO


def test_every_line_is_looked_at_and_none_is_guessed(staff, ann, record, as_read, number):
    photo = waiting(
        staff, ann, as_read, number, record, marks=(12, None, 63, None), notices=("", "two_marks", "", "no_mark")
    )
    text = staff.get(address(photo)).content.decode()
    assert "2 of 4 marks are read" in text
    assert text.count("Look here.") == 2
    assert "There are two marks on the line." in text
    assert text.count("checked") == 0
    sent = confirmed(["1.2", "", "6.3", "9.1"])
    del sent["fits2"]
    refused = staff.post(address(photo), sent)
    assert refused.status_code == 422
    assert "This line has no mark yet." in refused.content.decode()
    assert "Look at this line and say that it fits." in refused.content.decode()
    refused = staff.post(address(photo), confirmed(["1.2", "11", "6.35", "x"]))
    for words in ("between 0 and 10", "at most one decimal", "Write a number"):
        assert words in refused.content.decode()
    assert ratings(ann) == []


def test_a_form_that_was_answered_meanwhile_is_refused_and_nothing_is_lost(staff, ann, record, as_read, number):
    photo = waiting(staff, ann, as_read, number, record)
    with tenant(ann.organisation_id):
        RatingFactory(organisation=ann.organisation, session=record, instrument="ors")
    refused = staff.post(address(photo), confirmed(["1", "2", "3", "4"]))
    assert refused.status_code == 422
    assert "answered already" in refused.content.decode()
    assert photos(ann)[0].step == PhotoStep.READ


def test_a_sheet_for_a_session_is_used_once(staff, ann, record, as_read, number):
    waiting(staff, ann, as_read, number, record)
    as_read([page_of(number)])
    second = sent_and_read(staff, ann, JPEG + b" another picture")[-1]
    assert (second.step, second.fault) == (PhotoStep.FAILED, "twice")
    staff.post(address(photos(ann)[0]), confirmed(["1", "2", "3", "4"]))
    as_read([page_of(number)])
    third = sent_and_read(staff, ann, JPEG + b" a third")[-1]
    assert third.fault == "answered"
    assert "answered already" in staff.get(address(third)).content.decode()


def test_copies_of_a_blank_sheet_are_many_but_the_same_file_is_one(staff, ann, as_read, number):
    printed(staff)
    as_read([page_of(number)], [page_of(number)], [page_of(number)])
    sent_and_read(staff, ann, JPEG, JPEG + b" of a copy")
    found = sent_and_read(staff, ann, JPEG)
    assert [photo.fault for photo in found] == ["", "", "twice"]


def test_somebody_elses_client_is_not_named(staff, ann, blue_team, cleo, service, as_read, number, browser):
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        theirs = ClientFactory(**own, reference="papegoje-7", teams=[blue_team])
        session = SessionFactory(
            **own, episode=EpisodeFactory(**own, client=theirs, service=service), practitioner=cleo
        )
    browser.force_login(cleo.user)
    printed(browser, session)
    browser.force_login(ann.user)
    as_read([page_of(number)])
    (photo,) = sent_and_read(browser, ann, JPEG)
    assert (photo.fault, photo.session_id, photo.overview, photo.cut_outs) == ("not_yours", None, None, [])
    text = browser.get(address(photo)).content.decode()
    assert "whom you may not see" in text
    assert "papegoje" not in text + browser.get(PHOTOS).content.decode()


def test_another_organisations_sheet_and_another_persons_picture_are_nobodys(
    staff, ann, ben, dora, as_read, number, browser
):
    browser.force_login(dora.user)
    printed(browser)
    browser.force_login(ann.user)
    as_read([page_of(number)])
    (photo,) = sent_and_read(browser, ann, JPEG)
    assert photo.fault == "unknown"
    for other in (ben, dora):
        browser.force_login(other.user)
        assert browser.get(address(photo)).status_code == 404
        assert browser.post(address(photo) + "discard/").status_code == 404
    assert len(photos(ann)) == 1


def test_a_capability_that_expired_leaves_a_blank_sheet(staff, ann, record, as_read, number):
    printed(staff, record)
    rows = Capability.objects.filter(kind=CapabilityKind.SHEET)
    assert [(row.object_id, row.detail) for row in rows] == [(record.pk, "ors")]
    rows.update(expires_at=timezone.now() - timedelta(minutes=1))
    as_read([page_of(number)])
    (photo,) = sent_and_read(staff, ann, JPEG)
    assert (photo.step, photo.session_id) == (PhotoStep.READ, None)


def test_the_sheet_says_nothing_of_the_client_and_its_row_only_which_form(staff, ann, record, number):
    printed(staff, record, "srs")
    with tenant(ann.organisation_id):
        (sheet,) = PrintedSheet.objects.all()
    assert (sheet.instrument, sheet.rater, sheet.printed_by_id) == ("srs", "client", ann.pk)
    assert bytes(sheet.number_hash) == hashlib.sha256(number.encode()).digest()
    assert not {field.name for field in PrintedSheet._meta.fields} & {"client", "session", "episode"}


def test_a_sheet_that_does_not_have_its_forms_lines_is_no_sheet_of_that_form(staff, ann, as_read, number):
    printed(staff)
    as_read([ReadPage(1, "", number, ((12, ""),) * 3, (b"\xff\xd8",) * 3, b"\xff\xd8")])
    (photo,) = sent_and_read(staff, ann, JPEG)
    assert (photo.step, photo.fault, photo.sheet_id, photo.cut_outs) == (PhotoStep.FAILED, "unknown", None, [])


def test_one_person_confirms_in_the_order_of_the_pictures_and_is_told_how_many_wait(staff, ann, as_read, number):
    printed(staff)
    as_read([page_of(number, page=page) for page in (1, 2, 3)])
    first, second, third = sent_and_read(staff, ann, b"%PDF-1.7 not opened here")
    for here, following in ((first, second), (second, third), (third, first)):
        text = staff.get(address(here)).content.decode()
        assert f'href="{address(following)}"' in text
        assert "2 more sheets wait for you." in text


def test_what_is_no_picture_and_what_is_too_large_is_refused_with_its_name(staff, ann, monkeypatch):
    page = send(staff, JPEG, b"PK\x03\x04 a zip", name="scan.zip")
    assert page.status_code == 422
    assert "“scan.zip” is no picture and no PDF." in page.content.decode()
    monkeypatch.setattr(sheet_photos, "LARGEST", 10)
    assert "is larger than" in send(staff, JPEG).content.decode()
    assert "Take or choose a picture first." in staff.post(PHOTOS, {}).content.decode()
    assert "The file is empty." in send(staff, b"").content.decode()
    monkeypatch.setattr(sheet_photos, "MOST_FILES", 1)
    assert "Too many at once" in send(staff, JPEG, JPEG).content.decode()
    monkeypatch.setattr(sheet_photos, "MOST_WAITING", 0)
    assert "Too many sheets are waiting" in send(staff, JPEG).content.decode()
    assert photos(ann) == []


def test_more_than_64_mb_are_refused_at_the_door(staff):
    assert staff.post(PHOTOS, {}, headers={"content-length": str(66 * 1024 * 1024)}).status_code == 413


@pytest.mark.parametrize("fault", [*FILE_FAULTS, *SHEET_FAULTS])
def test_each_fault_has_a_sentence(staff, ann, as_read, fault):
    as_read([ReadPage(1, fault)])
    (photo,) = sent_and_read(staff, ann, JPEG)
    assert (photo.step, photo.fault, photo.content) == (PhotoStep.FAILED, fault, None)
    text = staff.get(address(photo)).content.decode()
    assert str(FAULTS[fault]) in html.unescape(text)
    assert "Key in by hand" in text
    assert staff.post(address(photo) + "discard/").status_code == 302
    assert photos(ann) == []


def test_each_page_of_a_scan_is_a_sheet_of_its_own(staff, ann, as_read, number):
    printed(staff)
    as_read([page_of(number), ReadPage(2, "corners"), page_of(number, page=3)])
    found = sent_and_read(staff, ann, b"%PDF-1.7 not opened here")
    assert [(photo.page, photo.step) for photo in found] == [(1, "read"), (2, "failed"), (3, "read")]
    first, _second, third = found
    assert address(third) in staff.get(address(first)).content.decode()


def test_a_job_that_runs_twice_reads_once_and_a_deleted_picture_not_at_all(staff, ann, as_read, number):
    printed(staff)
    as_read([page_of(number), page_of(number, page=2)])
    sent_and_read(staff, ann, JPEG)
    with tenant(ann.organisation_id):
        (row,) = Outbox.objects.filter(task=sheet_photos.READ_PHOTO)
    ids = {"outbox_id": str(row.pk), "organisation_id": str(row.organisation_id), "object_id": str(row.object_id)}
    tasks.read_sheet_photo(**ids)
    assert len(photos(ann)) == 2
    send(staff, JPEG + b" deleted before it was read")
    with tenant(ann.organisation_id):
        SheetPhoto.objects.filter(step=PhotoStep.READING).delete()
    work(ann.organisation_id)
    assert len(photos(ann)) == 2


def test_pictures_go_after_three_days_confirmed_or_not(staff, ann, record, as_read, number):
    waiting(staff, ann, as_read, number, record)
    send(staff, JPEG + b" never read")
    now = timezone.now()
    assert forget_sheet_photos(now=now + timedelta(days=2, hours=23)) == 0
    assert len(photos(ann)) == 2
    assert forget_sheet_photos(now=now + timedelta(days=3, hours=1)) == 2
    assert photos(ann) == []


def test_whose_data_a_page_shows_is_on_record(staff, ann, nils, record, as_read, number):
    photo = waiting(staff, ann, as_read, number, record)
    staff.get(PHOTOS)
    staff.get(address(photo))
    with tenant(ann.organisation_id):
        events = {event.action: event.client_ids for event in AccessEvent.objects.all()}
    assert events["paper.photo"] == [nils.pk]
    assert events["paper.photo_list"] == [nils.pk]


def test_no_process_but_the_child_loads_what_unpacks_pictures():
    code = (
        "import django, sys; django.setup(); import fit_project.urls, fit_project.celery, sessions_app.tasks, "
        "sessions_app.periodic, sessions_app.paper_reading.process; "
        "print(sorted({'cv2', 'zxingcpp', 'pypdfium2', 'pillow_heif'} & set(sys.modules)))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "fit_project.settings"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "[]"


def test_a_picture_deleted_while_it_is_read_leaves_nothing(staff, ann, number, monkeypatch):
    printed(staff)

    def deleted_meanwhile(content, going_on):
        SheetPhoto.objects.all().delete()
        return [page_of(number), page_of(number, page=2)]

    monkeypatch.setattr(sheet_photos, "read_file", deleted_meanwhile)
    assert sent_and_read(staff, ann, JPEG) == []
