"""A child's forms, and those of the others who rate the client, each on a device of its own."""

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client, Episode, Rater
from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import PendingAnswer, Rating
from tests.sessions_app.test_form import marks, record  # noqa: F401
from tests.sessions_app.test_links import open_link, page_of, send, token_in

CHILD = dict.fromkeys(FAMILY["cors"].items, "6.5")


@pytest.fixture
def staff(ann):
    browser = Browser()
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def child(ann, nils, episode):
    """Nine years old at the intake; the mother and a teacher rate too."""
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(birth_year=2017)
        Episode.objects.filter(pk=episode.pk).update(age_at_intake=9)
        nils.refresh_from_db()
        episode.refresh_from_db()
        for key, label in (("mother", ""), ("teacher", "Karen fra skolen")):
            Rater.objects.create(organisation_id=ann.organisation_id, client=nils, key=key, relation=key, label=label)
    return nils


def offered(page):
    return re.findall(r'name="form" value="([^"]+)"', page.content.decode())


def test_a_childs_session_offers_the_forms_of_everybody_by_name(staff, child, record):  # noqa: F811
    page = staff.get(page_of(child, record))
    assert offered(page) == ["cors", "cors:mother", "cors:teacher", "csrs"]
    for name in ("Well-being (CORS) · Mother", "Well-being (CORS) · Karen fra skolen", "Alliance (CSRS)"):
        assert name in page.content.decode()


def test_ahead_go_the_outcome_forms_alone(staff, child):
    assert offered(staff.get(page_of(child))) == ["cors", "cors:mother", "cors:teacher"]


def test_a_raters_link_is_named_where_it_is_made_and_watched_and_its_answer_is_the_raters(staff, child, record):  # noqa: F811
    page = send(staff, child, record, form="cors:teacher")
    words = page.content.decode()
    assert words.count("Well-being (CORS) · Karen fra skolen") >= 2, "on the card of the link and in the list"
    phone, token = Browser(), token_in(page)
    form = open_link(phone, token)
    assert form.status_code == 200
    assert "Karen" not in form.content.decode()
    assert phone.post(reverse("rating-form", args=[token]), marks(CHILD)).status_code == 303
    with tenant(child.organisation_id):
        (rating,) = Rating.objects.all()
    assert (rating.instrument, rating.rater, rating.session_id) == ("cors", "teacher", record.pk)
    assert offered(staff.get(page_of(child, record))) == ["cors", "cors:mother", "csrs"]


def test_what_a_rater_sends_ahead_is_the_raters_at_the_session_that_starts(staff, child):
    token = token_in(send(staff, child, form="cors:mother"))
    assert Browser().post(reverse("rating-form", args=[token]), marks(CHILD)).status_code == 303
    with tenant(child.organisation_id):
        assert PendingAnswer.objects.get().rater == "mother"
    staff.post(reverse("session-start", args=[child.pk]))
    with tenant(child.organisation_id):
        rating = Rating.objects.get()
    assert (rating.instrument, rating.rater) == ("cors", "mother")


def test_somebody_who_does_not_rate_the_client_gets_no_link(staff, child, record):  # noqa: F811
    for form in ("cors:father", "ors", "ors:mother"):
        assert send(staff, child, record, form=form).status_code == 422
