"""An organisation chooses whether a screen reader says a mark in words or as a number."""

from datetime import timedelta

import pytest
from django.urls import reverse

from organisations import capabilities
from organisations.models import CapabilityKind
from organisations.tenancy import tenant
from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("chosen", "spoken"), [("yes", True), ("", False)])
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
    browser.post(page, {"numbers": "yes"})
    assert browser.post(page, {"numbers": chosen}).status_code == 302

    assert ("data-numbers" in browser.get(form).content.decode()) is spoken
    assert browser.get(page).context["form"]["numbers"].value() == chosen
