"""Unfinished forms: kept on the day, gone on with, finished from paper, deleted; counted nowhere, seen by few."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisations.models import Capability, CapabilityKind
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.models import EntryMode, Rating, RatingDraft
from sessions_app.services.courses import load_series
from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db
KEYS = ("individual", "relations", "social", "overall")


@pytest.fixture
def session(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(
            organisation=ann.organisation, episode=episode, practitioner=ann, held_on=timezone.localdate()
        )


@pytest.fixture
def open_form(session):
    """The address of the session's ORS on a device."""

    def opened(kind=CapabilityKind.HANDOVER) -> str:
        token = capabilities.mint(
            kind=kind,
            organisation_id=session.organisation_id,
            object_id=session.pk,
            detail="ors",
            lifetime=timedelta(hours=4),
        )
        return reverse("rating-form", args=[token])

    return opened


def keep(browser, form, **marks):
    return browser.post(f"{form}later/", marks)


def drafts(session):
    with tenant(session.organisation_id):
        return list(RatingDraft.objects.filter(session=session))


def ratings(session):
    with tenant(session.organisation_id):
        return list(Rating.objects.filter(session=session))


def marks_shown(browser, form) -> list[str]:
    return [item["value"] for item in browser.get(form).context["items"]]


def test_marks_are_kept_and_the_device_shows_nothing_of_them(browser, open_form, session):
    form = open_form()
    answer = keep(browser, form, individual="6.2", relations="", social="3")

    assert (answer.status_code, answer.url) == (303, f"{form}later/")
    kept = browser.get(answer.url)
    assert kept.status_code == 200
    assert "6.2" not in kept.content.decode()
    (draft,) = drafts(session)
    assert draft.given == {"individual": 62, "social": 30}
    assert ratings(session) == []
    assert browser.get(form).status_code == 410, "the device's form is closed"
    assert keep(browser, form, overall="1").status_code == 410
    assert drafts(session)[0].given == draft.given


def test_the_same_day_the_form_opens_with_them_and_finishing_leaves_one_rating(browser, open_form, session):
    keep(browser, open_form(), individual="6.2", social="3")
    again = open_form()

    assert marks_shown(browser, again) == [62, None, 30, None]
    marks = {"individual": "6.2", "relations": "5", "social": "3", "overall": "4"}
    assert browser.post(again, {**marks, "submission_id": str(uuid.uuid4())}).status_code == 303
    (rating,) = ratings(session)
    assert (rating.marks, rating.entry_mode) == ([62, 50, 30, 40], EntryMode.DEVICE)
    assert drafts(session) == []


def test_the_clients_own_link_stays_open_for_the_rest(browser, open_form, session):
    form = open_form(CapabilityKind.LINK)
    assert keep(browser, form, individual="6.2").status_code == 303
    own_page = browser.get(form).url

    assert marks_shown(browser, own_page) == [62, None, None, None]
    assert "Open your link again today" in browser.get(f"{form}later/").content.decode()


def test_on_another_day_a_device_begins_anew(browser, open_form, session):
    keep(browser, open_form(), individual="6.2")

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert marks_shown(browser, open_form()) == [None] * 4


def test_nothing_marked_keeps_nothing_and_a_finished_form_is_never_undone(browser, open_form, session):
    keep(browser, open_form())
    assert drafts(session) == []
    first, second = open_form(), open_form()
    browser.post(second, dict.fromkeys(KEYS, "5"))
    keep(browser, first, individual="1")
    assert drafts(session) == []
    assert ratings(session)[0].total == 200


