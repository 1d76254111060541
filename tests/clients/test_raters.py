"""Who else rates a client: added, renamed, asked no longer, through the page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Rater
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from tests.saving import save

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(browser, ann, nils):
    browser.force_login(ann.user)
    return reverse("client-raters", args=[nils.pk])


def add(browser, page, relation, label=""):
    return browser.post(page, {"relation": relation, "label": label})


def test_an_empty_page_says_what_raters_are_for_and_the_edit_page_leads_here(browser, nils, page):
    assert "Nobody else yet" in browser.get(page).content.decode()
    assert page in browser.get(reverse("client-edit", args=[nils.pk])).content.decode()


def test_raters_are_added_and_keys_are_never_given_twice(browser, ann, nils, page):
    for relation, label in (("mother", ""), ("teacher", " Karen  fra skolen "), ("teacher", "")):
        assert add(browser, page, relation, label).status_code == 302
    with tenant(ann.organisation_id):
        found = [(rater.key, str(rater)) for rater in nils.raters.active()]
        assert AccessEvent.objects.filter(action="client.add_rater", client_ids=[nils.pk]).count() == 3
    assert found == [("mother", "Mother"), ("teacher", "Karen fra skolen"), ("teacher-2", "Teacher 2")]


@pytest.mark.parametrize(
    ("relation", "label", "sentence"),
    [
        ("", "", "Choose who rates."),
        ("client", "", "not one of the available choices"),
        ("network", "010190-1234", "national identity number"),
        ("network", "x" * 41, "at most 40"),
    ],
)
def test_a_bad_answer_is_told_beside_the_field(browser, ann, page, relation, label, sentence):
    said = add(browser, page, relation, label)
    assert said.status_code == 422 and sentence in said.content.decode()
    with tenant(ann.organisation_id):
        assert not Rater.objects.exists()


def test_a_sixth_curve_is_the_last(browser, ann, nils, page):
    for relation in ("mother", "father", "caretaker", "teacher", "professional"):
        add(browser, page, relation)
    assert 'name="relation"' not in browser.get(page).content.decode()
    said = add(browser, page, "network")
    assert said.status_code == 422 and "Five people beside the client are enough" in said.content.decode()
    with tenant(ann.organisation_id):
        mother = nils.raters.get(key="mother")
    browser.post(reverse("rater-active", args=[mother.pk]), {"asked": "no"})
    assert add(browser, page, "network").status_code == 302
    refused = browser.post(reverse("rater-active", args=[mother.pk]), {"asked": "yes"}, follow=True)
    assert "Five people beside the client are enough" in refused.content.decode()
    with tenant(ann.organisation_id):
        assert [rater.key for rater in nils.raters.filter(is_active=False)] == ["mother"]


def test_renaming_changes_the_name_and_never_the_key(browser, ann, nils, page):
    add(browser, page, "caretaker", "Plejemor")
    with tenant(ann.organisation_id):
        rater = nils.raters.get()
    rename = reverse("rater-rename", args=[rater.pk])
    refused = browser.post(rename, {"caretaker-label": "19900101-1234"})
    assert refused.status_code == 422 and "national identity number" in refused.content.decode()
    assert save(browser, rename, {"caretaker-label": "Mormor"}, page=page).status_code == 302
    with tenant(ann.organisation_id):
        rater.refresh_from_db()
        assert AccessEvent.objects.filter(action="client.rename_rater").count() == 1
    assert (rater.key, rater.label) == ("caretaker", "Mormor")


def test_a_page_that_tells_of_a_refused_name_is_a_look_at_the_client(browser, ann, nils, page):
    add(browser, page, "caretaker", "Plejemor")
    with tenant(ann.organisation_id):
        rater = nils.raters.get()
        before = AccessEvent.objects.count()
    refused = browser.post(reverse("rater-rename", args=[rater.pk]), {"caretaker-label": "x" * 41})
    assert (refused.status_code, str(nils) in refused.content.decode()) == (422, True)
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.latest("seq")
        assert (AccessEvent.objects.count(), event.action, event.client_ids) == (
            before + 1, "client.raters", [nils.pk]
        )  # fmt: skip


def test_a_page_that_shows_the_name_of_meanwhile_is_a_look_at_the_client(browser, ann, nils, page):
    add(browser, page, "caretaker", "Plejemor")
    with tenant(ann.organisation_id):
        rater = nils.raters.get()
        before = AccessEvent.objects.count()
    merged = browser.post(reverse("rater-rename", args=[rater.pk]), {"caretaker-label": "Mormor", "version": "none"})
    assert (merged.status_code, "Plejemor" in merged.content.decode()) == (409, True)
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.latest("seq")
        assert (AccessEvent.objects.count(), event.client_ids) == (before + 1, [nils.pk])


def test_a_colleague_of_another_team_finds_none_of_it(browser, ann, cleo, nils, page):
    add(browser, page, "mother")
    with tenant(ann.organisation_id):
        rater = nils.raters.get()
    browser.force_login(cleo.user)
    assert browser.get(page).status_code == 404
    for name in ("rater-rename", "rater-active"):
        assert browser.post(reverse(name, args=[rater.pk])).status_code == 404


def test_the_page_asks_the_database_as_often_for_five_as_for_one(browser, page):
    counted = []
    for relations in (("mother",), ("father", "caretaker", "teacher", "network")):
        for relation in relations:
            add(browser, page, relation)
        browser.get(page)  # with the messages of the last one
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
