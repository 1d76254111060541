"""A photographed sheet is confirmed line by line, in each engine: by touch on a tablet, by keys on a laptop."""

from functools import cache

import pytest
from selenium.webdriver.common.keys import Keys

from organisations.models import AccessEvent, Organisation
from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import EntryMode, KeptPhoto, PhotoStep, PrintedSheet, Rating, SheetPhoto
from sessions_app.paper_reading.reading import PageReading, read_page
from sessions_app.pdf.sheet import blank_sheet
from sessions_app.wording.choice import own_words
from tests.factories import RatingFactory, SessionFactory
from tests.sheets import photo_of

ABOVE = """const card = document.querySelector(".sheet-line"), name = card.querySelector(".sheet-name");
return name.getBoundingClientRect().top - card.getBoundingClientRect().top;"""
MARKS = (12.0, (25.0, 60.0), 63.0, 91.0)  # two on the second line
DECODED = """async () => {
  const picture = document.querySelector(".kept-photo img");
  await picture.decode();
  return picture.naturalWidth;
}"""
VALUE = "return document.querySelectorAll('[name^=mark]')[arguments[0]].value.replace(',', '.');"
FOCUS = "document.querySelectorAll('[name^=mark]')[arguments[0]].focus();"


@cache
def read() -> PageReading:
    form = FormKey("ors")
    return read_page(photo_of(blank_sheet(form=form, chosen=own_words(form, "da"), number="A" * 26), MARKS))


@pytest.fixture
def photo(ann, episode):
    """A sheet of Nils' session that was read and waits."""
    own, reading = {"organisation": ann.organisation}, read()
    lines = [[None if line.millimetres is None else round(line.millimetres), line.notice] for line in reading.lines]
    with tenant(ann.organisation_id):
        session = SessionFactory(**own, episode=episode, practitioner=ann)
        about = {"instrument": "ors", "rater": "client", "language": "da", "number_hash": b"0" * 32}
        sheet = PrintedSheet.objects.create(**own, **about, printed_by=ann)
        pictures = {"cut_outs": reading.cut_outs, "overview": reading.overview, "proposal": lines}
        about = {"taken_by": ann, "file_name": "IMG_0014.jpg", "size": 10, "step": PhotoStep.READ, "sheet": sheet}
        return SheetPhoto.objects.create(**own, **about, **pictures, session=session)


@pytest.mark.django_db(transaction=True)
def test_each_line_is_looked_at_and_the_form_confirmed(log_in, ann, photo):
    screen = log_in(ann.user)
    screen.open(f"/paper/photos/{photo.pk}/")
    screen.see("3 of 4 marks are read")
    screen.see("0 of 4 lines looked at")
    assert screen.run(ABOVE) > 10, "the name stands inside its card, not across its border"
    screen.picture_to_look_at("sheet-photo")
    assert screen.run(VALUE, 1) == ""
    screen.tap(".sheet-line.is-doubtful [type=range]", 0.5)
    screen.wait(lambda: abs(float(screen.run(VALUE, 1) or 0) - 5) <= 0.2)
    screen.see("1 of 4 lines looked at")
    screen.run(FOCUS, 0)
    before = float(screen.run(VALUE, 0))
    screen.keys(Keys.ARROW_UP)
    assert float(screen.run(VALUE, 0)) == pytest.approx(before + 0.1)
    screen.keys(*[Keys.ENTER] * 4)
    screen.see("4 of 4 lines looked at")
    screen.keys(Keys.ENTER)
    screen.see("Stored. The picture is deleted.")
    with tenant(ann.organisation_id):
        (rating,) = Rating.objects.filter(session=photo.session)
        photo.refresh_from_db()
    assert (rating.entry_mode, rating.recorded_by_id, photo.step) == (EntryMode.PHOTO, ann.pk, PhotoStep.STORED)
    assert not any([photo.content, photo.overview, photo.cut_outs])


@pytest.mark.django_db(transaction=True)
def test_a_kept_picture_is_fetched_when_it_is_opened_and_not_before(log_in, ann, episode):
    """Else whoever opens the session's page would be on record as having looked at it."""
    own = {"organisation": ann.organisation}
    Organisation.objects.filter(pk=ann.organisation_id).update(sheet_photo_days=30)
    with tenant(ann.organisation_id):
        session = SessionFactory(**own, episode=episode, practitioner=ann)
        rating = RatingFactory(**own, session=session, instrument="ors", entry_mode=EntryMode.PHOTO)
        KeptPhoto.objects.create(**own, rating=rating, content=read().overview)

    def looks():
        with tenant(ann.organisation_id):
            return AccessEvent.objects.filter(action="paper.kept_photo").count()

    screen = log_in(ann.user)
    screen.open(f"/sessions/{session.pk}/")
    screen.see("The sheet as it was photographed")
    assert looks() == 0
    screen.press("The sheet as it was photographed")
    assert screen.ask(DECODED) == 1050
    assert looks() == 1
    screen.picture_to_look_at("kept-photo")