def test_first_marks_on_paper_the_rest_days_later_are_one_rating_of_the_first_day(browser, ann, session):
    browser.force_login(ann.user)
    page = reverse("rating-key-in", args=[session.pk, "ors"])
    answer = browser.post(page, {"individual": "6,2", "relations": "5", "keep": "1"}, follow=True)
    assert "Kept unfinished" in answer.content.decode()
    assert "2 of 4 marks" in answer.content.decode()
    (draft,) = drafts(session)
    assert (draft.entry_mode, draft.recorded_by) == (EntryMode.PAPER, ann)

    with time_machine.travel(timezone.now() + timedelta(days=3)):
        browser.force_login(ann.user)
        form = browser.get(page).context["form"]
        assert [form[key].value() for key in KEYS] == ["6.2", "5", None, None]
        rest = {"individual": "6.2", "relations": "5", "social": "4", "overall": "4"}
        browser.post(page, {**rest, "entry_mode": "paper", "submission_id": str(uuid.uuid4())})
    (rating,) = ratings(session)
    assert rating.marks == [62, 50, 40, 40]
    with tenant(session.organisation_id):
        session.refresh_from_db()
    assert session.held_on == timezone.localdate(), "the true date"
    assert drafts(session) == []


def test_an_unreadable_mark_is_not_lost_while_keeping(browser, ann, session):
    browser.force_login(ann.user)
    page = reverse("rating-key-in", args=[session.pk, "ors"])
    answer = browser.post(page, {"individual": "6,2", "relations": "viele", "keep": "1"})

    assert answer.status_code == 422
    assert "viele" in answer.content.decode()
    assert drafts(session) == []


def test_an_unfinished_form_counts_in_no_curve_and_no_summary(browser, ann, open_form, session, nils):
    keep(browser, open_form(), **dict.fromkeys(KEYS, "1"))
    with tenant(session.organisation_id):
        session.episode.refresh_from_db()
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[nils.pk]))

    assert drafts(session)[0].given == dict.fromkeys(KEYS, 10), "four marks that nobody has called finished"
    assert page.status_code == 200
    with tenant(session.organisation_id):
        measured = load_series([session.episode])[session.episode_id].sessions
    assert [each.ors for each in measured if each.ors is not None] == []
    assert ratings(session) == []


def test_it_is_listed_on_the_clients_page_the_session_and_today_of_the_team_only(
    browser, ann, cleo, ada, open_form, session, nils
):
    keep(browser, open_form(), individual="6.2")
    browser.force_login(ann.user)
    for page in (
        reverse("client-detail", args=[nils.pk]),
        reverse("session-flow", args=[session.pk]),
        reverse("today"),
    ):
        assert "1 of 4 marks" in browser.get(page).content.decode(), page
    browser.force_login(cleo.user)
    assert "1 of 4 marks" not in browser.get(reverse("today")).content.decode()
    with tenant(session.organisation_id):
        assert not RatingDraft.objects.visible_to(ada)
        assert not RatingDraft.objects.visible_to(cleo)


def test_deleting_asks_first(browser, ann, open_form, session):
    keep(browser, open_form(), individual="6.2")
    page = reverse("draft-delete", args=[drafts(session)[0].pk])
    browser.force_login(ann.user)

    assert "1 of 4 marks" in browser.get(page).content.decode()
    assert len(drafts(session)) == 1
    browser.post(page)
    assert drafts(session) == []
    with tenant(session.organisation_id):
        assert Capability.objects.filter(object_id=session.pk, used_at=None, revoked_at=None).count() == 0


def test_lists_ask_as_often_for_five_as_for_one(browser, ann, episode, nils):
    own = {"organisation": ann.organisation}

    def draft(count):
        with tenant(ann.organisation_id):
            for _each in range(count):
                kept = SessionFactory(**own, episode=episode, practitioner=ann)
                RatingDraft.objects.create(
                    **own, session=kept, instrument="ors", rater="client", marks=[1, None, None, None]
                )

    def queries(page):
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(page).content.decode().count("1 of 4 marks") in (1, 5)
        return len(seen)

    browser.force_login(ann.user)
    pages = (reverse("today"), reverse("client-detail", args=[nils.pk]))
    draft(1)
    for page in pages:
        queries(page)  # warms what is read once
    one = [queries(page) for page in pages]
    draft(4)
    assert [queries(page) for page in pages] == one
