"""The pages of how long things are kept, in a browser: no page is wider than its screen, and the steps work there."""

import os
from pathlib import Path

import pytest

from clients.models import ErasureNotice, LegalHold, RetentionChoice
from organisations.tenancy.context import tenant
from sessions_app.periodic import follow_erasure_notices
from tests.sessions_app.test_retention import old_client

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("MEDSPIL_PICTURES")  # a folder to keep pictures of the pages in
WIDTHS = (390, 820, 1366)


@pytest.fixture
def notice(red_team, lea, ada):
    """Two clients whose time is over, one of them held."""
    here = {"organisation": red_team.organisation}
    with tenant(red_team.organisation_id):
        RetentionChoice.objects.create(
            **here, service=red_team.service, rule="dk-social", years=3, archives_first=True, chosen_by=ada
        )
    client, held = old_client(red_team), old_client(red_team, "O-2")
    with tenant(red_team.organisation_id):
        LegalHold.objects.create(**here, client=held, reason="A case in court", made_by=lea)
    follow_erasure_notices()
    with tenant(red_team.organisation_id):
        return ErasureNotice.objects.standing().get(client=client)


def test_pages_fit_their_screens(new_context, logged_in, lea, ada, notice):
    lead, admin = new_context().new_page(), new_context().new_page()
    logged_in(lead, lea.user)
    logged_in(admin, ada.user)
    pages = {
        "list": (lead, "/erasures/"),
        "notice": (lead, f"/erasures/{notice.pk}/"),
        "holds": (lead, f"/clients/{notice.client_id}/holds/"),
        "retention": (admin, "/retention/"),
        "rule": (admin, f"/retention/services/{service_of(ada)}/"),
    }
    for width in WIDTHS:
        for name, (page, address) in pages.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address, timeout=90_000)
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)


def service_of(person):
    with tenant(person.organisation_id):
        return str(RetentionChoice.objects.get().service_id)
