"""The form for a client's answer: sent twice it is written once, and an older page contradicts nothing unseen."""

import pytest
from django.urls import reverse

from clients.models import ConsentState
from organisations.tenancy.context import tenant
from tests.saving import form_on

pytestmark = pytest.mark.django_db
GIVEN, WITHDRAWN, UNASKED = ConsentState.GIVEN, ConsentState.WITHDRAWN, ConsentState.UNASKED


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def url(nils):
    return reverse("client-consents", args=[nils.pk])


def page_of(staff, url, state=GIVEN, *purposes):
    """What a browser sends from the page as it is now."""
    return form_on(staff, url) | {"purposes": purposes or ["team"], "state": state, "said_by": "client"}


def rows(client):
    with tenant(client.organisation_id):
        return list(client.consents.in_order().values_list("purpose", "state"))


def said(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("shown", ["alone", "as a tab"])
def test_sent_twice_it_is_written_once_and_the_page_says_so(staff, nils, url, shown):
    where = url if shown == "alone" else reverse("client-detail", args=[nils.pk], query={"tab": "consent"})
    sent = form_on(staff, url, page=where) | {"purposes": ["team", "research"], "state": GIVEN}
    sent |= {"said_by": "client"}
    assert "says yes" in said(staff.post(url, sent, follow=True))
    assert "That is written down already." in said(staff.post(url, sent, follow=True))
    assert rows(nils) == [("team", GIVEN), ("research", GIVEN)]


def test_from_an_older_page_another_answer_is_refused_once_and_nothing_typed_is_lost(staff, nils, url):
    before = page_of(staff, url) | {"manner": "written", "said_by": "guardian", "guardian": "mother"}
    staff.post(url, page_of(staff, url, WITHDRAWN))
    refused = staff.post(url, before)
    assert refused.status_code == 422
    assert "Something newer was entered meanwhile" in said(refused) and "mother" in said(refused)
    assert rows(nils) == [("team", WITHDRAWN)]
    seen = refused.context["form"]["seen"].value()
    assert staff.post(url, before | {"seen": seen}).status_code == 302, "the page shows it now"
    assert rows(nils) == [("team", WITHDRAWN), ("team", GIVEN)]


def test_what_was_said_meanwhile_about_something_else_refuses_nothing(staff, nils, url):
    before = page_of(staff, url, GIVEN, "research")
    staff.post(url, page_of(staff, url, WITHDRAWN))
    assert staff.post(url, before).status_code == 302
    assert rows(nils) == [("team", WITHDRAWN), ("research", GIVEN)]


def test_of_several_one_that_was_answered_otherwise_meanwhile_refuses_all(staff, nils, url):
    before = page_of(staff, url, GIVEN, "team", "research")
    staff.post(url, page_of(staff, url, WITHDRAWN, "research"))
    assert staff.post(url, before).status_code == 422
    assert rows(nils) == [("research", WITHDRAWN)]


@pytest.mark.parametrize("seen", ["", "x", "2999-01-01", "9999999999", "2020-01-01T00:00:00+00:00"])
def test_a_page_that_nobody_knows_of_has_shown_nothing(staff, nils, url, seen):
    staff.post(url, page_of(staff, url, WITHDRAWN))
    assert staff.post(url, page_of(staff, url) | {"seen": seen}).status_code == 422
    assert rows(nils) == [("team", WITHDRAWN)]
