"""The import pages in Chromium: upload, preview, confirm; and a large file's progress until a worker is done."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from organisations.models import Outbox
from organisations.tenancy.context import tenant
from sessions_app import tasks
from sessions_app.imports import uploads
from sessions_app.models import Session
from tests.browser.axe import violations

FILE = Path(__file__).parents[1] / "data" / "sessions" / "sessions_da.csv"
pytestmark = pytest.mark.django_db(transaction=True)


def faults(page) -> list[str]:
    """What axe finds on the page as it is now."""
    return [f"{rule['id']}: {rule['nodes'][0]['target']}" for rule in violations(page)]


def test_a_file_is_checked_looked_at_and_imported(page, logged_in, ada):
    logged_in(page, ada.user)
    page.goto(reverse("import-sessions"))
    assert faults(page) == []
    page.get_by_label("File").set_input_files(FILE)
    page.get_by_role("button", name="Check the file").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("392 sessions can be imported")
    expect(page.get_by_role("cell", name="“11,2” is not between 0 and 10.")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Import 392 sessions").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("392 sessions are imported")
    assert faults(page) == []
    with tenant(ada.organisation_id):
        assert Session.objects.count() == 392


def test_the_page_of_a_large_file_follows_the_worker(page, logged_in, ada, monkeypatch):
    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    logged_in(page, ada.user)
    page.goto(reverse("import-sessions"))
    page.get_by_label("File").set_input_files(FILE)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert faults(page) == []

    row = Outbox.objects.get()
    tasks.run_import(outbox_id=str(row.pk), organisation_id=str(row.organisation_id), object_id=str(row.object_id))

    expect(page.get_by_role("heading", level=1)).to_have_text("392 sessions can be imported")
