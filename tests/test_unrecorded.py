"""Where a row of the access log cannot be written the answer is 503 and nothing is kept: pages, API, imports."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from organisations.audit import hash_chain
from organisations.models import Outbox
from organisations.tenancy.context import tenant
from sessions_app import tasks
from sessions_app.imports import uploads
from sessions_app.models import Rating, Session
from tests.api.asking import PROBLEM, api_routes, methods_of, system_of
from tests.factories import SessionFactory
from tests.kiosk import hand_over
from tests.route_matrix import CLIENT_WORDS, REFERENCE, make_world, named_routes, rolled_back
from tests.sessions_app.test_sealed import deliver, keys, seal  # noqa: F401

pytestmark = pytest.mark.django_db
ORS = {"individual": "6.2", "relations": "7.1", "social": "5.8", "overall": "7.2"}
FILE = b"borger;dato;ors_total\nA-1;2026-01-05;20\nA-1;2026-01-12;21\n"


@pytest.fixture
def no_room(monkeypatch):
    """Makes the access log unwritable: `no_room()`; returns the list of what it then refused."""
    refused = []

    def refuse(events):
        refused.append(events)
        raise DatabaseError("no room for the access log")

    def begin():
        monkeypatch.setattr(hash_chain, "append", refuse)
        return refused

    return begin


def asked(world, actor):
    """(what, answer) of every route, read and sent, as one actor; nothing that a request does stays."""
    for name, pattern in named_routes():
        if getattr(pattern.callback, "by_token", False):
            continue
        for method in ("get", "post"):
            with rolled_back():
                browser = world.browser_of(actor)
                yield f"{name} {method}", getattr(browser, method)(world.url(name))


def asked_by_api(system, world):
    for name, pattern in api_routes().items():
        for method in methods_of(pattern):
            with rolled_back():
                yield f"{name} {method}", system.ask(method, world.url(name), {})


def shown_all_the_same(answers, refused):
    """What was answered otherwise than with 503, or showed the client, where a row was due."""
    found, due, before = [], 0, len(refused)
    for what, answer in answers:
        if len(refused) > before:
            due += 1
            text = answer.content.decode(errors="replace")
            if answer.status_code != 503 or CLIENT_WORDS in text or REFERENCE in text:
                found.append((what, answer.status_code))
        before = len(refused)
    return found, due


@pytest.mark.parametrize(("actor", "least"), [("practitioner", 40), ("admin", 6)])
def test_no_page_shows_what_it_could_not_record(no_room, actor, least):
    world = make_world().log_in()
    found, due = shown_all_the_same(asked(world, actor), no_room())
    assert found == []
    assert due >= least


def test_the_api_shows_nothing_that_it_could_not_record(no_room):
    world = make_world()
    system = system_of(world.people["practitioner"])
    found, due = shown_all_the_same(asked_by_api(system, world), no_room())
    assert found == []
    assert due >= 15


def test_what_the_api_was_sent_is_not_kept(no_room, ann, red_team):
    system = system_of(ann)
    no_room()
    body = {"reference": "A-7", "form_language": "da", "teams": [str(red_team.pk)]}
    answer = system.post("clients/", body, idempotency_key=str(uuid.uuid4()))
    assert (answer.status_code, answer["Content-Type"]) == (503, PROBLEM)
    with tenant(ann.organisation_id):
        assert not Client.objects.exists()


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


def test_a_clients_answer_is_refused_so_that_the_device_keeps_it(no_room, ann, record):
    device = Browser()
    device.force_login(ann.user)
    address = hand_over(device, record)
    answer = {**ORS, "submission_id": uuid.uuid4()}
    refused = no_room()
    assert device.post(address, answer).status_code == 503
    assert refused
    with tenant(ann.organisation_id):
        assert not Rating.objects.exists()


def test_a_sealed_answer_that_cannot_be_recorded_is_refused_with_503(no_room, ann, record, keys):  # noqa: F811
    device = Browser()
    device.force_login(ann.user)
    token = hand_over(device, record).split("/")[2]
    refused = no_room()
    answer = deliver(seal({**ORS, "token": token, "submission_id": str(uuid.uuid4())}))
    assert answer.status_code == 503
    assert refused
    with tenant(ann.organisation_id):
        assert not Rating.objects.exists()


@pytest.fixture
def upload(browser, ada, house):
    """A file that Ada has sent and not confirmed; the path of its page."""
    browser.force_login(ada.user)
    browser.post(reverse("import-sessions"), {"file": SimpleUploadedFile("sessions.csv", FILE)})
    with tenant(house.pk):
        return reverse("import-confirm", args=[uploads.SessionImport.objects.get().pk])


def landed(house):
    with tenant(house.pk):
        return Session.objects.count(), Client.objects.count()


def test_an_import_that_cannot_be_recorded_stores_nothing(no_room, browser, upload, house):
    refused = no_room()
    assert browser.post(upload).status_code == 503
    assert refused
    assert landed(house) == (0, 0)


def test_an_unrecorded_import_by_a_worker_stores_nothing_and_is_tried_again(
    no_room, browser, upload, house, monkeypatch
):
    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    browser.post(upload)
    row = Outbox.objects.get()
    no_room()
    with pytest.raises(DatabaseError):
        tasks.run_import(outbox_id=str(row.pk), organisation_id=str(house.pk), object_id=str(row.object_id))
    assert landed(house) == (0, 0)
    row.refresh_from_db()
    assert row.done_at is None


def test_an_import_by_the_command_that_cannot_be_recorded_stores_nothing(no_room, house, tmp_path):
    file = tmp_path / "sessions.csv"
    file.write_bytes(FILE)
    no_room()
    with pytest.raises(DatabaseError):
        call_command("import_sessions", f"--organisation={house.slug}", str(file))
    assert landed(house) == (0, 0)
