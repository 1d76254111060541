"""What is marked on a handed-over device is kept while the client goes on, and given way to by nobody's work."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from organisations.models import Capability, CapabilityKind
from organisations.tenancy.context import tenant
from sessions_app.models import EntryMode, RatingDraft
from tests.factories import RatingFactory
from tests.sessions_app.test_drafts import drafts, marks_shown, open_form, session  # noqa: F401

pytestmark = pytest.mark.django_db
WHOLE = dict.fromkeys(("individual", "relations", "social", "overall"), "6.2")


def mark(browser, form, **marks):
    return browser.post(f"{form}marks/", marks).status_code


def test_a_reload_shows_what_was_marked(browser, open_form, session):  # noqa: F811
    form = open_form()
    assert mark(browser, form, individual="6.2", social="") == 204
    assert mark(browser, form, individual="6.2", social="3") == 204
    assert marks_shown(browser, form) == [62, None, 30, None]
    (draft,) = drafts(session)
    assert (draft.given, draft.recorded_by) == ({"individual": 62, "social": 30}, None)


def test_a_mark_that_was_taken_back_is_kept_no_longer(browser, open_form, session):  # noqa: F811
    form = open_form()
    mark(browser, form, individual="6.2")
    assert mark(browser, form, individual="") == 204
    assert drafts(session) == []


def test_the_answer_ends_it_and_a_late_mark_changes_nothing(browser, open_form, session):  # noqa: F811
    form = open_form()
    mark(browser, form, individual="6.2")
    assert browser.post(form, WHOLE).status_code == 303
    assert drafts(session) == []
    assert mark(browser, form, individual="1") == 410
    assert drafts(session) == []


def test_an_answer_from_elsewhere_leaves_no_draft(browser, open_form, session):  # noqa: F811
    form = open_form()
    with tenant(session.organisation_id):
        RatingFactory(organisation=session.organisation, session=session)
    assert mark(browser, form, individual="6.2") == 204
    assert drafts(session) == []


def test_a_closed_form_keeps_nothing(browser, open_form, session):  # noqa: F811
    form = open_form()
    with tenant(session.organisation_id):
        Capability.objects.filter(object_id=session.pk).update(revoked_at=timezone.now())
    assert mark(browser, form, individual="6.2") == 410
    assert drafts(session) == []


def test_a_link_on_the_clients_own_phone_keeps_nothing_unasked(browser, open_form, session):  # noqa: F811
    form = open_form(CapabilityKind.LINK)
    assert mark(browser, form, individual="6.2") == 404
    assert drafts(session) == []


def test_marks_that_staff_keyed_in_since_are_not_overwritten(browser, open_form, session, ann):  # noqa: F811
    form = open_form()
    browser.force_login(ann.user)
    browser.post(reverse("rating-key-in", args=[session.pk, "ors"]), {"social": "3", "keep": "1"})
    browser.logout()
    assert mark(browser, form, individual="6.2") == 204
    (draft,) = drafts(session)
    assert draft.given == {"social": 30}


def test_marks_of_another_day_give_way_only_to_as_many(browser, open_form, session):  # noqa: F811
    form = open_form()
    mark(browser, form, individual="6.2", social="3")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        form = open_form()
        assert marks_shown(browser, form) == [None] * 4
        mark(browser, form, overall="5")
        assert drafts(session)[0].given == {"individual": 62, "social": 30}
        mark(browser, form, overall="5", relations="4")
        assert drafts(session)[0].given == {"relations": 40, "overall": 50}


def test_staff_is_told_after_unlocking_and_can_write_words_beside_it(staff, ann, session):  # noqa: F811
    with tenant(session.organisation_id):
        RatingDraft.objects.create(
            organisation=session.organisation, session=session, instrument="srs", rater="client",
            marks=[62, None, None, None], entry_mode=EntryMode.DEVICE,
        )  # fmt: skip
    page = staff.get(reverse("session-flow", args=[session.pk]) + "?back=srs").content.decode()
    assert "1 of 4 marks" in page
    assert reverse("rating-key-in", args=[session.pk, "srs"]) in page
    assert reverse("note-save", args=[session.pk, "after_srs"]) in page
