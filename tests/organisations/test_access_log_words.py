"""What the access log keeps of what people type: the search, the reason; and never as a purpose."""

import logging

import pytest
from django.urls import reverse

from organisations.audit import hash_chain, purposes
from organisations.audit.record import Collected, collecting, record_access
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory, SessionFactory
from tests.organisations.test_access_log import kinds
from tests.saving import save

pytestmark = pytest.mark.django_db
SECRET = "Karenina"
OLD = "05258301dd2b5827cc92e1370ae8d171315d5c5f254950577ed37be31f7e3022"  # of the row below


def event_of(person, action):
    with tenant(person.organisation_id):
        return AccessEvent.objects.filter(action=action).latest("seq")


def test_a_search_is_on_record_with_its_words_and_whom_it_showed(browser, ann, nils, red_team):
    with tenant(ann.organisation_id):
        ClientFactory(organisation=ann.organisation, reference="X-1", first_name="Oda", teams=[red_team])
    browser.force_login(ann.user)
    browser.get(reverse("client-list"), {"q": "nil", "show": "current"})
    event = event_of(ann, "client.list")
    assert (event.typed, event.purpose, event.client_ids) == ("nil", "current", [nils.pk])


def test_a_search_that_finds_nobody_is_on_record(browser, ann, nils):
    browser.force_login(ann.user)
    browser.get(reverse("client-list"), {"q": SECRET})
    event = event_of(ann, "client.list")
    assert (event.typed, event.client_ids) == (SECRET, [])


def test_an_administrators_search_in_the_log_is_on_record(browser, ada, ann, nils):
    browser.force_login(ada.user)
    browser.get(reverse("access-log"), {"reference": "N-014", "person": ann.pk, "since": "2026-01-01"})
    assert event_of(ada, "access.search").typed == "2026-01-01 Ann Holm N-014"


def test_a_search_by_the_api_is_on_record(ann, nils):
    from tests.api.asking import system_of

    system_of(ann).get("clients/?reference=N-0%2014")
    event = event_of(ann, "client.list")
    assert event.typed == "reference=N-0+14"
    assert event.purpose.startswith("API ")


@pytest.mark.parametrize("route", ["client-list", "today", "groups", "paper-grid"])
@pytest.mark.parametrize("name", ["show", "q", "whose", "page", "again", "language"])
def test_nothing_that_is_typed_becomes_a_purpose(browser, ann, nils, route, name):
    browser.force_login(ann.user)
    browser.get(reverse(route), {name: SECRET})
    with tenant(ann.organisation_id):
        assert not AccessEvent.objects.filter(purpose__contains=SECRET).exists()
        assert all(purposes.is_known(event.purpose) for event in AccessEvent.objects.all())


@pytest.mark.parametrize("purpose", [SECRET, f"show={SECRET}", f"cors:{SECRET}", f"API {SECRET} x", f"mine {SECRET}"])
def test_a_purpose_that_is_no_word_of_the_program_is_refused(nils, purpose):
    with collecting(Collected("-")), pytest.raises(purposes.UnknownPurpose) as told:
        record_access("client.view", [nils.pk], purpose=purpose)
    assert SECRET not in str(told.value)


@pytest.mark.parametrize(
    "purpose", ["", "current", "cors:teacher-2 qr", "password, totp", "API aB3_x-9z", "404", "told"]
)
def test_the_programs_own_words_are_known(purpose):
    assert purposes.is_known(purpose)


def test_the_reason_for_moving_a_session_is_kept_as_words(browser, ann, nils, episode, service, red_team):
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
        other = ClientFactory(organisation=ann.organisation, teams=[red_team])
        right = other.episodes.create(organisation=ann.organisation, service=service, started_on="2026-01-05")
    browser.force_login(ann.user)
    move = reverse("session-move", args=[session.pk])
    assert save(browser, move, {"episode": right.pk, "reason": SECRET}).status_code == 302
    event = event_of(ann, "session.move")
    assert (event.typed, event.purpose) == (SECRET, "")


# Whom a page showed


def test_an_empty_grid_for_papers_shows_and_logs_ones_own_clients_only(browser, ann, ben, nils, red_team, episode):
    with tenant(ann.organisation_id):
        bens = ClientFactory(
            organisation=ann.organisation, reference="B-7", first_name="Bo", teams=[red_team], contact=ben
        )
    browser.force_login(ann.user)
    page = browser.get(reverse("paper-grid")).content.decode()
    assert "N-014" in page
    assert "B-7" not in page
    assert event_of(ann, "paper.grid").client_ids == [nils.pk]
    rows = {
        "row-TOTAL_FORMS": 1,
        "row-INITIAL_FORMS": 0,
        "row-0-client": "b-7",
        "row-0-held_on": "",
        "row-0-form": "ors",
    }
    assert browser.post(reverse("paper-grid"), rows).status_code == 422
    assert set(event_of(ann, "paper.grid").client_ids) == {nils.pk, bens.pk}


def test_who_stands_in_a_choice_of_clients_was_shown(browser, ann, nils, red_team, episode):
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
        other = ClientFactory(organisation=ann.organisation, first_name="Oda", teams=[red_team])
        other.episodes.create(organisation=ann.organisation, service=episode.service, started_on="2026-01-05")
    browser.force_login(ann.user)
    assert "Oda" in browser.get(reverse("session-move", args=[session.pk])).content.decode()
    assert event_of(ann, "client.choices").client_ids == [other.pk]
    browser.get(reverse("groups"))
    assert set(event_of(ann, "group.list").client_ids) == {nils.pk, other.pk}


# Who sees what was searched for


def test_an_administrator_sees_a_reference_that_was_searched_for_and_no_name(browser, ann, ada, nils):
    browser.force_login(ann.user)
    for words in ("n-014", "Nils", SECRET):
        browser.get(reverse("client-list"), {"q": words})
    browser.force_login(ada.user)
    page = browser.get(reverse("access-log")).content.decode()
    assert "Searched for: <bdi>n-014</bdi>" in page
    assert page.count("words other than a reference") == 2
    assert "Nils" not in page
    assert SECRET not in page


def test_what_was_typed_stands_in_no_line_of_the_log(browser, ann, nils, caplog):
    caplog.set_level(logging.DEBUG)
    browser.force_login(ann.user)
    browser.get(reverse("client-list"), {"q": SECRET})
    assert event_of(ann, "client.list").typed == SECRET
    assert SECRET not in "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )


# The chain


def test_rows_from_before_the_column_keep_their_hashes(house):
    event = AccessEvent(organisation=house, action="client.list", client_ids=[], purpose="", request_id="-", seq=1)
    event.id = event.id.__class__(int=1)
    event.organisation_id = event.id
    event.at = event.at.replace(2026, 1, 2, 3, 4, 5, 6)
    # As the version before the column computed it.
    assert hash_chain.link_hash("", event) == OLD
    event.typed = SECRET
    assert hash_chain.link_hash("", event) != OLD


def test_the_log_with_words_is_in_order(browser, ann, nils, house):
    browser.force_login(ann.user)
    browser.get(reverse("client-list"), {"q": SECRET})
    browser.get(reverse("client-list"))
    assert kinds() == set()
