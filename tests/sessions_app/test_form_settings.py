"""An organisation chooses whether a screen reader says a mark in words or as a number."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import Capability, CapabilityKind
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from tests.factories import SessionFactory
from tests.saving import save

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("chosen", "spoken"), [("number", True), ("words", False)])
def test_the_form_follows_the_choice(browser, ada, ann, episode, chosen, spoken):
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
    token = capabilities.mint(
        kind=CapabilityKind.HANDOVER,
        organisation_id=ann.organisation_id,
        object_id=session.pk,
        detail="ors",
        lifetime=timedelta(hours=1),
    )
    form = reverse("rating-form", args=[token])
    assert "data-numbers" not in browser.get(form).content.decode(), "words, unless somebody chose"
    browser.force_login(ada.user)
    page = reverse("form-settings")
    save(browser, page, {"numbers": "number"})
    assert save(browser, page, {"numbers": chosen}).status_code == 302

    assert ("data-numbers" in browser.get(form).content.decode()) is spoken
    assert browser.get(page).context["form"]["numbers"].value() == chosen


def settings_of(browser, person, **chosen):
    browser.force_login(person.user)
    return save(browser, reverse("form-settings"), {"numbers": "words", **chosen})


def test_whom_clients_ask_stands_under_a_form_on_their_own_device(browser, ada, ann, nils, episode):
    words = "Data protection officer, <tel. 12 34 56 78>"
    assert settings_of(browser, ada, contact=f"  {words} ").status_code == 302
    assert browser.get(reverse("form-settings")).context["form"]["contact"].value() == words
    browser.force_login(ann.user)
    page = browser.post(reverse("client-links", args=[nils.pk]), {"form": "ors", "way": "text"})
    opened = Client().get(page.context["made"]["address"], follow=True).content.decode()
    assert "Questions about your data: Data protection officer, &lt;tel. 12 34 56 78&gt;." in opened


def test_a_contact_that_is_too_long_is_told_beside_the_field(browser, ada):
    page = settings_of(browser, ada, contact="x" * 201)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["contact"])


@pytest.mark.parametrize(("chosen", "kept"), [({"closings": "on"}, "see-you"), ({}, "")])
def test_last_words_are_offered_only_where_the_organisation_wants_them(browser, ada, ann, nils, episode, chosen, kept):
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
    settings_of(browser, ada, **chosen)
    browser.force_login(ann.user)
    page = reverse("client-links", args=[nils.pk])
    offers = [browser.get(reverse("session-flow", args=[session.pk])), browser.get(page)]
    assert ['name="closing"' in offer.content.decode() for offer in offers] == [bool(kept)] * 2
    browser.post(page, {"form": "ors", "way": "text", "closing": "see-you"})
    browser.post(reverse("session-handover", args=[session.pk, "ors"]), {"closing": "see-you"})
    assert {row.closing for row in Capability.objects.all()} == {kept}
    assert Capability.objects.count() == 2
