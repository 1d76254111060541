"""Confirming a photographed sheet: cut-out, line and number go together; the page is right for axe and each screen."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from organisations.models import Outbox
from organisations.tenancy.context import tenant
from sessions_app import tasks
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import EntryMode, PhotoStep, Rating, SheetPhoto
from sessions_app.services.printed_sheets import print_sheet
from tests.browser.axe import violations
from tests.factories import SessionFactory
from tests.sheets import as_file, photo_of

pytestmark = pytest.mark.django_db(transaction=True)
MARKS = (12.0, (25.0, 60.0), 63.0, 91.0)
SIZES = {"tablet": (1024, 1366), "wide": (1366, 1024), "phone": (390, 844)}
PICTURES = os.environ.get("MEDSPIL_PICTURES")  # a folder for pictures of the pages, to be looked at


@pytest.fixture
def sheet(ann, episode, tmp_path):
    """The photograph of a sheet for a session of Nils', with two marks on its second line."""
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
        pdf, _words = print_sheet(form=FormKey("ors"), language="da", by=ann, session=session)
    path = tmp_path / "IMG_0014.jpg"
    path.write_bytes(as_file(photo_of(pdf, MARKS), quality=85))
    return path


def looked_at(page, name):
    """The page on three screens: axe finds nothing, nothing is wider than the screen."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{size}.png", full_page=True)
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0, (name, size)
        found = violations(page)
        assert [f"{one['id']}: {node['html'][:140]}" for one in found for node in one["nodes"]] == [], (name, size)


def test_a_sheet_is_photographed_read_put_right_and_confirmed(page, logged_in, ann, sheet):
    logged_in(page, ann.user)
    page.goto("/paper/photos/")
    page.set_input_files("input[type=file]", sheet)
    page.get_by_role("button", name="Read the sheets").click()
    expect(page.get_by_role("status").filter(has_text="being read")).to_be_visible()
    with tenant(ann.organisation_id):
        (row,) = Outbox.objects.filter(task="sessions_app.tasks.read_sheet_photo")
    ids = {"outbox_id": str(row.pk), "organisation_id": str(row.organisation_id), "object_id": str(row.object_id)}
    tasks.read_sheet_photo(**ids)
    expect(page.get_by_text("To be confirmed")).to_be_visible()  # the page asked again by itself
    looked_at(page, "sheet-photos")
    page.get_by_role("link", name="Look at what was read").click()
    expect(page.get_by_role("heading", name="3 of 4 marks are read")).to_be_visible()
    looked_at(page, "sheet-photo")
    page.set_viewport_size({"width": 1024, "height": 1366})

    lines = page.locator(".sheet-line")
    assert lines.locator("input[type=checkbox]:checked").count() == 0
    second = lines.nth(1)
    expect(second).to_contain_text("There are two marks on the line.")
    box = second.get_by_role("slider").bounding_box()
    second.get_by_role("slider").click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(second.get_by_role("textbox")).to_have_value("5.0")
    second.get_by_role("button", name="A tenth more").click()
    expect(second.get_by_role("textbox")).to_have_value("5.1")
    expect(second.get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_text("1 of 4 lines looked at")).to_be_visible()
    page.get_by_role("button", name="Confirm the form").click()
    expect(page.get_by_text("Look at this line and say that it fits.").first).to_be_visible()
    expect(second.get_by_role("textbox")).to_have_value("5.1")
    second.get_by_role("textbox").fill("")
    second.get_by_role("textbox").press("Enter")  # without a mark nothing fits
    expect(second.get_by_role("textbox")).to_be_focused()
    for key in ("5", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    expect(second.get_by_role("textbox")).to_have_value("5.1")
    lines.first.get_by_role("textbox").focus()
    for _line in range(4):
        page.keyboard.press("Enter")
    expect(page.get_by_text("4 of 4 lines looked at")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm the form")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Stored. The picture is deleted.")).to_be_visible()
    with tenant(ann.organisation_id):
        (rating,) = Rating.objects.all()
        (photo,) = SheetPhoto.objects.all()
    assert (rating.entry_mode, rating.marks[1], photo.step) == (EntryMode.PHOTO, 51, PhotoStep.STORED)
    assert [rating.marks[place] for place in (0, 2, 3)] == pytest.approx([12, 63, 91], abs=2)
