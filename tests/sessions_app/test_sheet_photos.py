"""Photographed sheets: printed, read by a worker, confirmed line by line by a person, and then gone."""

import hashlib
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
from sessions_app.models import EntryMode, PhotoStep, PrintedSheet, Rating, Session, SheetPhoto
from sessions_app.periodic import forget_sheet_photos
from sessions_app.services import sheet_photos
from tests.factories import RatingFactory, SessionFactory
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
    return staff.post(PHOTOS, {"files": files})


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
