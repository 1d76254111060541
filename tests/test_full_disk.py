"""The disk is full, here or in the database: 503 and when to try again, and nothing is stored by halves."""

import errno
from contextlib import contextmanager

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import OperationalError, connection
from django.template.response import TemplateResponse
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client, ClientTeam
from organisations.tenancy.context import tenant
from organisations.web import errors
from organisations.web.middleware import TenantMiddleware
from sessions_app.models import Rating, Session, SessionImport
from tests.api.asking import token_routes
from tests.query_parameters import PostForms
from tests.route_matrix import make_world, named_routes, rolled_back
from tests.sessions_app.test_paper import row, sent

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def full_from(number, *, until=10**6):
    """From the database's so-manyth write of a request on nothing can be written, until others have made room."""
    done = 0

    def wrapper(execute, sql, params, many, context):
        nonlocal done
        if str(sql).lstrip().upper().startswith(WRITES):
            done += 1
            if number <= done <= until:
                raise OperationalError("could not extend file") from psycopg.errors.DiskFull("No space left on device")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield lambda: done >= number


def check(answer):
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "<h1" in answer.content.decode()


@pytest.fixture
def staff(ann, episode):
    browser = Browser(raise_request_exception=False)
    browser.force_login(ann.user)
    return browser


def new_client(team):
    return {"reference": "Z-1", "first_name": "Zoe", "form_language": "en", "teams": [str(team.pk)]} | {
        "outcome_rhythm": "0",
        "alliance_rhythm": "0",
    }


@pytest.mark.parametrize("number", range(1, 4))
def test_a_full_database_stores_all_of_a_form_or_nothing(staff, ann, red_team, number):
    with full_from(number):
        check(staff.post(reverse("client-new"), new_client(red_team)))
    with tenant(ann.organisation_id):
        assert not Client.objects.filter(reference="Z-1").exists()
        assert not ClientTeam.objects.filter(client__reference="Z-1").exists()
    assert staff.post(reverse("client-new"), new_client(red_team)).status_code == 302


def stored_by_halves(staff, ann, nils):
    """At which of its writes a full disk leaves some of two papers: after a failed request all or nothing is there."""
    rows = sent(row(nils), row(nils, form="srs", marks=("9", "9", "9", "9")))
    halves, number = [], 0
    while True:
        number += 1
        with rolled_back():
            with full_from(number, until=number) as is_full:
                answer = staff.post(reverse("paper-grid"), rows)
            if not is_full():
                assert number > 6, "there was something to write"
                return halves
            check(answer)
            with tenant(ann.organisation_id):
                if (Session.objects.count(), Rating.objects.count()) not in ((0, 0), (1, 2)):
                    halves.append(number)


def test_of_several_papers_all_are_kept_or_none(staff, ann, nils):
    """Each row is a service call of its own."""
    assert stored_by_halves(staff, ann, nils) == []


def papers_kept(staff, ann, nils, monkeypatch):
    """How many papers are stored where the disk is full only when the page is made."""

    def full(self):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(TemplateResponse, "rendered_content", property(full))
        check(staff.post(reverse("paper-grid"), sent(row(nils))))
    with tenant(ann.organisation_id):
        return Rating.objects.count()


def test_what_a_view_wrote_before_the_disk_was_full_is_undone(staff, ann, nils, monkeypatch):
    assert papers_kept(staff, ann, nils, monkeypatch) == 0


def test_an_upload_that_does_not_fit_on_the_disk_is_refused(ada, monkeypatch):
    def full(self, raw_data, start):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    browser = Browser(raise_request_exception=False)
    browser.force_login(ada.user)
    file = SimpleUploadedFile("a.csv", b"client_reference;held_on\n" + b"A-1;2026-01-12\n" * 200_000)
    check(browser.post(reverse("import-sessions"), {"file": file}))
    with tenant(ada.organisation_id):
        assert not SessionImport.objects.exists()


@pytest.mark.parametrize(
    "where", ["sessions_app.imports.uploads.import_sessions", "sessions_app.imports.uploads._save"]
)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_an_import_that_finds_the_disk_full_leaves_nothing(ada, monkeypatch, where, code):
    def full(*args, **kwargs):
        raise OSError(code, "No space left on device")

    monkeypatch.setattr(where, full)
    browser = Browser(raise_request_exception=False)
    browser.force_login(ada.user)
    file = SimpleUploadedFile("a.csv", b"client_reference;held_on\nA-1;2026-01-12\n")
    check(browser.post(reverse("import-sessions"), {"file": file}))
    with tenant(ada.organisation_id):
        assert not SessionImport.objects.exists()


def forms_of(world, actor):
    """(browser, address, what is sent) of every form that this person finds on a page."""
    browser = world.browser_of(actor)
    for name, _pattern in named_routes():
        if name in token_routes() or name.startswith(("account_", "mfa_")):
            continue
        with rolled_back():  # a page for a client's eyes covers those that come after it
            answer = browser.get(world.url(name))
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            for action, fields in PostForms(answer.content.decode()).found:
                yield browser, action or world.url(name), {field: given for field, _kind, given in fields}


@pytest.mark.parametrize("actor", ["practitioner", "team_lead", "admin"])
def test_no_form_of_any_page_answers_500_on_a_full_disk(actor):
    found, written = [], 0
    for browser, url, data in list(forms_of(make_world(), actor)):
        with rolled_back(), full_from(1) as is_full:
            answer = browser.post(url, data)
            written += is_full()
            if (answer.status_code != 503 and is_full()) or answer.status_code == 500:
                found.append(f"{answer.status_code} from {url}")
    assert not found, "\n".join(found)
    assert written > 5


# Controls


def test_a_view_whose_writes_stay_is_seen(staff, ann, nils, monkeypatch):
    monkeypatch.setattr(TenantMiddleware, "process_exception", lambda self, request, exception: None)
    assert papers_kept(staff, ann, nils, monkeypatch) == 1


def test_a_fault_of_the_program_is_still_a_500(staff, monkeypatch):
    monkeypatch.setattr("clients.views.client_edit.ClientForm", lambda *args, **kwargs: 1 / 0)
    assert staff.get(reverse("client-new")).status_code == 500
    assert not errors.is_passing(OSError(errno.ENOENT, "No such file"))
