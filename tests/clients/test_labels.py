"""Labels of the organisation: an administrator keeps the list, practitioners put them on clients and find by them."""

import pytest
from django.urls import reverse

from clients.models import Client, ClientLabel, LabelledClient
from organisations.tenancy.context import tenant
from tests.api.asking import system_of
from tests.factories import ClientFactory
from tests.saving import form_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(browser, ada):
    browser.force_login(ada.user)
    return browser


@pytest.fixture
def pilot(house):
    with tenant(house.pk):
        return ClientLabel.objects.create(organisation=house, name="Pilot")


def labels_of(client):
    with tenant(client.organisation_id):
        return sorted(client.labels.values_list("name", flat=True))


def test_an_admin_keeps_the_list(admin, house, pilot):
    page = admin.post(reverse("labels"), {"name": " Youth   project "}, follow=True).content.decode()
    assert "“Youth project” can be put on clients now." in page
    taken = admin.post(reverse("labels"), {"name": "youth project"})
    assert taken.status_code == 422
    assert "There is already a label with that name." in taken.content.decode()
    url = reverse("label-edit", args=[pilot.pk])
    assert admin.post(url, form_on(admin, url) | {"name": "Pilot 2027"}).status_code == 302
    assert admin.post(url, form_on(admin, url) | {"name": "Youth project"}).status_code == 422
    with tenant(house.pk):
        assert list(ClientLabel.objects.alphabetical().values_list("name", flat=True)) == [
            "Pilot 2027",
            "Youth project",
        ]


def test_a_label_out_of_use_is_out_of_sight_and_comes_back_with_its_clients(admin, nils, ann, pilot):
    with tenant(nils.organisation_id):
        LabelledClient.objects.create(organisation=nils.organisation, client=nils, label=pilot)
    page = admin.post(reverse("label-retire", args=[pilot.pk]), follow=True).content.decode()
    assert reverse("label-return", args=[pilot.pk]) in page
    admin.force_login(ann.user)
    for name, args in (("client-list", []), ("client-detail", [nils.pk]), ("client-edit", [nils.pk])):
        assert "Pilot" not in admin.get(reverse(name, args=args)).content.decode()
    url = reverse("client-edit", args=[nils.pk])
    admin.post(url, form_on(admin, url) | {"first_name": "Niels"})
    with tenant(nils.organisation_id):
        ClientLabel.objects.update(retired_at=None)
    assert labels_of(nils) == ["Pilot"]
    assert "Pilot" in admin.get(reverse("client-list")).content.decode()


def test_a_practitioner_puts_it_on_and_takes_it_off(browser, ann, nils, pilot):
    browser.force_login(ann.user)
    url = reverse("client-edit", args=[nils.pk])
    browser.post(url, form_on(browser, url) | {"labels": [str(pilot.pk)]})
    assert labels_of(nils) == ["Pilot"]
    assert "Pilot" in browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    browser.post(url, form_on(browser, url) | {"labels": []})
    assert labels_of(nils) == []


def test_the_api_reads_and_sets_them(ann, nils, pilot):
    system = system_of(ann)
    assert system.patch(f"clients/{nils.pk}/", {"labels": [str(pilot.pk)]}).json()["labels"] == [str(pilot.pk)]
    assert system.patch(f"clients/{nils.pk}/", {"first_name": "Niels"}).json()["labels"] == [str(pilot.pk)]
    assert system.get(f"clients/{nils.pk}/").json()["label_names"] == ["Pilot"]
    with tenant(nils.organisation_id):
        ClientLabel.objects.filter(pk=pilot.pk).update(retired_at=nils.created_at)
    assert system.get(f"clients/{nils.pk}/").json()["labels"] == []
    with tenant(nils.organisation_id):
        ClientLabel.objects.filter(pk=pilot.pk).update(retired_at=None)
    assert system.patch(f"clients/{nils.pk}/", {"labels": []}).json()["labels"] == []


@pytest.fixture
def several(house, red_team, blue_team, ann, ben, nils, pilot):
    """Nils of Ann; Bo of Ben with the label; Ida of nobody, in both teams."""
    with tenant(house.pk):
        ann.memberships.create(organisation=house, team=blue_team)
        bo = ClientFactory(organisation=house, reference="B-1", first_name="Bo", teams=[red_team], contact=ben)
        ida = ClientFactory(organisation=house, reference="I-1", first_name="Ida", teams=[red_team, blue_team])
        LabelledClient.objects.create(organisation=house, client=bo, label=pilot)
        bo.episodes.create(organisation=house, service=red_team.service, started_on="2026-01-01", tone="act")
    return nils, bo, ida


def shown(browser, **query):
    page = browser.get(reverse("client-list"), query).content.decode()
    return [name for name in ("Nils", "Bo", "Ida") if f"<bdi>{name}</bdi>" in page]


def test_the_list_is_narrowed_by_each_filter_and_all_together(browser, ann, ben, blue_team, pilot, several):
    browser.force_login(ann.user)
    assert shown(browser) == ["Nils", "Bo", "Ida"]
    assert shown(browser, contact="mine") == ["Nils"]
    assert shown(browser, contact="nobody") == ["Ida"]
    assert shown(browser, contact=str(ben.pk)) == ["Bo"]
    assert shown(browser, team=str(blue_team.pk)) == ["Ida"]
    assert shown(browser, label=str(pilot.pk)) == ["Bo"]
    assert shown(browser, state="act") == ["Bo"]
    assert shown(browser, state="act", contact="mine") == []
    assert shown(browser, q="id", contact="nobody") == ["Ida"]
    assert shown(browser, contact="x", team="x", label="x", state="x") == ["Nils", "Bo", "Ida"]


def test_the_list_says_state_due_date_and_contact_person(browser, ann, several):
    nils, bo, _ida = several
    with tenant(nils.organisation_id):
        Client.objects.filter(pk=bo.pk).update(next_on="2026-01-05")
    browser.force_login(ann.user)
    page = browser.get(reverse("client-list")).content.decode()
    for words in ("Ben Lund", "days late", "Nobody yet", "Pilot"):
        assert words in page


def test_an_admin_sees_neither_labels_nor_filters(admin, several, pilot):
    page = admin.get(reverse("client-list"), {"label": str(pilot.pk)}).content.decode()
    assert [name in page for name in ("N-014", "B-1", "I-1")] == [True] * 3
    assert "Pilot" not in page


def test_a_view_is_kept_shown_and_removed(browser, ann, ben, several):
    browser.force_login(ann.user)
    url = reverse("view-new") + "?contact=mine&state=x&q=secret"
    assert browser.post(url, {"name": ""}).status_code == 422
    kept = browser.post(url, {"name": "My own"})
    assert kept.headers["Location"] == reverse("client-list") + "?contact=mine"
    page = browser.get(kept.headers["Location"]).content.decode()
    assert 'href="?contact=mine"' in page
    assert "secret" not in page
    with tenant(ann.organisation_id):
        view = ann.saved_views.get()
    browser.force_login(ben.user)
    assert "My own" not in browser.get(reverse("client-list")).content.decode()
    assert browser.post(reverse("view-remove", args=[view.pk])).status_code == 404
    browser.force_login(ann.user)
    assert browser.post(reverse("view-remove", args=[view.pk])).status_code == 302
    assert "My own" not in browser.get(reverse("client-list")).content.decode()


def test_nothing_chosen_is_no_view(browser, ann):
    browser.force_login(ann.user)
    refused = browser.post(reverse("view-new"), {"name": "Everything"})
    assert (refused.status_code, "Choose a filter first" in refused.content.decode()) == (422, True)
