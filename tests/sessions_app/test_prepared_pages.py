"""The page of a form that is filled into a prepared rendering is the page that is rendered anew, to the last letter."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from organisations.models import Capability, CapabilityKind, Organisation
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.models import Pack, PackLicence
from sessions_app.services import sealed_answers
from sessions_app.views.client_form import form as form_views
from sessions_app.views.client_form import prepared_pages
from sessions_app.views.client_form.prepared_pages import PreparedPage
from tests.factories import SessionFactory
from tests.sessions_app.wording.test_packs import bring, license_it

pytestmark = pytest.mark.django_db
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(autouse=True)
def nothing_prepared():
    prepared_pages.forget_prepared()


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


def mint(record, form="ors", kind=CapabilityKind.HANDOVER, **more):
    return capabilities.mint(
        kind=kind,
        organisation_id=record.organisation_id,
        object_id=record.pk,
        detail=form,
        lifetime=datetime.timedelta(hours=4),
        **more,
    )


def shown(token):
    """The answer to whoever opens a form; a link leads on to its own page first."""
    answer = Browser().get(reverse("rating-form", args=[token]))
    if answer.status_code == 302:
        browser = Browser()
        browser.cookies[capabilities.FORM_COOKIE] = token
        answer = browser.get(answer.headers["Location"])
    assert answer.status_code == 200
    return answer


def words(token):
    """A form's page without what differs from one look at it to the next."""
    page = shown(token).content.decode()
    return re.sub(r'(name="submission_id" value=")[^"]*', r"\1", page.replace(token, "TOKEN"))


def rendered(monkeypatch, token):
    with monkeypatch.context() as patch:
        patch.setattr(form_views, "prepared_page", lambda *_: None)
        return words(token)


@pytest.mark.parametrize("language", ["da", "sv", "nb", "en", "ar"])
@pytest.mark.parametrize("kind", [CapabilityKind.HANDOVER, CapabilityKind.LINK])
def test_a_filled_page_is_the_rendered_one(monkeypatch, record, nils, kind, language):
    with tenant(nils.organisation_id):
        Client.objects.filter(pk=nils.pk).update(form_language=language)
    for form in ("ors", "srs", "cors", "ycors", "who5"):
        first, second = mint(record, form, kind), mint(record, form, kind)
        anew = rendered(monkeypatch, second)
        assert not prepared_pages._pages
        assert words(first) == words(second).replace(name_of(second), name_of(first))
        assert words(second) == anew
        assert len(prepared_pages._pages) == 1
        assert shown(second)["Content-Language"] == (language if language != "ar" else "en")
        prepared_pages.forget_prepared()


def name_of(token):
    return str(capabilities.public_id(capabilities.opened_by(token)))


def test_a_page_shows_nothing_of_the_form_it_was_prepared_for(record):
    first, second = mint(record), mint(record)
    before, after = shown(first).content.decode(), shown(second).content.decode()
    (kept,) = prepared_pages._pages.values()
    assert first in before
    assert second in after
    assert not {first, second, name_of(first)} & set(kept.pieces)
    assert not any(first in text or name_of(first) in text for text in (after, *kept.pieces))
    assert (
        re.search(r'name="submission_id" value="([^"]*)', before)[1]
        != (re.search(r'name="submission_id" value="([^"]*)', after)[1])
    )


def test_what_is_put_in_is_escaped():
    page = PreparedPage(['<a href="', "here", '">', "here", "</a>"], "en")
    assert page.filled({"here": "\"><script>'&"}) == (
        '<a href="&quot;&gt;&lt;script&gt;&#x27;&amp;">&quot;&gt;&lt;script&gt;&#x27;&amp;</a>'
    )


def test_a_token_of_other_letters_is_put_into_no_prepared_page(record):
    token = mint(record, token='a"b<c>&d')
    page = shown(token).content.decode()
    assert not prepared_pages._pages
    assert "a&quot;b&lt;c&gt;&amp;d" in page
    assert token not in page


def test_what_is_set_shows_on_the_next_page(record, ann, ada):
    token, link = mint(record), mint(record, kind=CapabilityKind.LINK)
    assert "data-numbers" in words(token) or "data-numbers" in _with_numbers(record, token)
    assert "write@house.example" not in words(link)
    Organisation.objects.filter(pk=ann.organisation_id).update(privacy_contact="<write@house.example>")
    assert "&lt;write@house.example&gt;" in words(link)
    pack = bring(ada)
    license_it(ada, pack)
    assert "How is the garden?" in words(token)
    with tenant(ann.organisation_id):
        PackLicence.objects.update(valid_until=timezone.localdate() - datetime.timedelta(days=2))
    assert "How are things?" in words(token)
    with tenant(ann.organisation_id):
        PackLicence.objects.update(valid_until=None)
    assert "How is the garden?" in words(token)
    with tenant(ann.organisation_id):
        Pack.objects.update(withdrawn_at=timezone.now(), withdrawn_by=ada)
    assert "How are things?" in words(token)


def _with_numbers(record, token):
    before = Organisation.objects.get(pk=record.organisation_id).form_speaks_numbers
    Organisation.objects.filter(pk=record.organisation_id).update(form_speaks_numbers=not before)
    return words(token)


def test_a_new_key_to_seal_with_shows_on_the_next_page(record):
    token, before = mint(record), sealed_answers.public_key()
    assert before in shown(token).content.decode().replace("&#x3D;", "=")
    sealed_answers.rotate_key()
    assert sealed_answers.public_key() != before
    assert sealed_answers.public_key() in shown(token).content.decode().replace("&#x3D;", "=")


def test_no_more_pages_are_kept_than_a_process_can_hold(record, monkeypatch):
    monkeypatch.setattr(prepared_pages, "MOST", 1)
    for form in ("ors", "srs", "ors"):
        shown(mint(record, form))
        assert len(prepared_pages._pages) == 1


def test_a_page_that_is_prepared_takes_three_statements(record):
    """Token and organisation; what stands about the form; the access log. One more clears what a test left."""
    shown(mint(record))
    token = mint(record)
    with CaptureQueriesContext(connection) as queries:
        shown(token)
    texts = [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(texts) == 4, "\n".join(texts)
    assert Capability.objects.get(token_hash=capabilities.hash_of(token)).used_at is None
