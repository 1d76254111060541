"""One client has one reference, however it is spelled, at every door."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from clients.models import Client
from organisations.tenancy.context import tenant
from tests.api.asking import system_of
from tests.clients.test_pages import fields
from tests.factories import ClientFactory
from tests.saving import save

pytestmark = pytest.mark.django_db
SPELLINGS = ["KLD-9", "kld-9", "kld\u00ad-9", "\u2068Kld-9\u2069", "\u200bkld-9", " KLD-9\u00a0"]


@pytest.fixture
def kld(house, red_team):
    with tenant(house.pk):
        return ClientFactory(organisation=house, reference="kld-9", teams=[red_team])


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_second_client_of_that_reference_is_refused_on_the_page(browser, ann, red_team, kld, spelling):
    browser.force_login(ann.user)
    page = browser.post(reverse("client-new"), fields(red_team, reference=spelling))
    assert page.status_code == 422
    assert "There is already a client with that reference." in page.content.decode()


def test_a_reference_that_shows_nothing_is_refused(browser, ann, red_team):
    browser.force_login(ann.user)
    assert browser.post(reverse("client-new"), fields(red_team, reference="\u200d\u3164")).status_code == 422


def test_the_database_refuses_a_second_one_by_itself(house, kld):
    with tenant(house.pk), pytest.raises(IntegrityError, match="client_reference_key_once"), transaction.atomic():
        ClientFactory(organisation=house, reference="KLD-9")


def test_the_api_finds_and_refuses_a_reference_in_any_spelling(ann, red_team, kld):
    system = system_of(ann)
    found = system.get("clients/?reference=KLD%C2%AD-9").json()["results"]
    assert [row["reference"] for row in found] == ["kld-9"]
    body = {"reference": "KLD\u00a0-9", "form_language": "da", "teams": [str(red_team.pk)]}
    refused = system.post("clients/", body | {"reference": "KLD-9\u200b"})
    assert refused.status_code == 422
    assert refused.json()["errors"] == {"reference": ["There is already a client with that reference."]}
    assert system.post("clients/", body).status_code == 201


def test_the_reference_can_be_respelled_and_is_shown_as_spelled(browser, ann, red_team, kld):
    browser.force_login(ann.user)
    save(browser, reverse("client-edit", args=[kld.pk]), fields(red_team, reference="KLD-9"))
    with tenant(ann.organisation_id):
        kld.refresh_from_db()
        assert (kld.reference, kld.reference_key) == ("KLD-9", "kld-9")


@pytest.fixture
def twin(house, red_team, kld):
    """A client whose reference was stored before spellings were compared, as the migration leaves it."""
    with tenant(house.pk):
        return ClientFactory(organisation=house, reference="KLD-9", twin=1, teams=[red_team])


def test_the_migration_gives_each_client_its_key_and_tells_twins_apart(house, kld):
    module = import_module("clients.migrations.0003_references_by_normal_form")
    with tenant(house.pk):
        for reference in ("KLD-9", "kld\u00a0-9", "Pia 5"):
            Client.objects.filter(pk=ClientFactory(organisation=house).pk).update(reference=reference)
        Client.objects.filter(reference="kld -9").update(reference="\u00c5-1")
        Client.objects.update(reference_key="", twin=0)
        module.write_keys(apps, SimpleNamespace(connection=connection))
        found = Client.objects.order_by("created_at").values_list("reference", "reference_key", "twin")
        assert list(found) == [("kld-9", "kld-9", 0), ("KLD-9", "kld-9", 1), ("Å-1", "å-1", 0), ("Pia 5", "pia 5", 0)]


def test_twins_from_before_can_be_edited_and_told_apart(browser, ann, red_team, kld, twin):
    browser.force_login(ann.user)
    url = reverse("client-edit", args=[twin.pk])
    assert save(browser, url, fields(red_team, reference="KLD-9", first_name="Kim")).status_code == 302
    assert save(browser, url, fields(red_team, reference="KLD-10")).status_code == 302
    with tenant(ann.organisation_id):
        twin.refresh_from_db()
        assert (twin.reference_key, twin.twin) == ("kld-10", 0)
    assert save(browser, url, fields(red_team, reference="KLD-9")).status_code == 422


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_paper_grid_finds_the_client_in_any_spelling(browser, ann, kld, spelling):
    browser.force_login(ann.user)
    assert "no client of yours" not in _typed(browser, spelling)
    with tenant(ann.organisation_id):
        assert Client.objects.get().sessions.count() == 1


def test_the_paper_grid_takes_the_twin_that_is_spelled_as_typed_and_else_asks(browser, ann, kld, twin):
    browser.force_login(ann.user)
    assert "Several clients have this reference (KLD-9, kld-9)" in _typed(browser, "Kld-9")
    _typed(browser, "KLD-9")
    with tenant(ann.organisation_id):
        assert (kld.sessions.count(), twin.sessions.count()) == (0, 1)


def _typed(browser, reference):
    """The page after one paper with that reference."""
    row = {
        "row-0-submission_id": "6d7f3f0e-8a53-4f8c-9e39-0a4d5d4c2f11",
        "row-0-client": reference,
        "row-0-held_on": "2026-01-05",
        "row-0-form": "ors",
        "row-0-mark1": "",
        "row-0-total": "20",
        "row-TOTAL_FORMS": "1",
        "row-INITIAL_FORMS": "0",
    }
    return browser.post("/paper/", row).content.decode()
