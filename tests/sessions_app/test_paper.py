"""Papers: many keyed in at once, each once; sheets with a line of 10 cm; words read aloud."""

import re
import uuid
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import EntryMode, Rating, Session
from sessions_app.pdf.sheet import blank_sheet
from sessions_app.services.summary import lock_episode, refresh_summary
from sessions_app.texts.form_wording import Item, Wording, wording_for
from sessions_app.wording.choice import Chosen
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory

pytestmark = pytest.mark.django_db
GRID = "/paper/"
DAY = date(2026, 3, 2)
POINT_MM = 25.4 / 72
# What a PDF's page says about lengths: keep and take back the scale, change it, draw a level line.
STEPS = re.compile(
    r"^(?P<open>q)\b|^(?P<close>Q)$|(?P<by>[-\d.]+) 0 0 [-\d.]+ [-\d.]+ [-\d.]+ cm|0 0 m (?P<to>[-\d.]+) 0 l",
    re.MULTILINE,
)


@pytest.fixture
def ann_at_work(browser, ann, episode):
    browser.force_login(ann.user)
    return browser


def row(client, held_on=DAY, form="ors", marks=("6,2", "7.1", "5.8", "7.2"), total="", name=None):
    return {
        "submission_id": name or str(uuid.uuid4()),
        "client": client if isinstance(client, str) else client.reference,
        "held_on": str(held_on),
        "form": form,
        **{f"mark{place}": mark for place, mark in enumerate(marks, start=1)},
        "total": total,
    }


def sent(*rows):
    data = {"row-TOTAL_FORMS": len(rows), "row-INITIAL_FORMS": 0}
    return data | {f"row-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}


def stored(model, **of):
    with tenant(stored.organisation):
        return list(model.objects.filter(**of).order_by("created_at"))


@pytest.fixture(autouse=True)
def here(ann):
    stored.organisation = ann.organisation_id


def test_papers_of_several_days_become_sessions_with_their_true_dates(ann_at_work, nils):
    page = ann_at_work.post(
        GRID,
        sent(row(nils), row(nils, form="srs", marks=("9", "9", "9", "9")), row(nils, DAY + timedelta(days=7))),
    )

    assert page.status_code == 200
    first, second = stored(Session)
    assert (first.held_on, second.held_on) == (DAY, DAY + timedelta(days=7))
    assert [(rating.instrument, rating.marks, rating.entry_mode) for rating in stored(Rating, session=first)] == [
        ("ors", [62, 71, 58, 72], EntryMode.PAPER),
        ("srs", [90, 90, 90, 90], EntryMode.PAPER),
    ]
    assert page.content.decode().count("is-saved") == 3


def test_a_wrong_row_keeps_the_others_and_loses_nothing(ann_at_work, nils):
    rows = [
        row(nils),
        row("nobody", marks=("1", "2", "3", "4")),
        row(nils, DAY + timedelta(days=1), marks=("1", "", "11", "x")),
        row(nils, timezone.localdate() + timedelta(days=9)),
        row(nils, DAY + timedelta(days=2), marks=("", "", "", ""), total="23,5"),
        row("", held_on="", marks=("", "", "", "")),
    ]
    page = ann_at_work.post(GRID, sent(*rows))
    text = page.content.decode()

    assert page.status_code == 422
    assert [rating.total for rating in stored(Rating)] == [263, 235]
    assert stored(Rating)[1].marks is None
    for words in (
        "There is no client of yours",
        "between 0 and 10",
        "no mark yet",
        "Write a number",
        "before it is held",
    ):
        assert words in text, words
    assert 'value="nobody"' in text
    assert text.count("is-saved") == 2
    right = {**rows[1], "client": nils.reference, "held_on": str(DAY + timedelta(days=3))}
    again = ann_at_work.post(GRID, sent(rows[0], right, row("", held_on="", marks=("",) * 4), rows[4]))
    assert again.status_code == 200
    assert [rating.total for rating in stored(Rating)] == [263, 235, 100], "nothing is stored twice"
    assert len(stored(Session)) == 3


def test_a_stored_row_sent_with_other_marks_is_refused(ann_at_work, nils):
    first = row(nils)
    ann_at_work.post(GRID, sent(first))
    page = ann_at_work.post(GRID, sent({**first, "mark1": "1"}))

    assert page.status_code == 422
    assert "stored already with other marks" in page.content.decode()
    assert [rating.marks for rating in stored(Rating)] == [[62, 71, 58, 72]]


def test_it_goes_to_the_session_of_that_day_unless_there_are_two(ann_at_work, ann, nils, episode):
    own = {"organisation": ann.organisation, "episode": episode, "practitioner": ann}
    with tenant(ann.organisation_id):
        held = SessionFactory(**own, held_on=DAY)
    ann_at_work.post(GRID, sent(row(nils)))
    assert stored(Rating)[0].session_id == held.pk
    with tenant(ann.organisation_id):
        SessionFactory(**own, held_on=DAY)
    page = ann_at_work.post(GRID, sent(row(nils, form="srs")))
    assert "several sessions that day" in page.content.decode()


def test_somebody_elses_client_is_no_client(ann_at_work, ann, blue_team, service):
    with tenant(ann.organisation_id):
        theirs = ClientFactory(organisation=ann.organisation, teams=[blue_team])
        EpisodeFactory(organisation=ann.organisation, client=theirs, service=service)

    assert theirs.reference not in ann_at_work.get(GRID).content.decode()
    assert ann_at_work.post(GRID, sent(row(theirs))).status_code == 422
    assert stored(Rating) == []


def test_the_page_asks_as_often_for_five_clients_as_for_one(ann_at_work, ann, red_team):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            ann_at_work.get(GRID)
        return len(seen)

    queries()
    one = queries()
    with tenant(ann.organisation_id):
        for _each in range(4):
            ClientFactory(organisation=ann.organisation, teams=[red_team])
    assert queries() == one


def drawings(pdf: bytes) -> Iterator[str]:
    """What a PDF says in its streams of text."""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            # A last byte that looks like the end of a line is cut off with it: no reason to lose the stream.
            yield zlib.decompressobj().decompress(stream).decode("latin1")


def drawn(pdf: bytes) -> list[float]:
    """The lengths of the lines that a PDF draws level, in millimetres."""
    found = []
    for text in drawings(pdf):
        scale = [1.0]  # of what is drawn now, and of what it stands in
        for step in STEPS.finditer(text):
            if step["open"]:
                scale.append(scale[-1])
            elif step["close"]:
                scale.pop()
            elif step["by"]:
                scale[-1] *= abs(float(step["by"]))
            else:
                found.append(float(step["to"]) * scale[-1] * POINT_MM)
    return found


@pytest.mark.parametrize("language", ["da", "sv", "nb", "en"])
@pytest.mark.parametrize("key", ["ors", "srs", "cors", "csrs", "gsrs", "cgsrs", "lass"])
def test_each_line_of_a_sheet_is_ten_centimetres(key, language):
    form = FormKey(key)
    pdf = blank_sheet(form=form, chosen=Chosen(wording_for(key, language), "", language, "ltr"))

    long = [length for length in drawn(pdf) if length > 50]
    assert long == [pytest.approx(100, abs=0.01)] * len(form.instrument.items)
    assert b"/Lang" in pdf
    assert b"pdfuaid" in pdf, "it says that it is PDF/UA, and the typesetter refuses what is not"


@pytest.mark.parametrize(
    ("key", "faces"), [("cors", 2 * 4), ("csrs", 2 * 4), ("cgsrs", 2 * 4), ("ycors", 5), ("ycsrs", 5), ("ors", 0)]
)
def test_faces_stand_at_the_ends_of_a_childs_lines_and_to_choose_from(key, faces):
    sheet = blank_sheet(form=FormKey(key), chosen=Chosen(wording_for(key, "en"), "", "en", "ltr"))
    assert sum(text.count("47 6 m 64 5") for text in drawings(sheet)) == faces, "the outline of a face"
    assert b"pdfuaid" in sheet


def test_a_packs_lines_stand_without_our_faces_and_answers_in_words_have_no_sheet():
    sheet = blank_sheet(form=FormKey("cors"), chosen=Chosen(wording_for("cors", "en"), "pack@1", "en", "ltr"))
    assert not [text for text in drawings(sheet) if "47 6 m 64 5" in text]
    with pytest.raises(ValidationError, match="no sheet to print"):
        blank_sheet(form=FormKey("who5"), chosen=Chosen(wording_for("who5", "en"), "", "en", "ltr"))


def test_words_are_set_as_they_stand():
    words = Wording('#read("/etc/passwd") $x$', "= *a* _b_ @c <d>", "#panic()", "", (Item("a", "\\#", "`", "[", "]"),))
    evil = Chosen(words, "pack@1", "en", "ltr")

    assert blank_sheet(form=FormKey("ors"), chosen=evil, reference="#import").startswith(b"%PDF")


def test_letters_that_our_fonts_lack_are_said_and_not_left_out():
    words = Wording("你好吗?", "", "", "", (Item("a", "我", "", "", ""),))
    with pytest.raises(ValidationError, match="our fonts lack"):
        blank_sheet(form=FormKey("ors"), chosen=Chosen(words, "pack@1", "zh", "ltr"))


def test_a_sheet_is_served_for_a_session_and_for_anybody(ann_at_work, ann, episode):
    with tenant(ann.organisation_id):
        held = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
    for address in ("/paper/ors.pdf?language=sv", f"/sessions/{held.pk}/paper/srs.pdf"):
        answer = ann_at_work.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF")
    assert ann_at_work.get("/paper/nothing.pdf").status_code == 404


def test_a_reference_in_letters_that_no_font_has_is_refused_in_a_sentence(ann_at_work, ann, episode):
    with tenant(ann.organisation_id):
        held = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
        held.client.reference = "你好"
        held.client.save()
    answer = ann_at_work.get(f"/sessions/{held.pk}/paper/ors.pdf")
    assert answer.status_code == 422
    assert "our fonts lack some of its letters" in answer.content.decode()


@pytest.fixture
def aloud(ann, episode):
    with tenant(ann.organisation_id):
        held = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
        held.client.form_language = "sv"
        held.client.save()
    return reverse("rating-read-aloud", args=[held.pk, "ors"])


def test_read_aloud_in_the_clients_language_with_tenths(ann_at_work, aloud):
    page = ann_at_work.get(aloud).content.decode()
    assert 'lang="sv"' in page
    assert "Tänk på den senaste veckan" in page

    spoken = {"individual": "6", "individual.tenths": "2", "relations": "10", "social": "0", "overall": "5"}
    once = {**spoken, "submission_id": str(uuid.uuid4())}
    assert ann_at_work.post(aloud, once).status_code == 302
    assert ann_at_work.post(aloud, once).status_code == 302, "a double click"
    (rating,) = stored(Rating)
    assert (rating.marks, rating.entry_mode, rating.language) == ([62, 100, 0, 50], EntryMode.READ_ALOUD, "sv")


def test_read_aloud_says_which_line_is_missing_and_keeps_the_others(ann_at_work, aloud):
    page = ann_at_work.post(aloud, {"individual": "6", "individual.tenths": "2"})
    text = page.content.decode()

    assert page.status_code == 422
    assert re.search(r'name="individual"\s+value="6"\s+checked', text)
    assert re.search(r'name="individual.tenths"\s+value="2"\s+checked', text)
    assert text.count('class="aloud-line has-error"') == 3
    kept = ann_at_work.post(aloud, {"individual": "6", "keep": "1"}, follow=True)
    assert "1 of 4 marks" in kept.content.decode()


@pytest.mark.parametrize("name", ["rating-key-in", "rating-read-aloud"])
@pytest.mark.parametrize(
    ("age", "form"),
    [(4, "ycors"), (4, "cors:caretaker"), (4, "ycsrs"), (9, "cors"), (9, "csrs"), (15, "srs"), (40, "who5")],
)
def test_every_form_is_written_down_by_staff(ann_at_work, ann, nils, episode, name, age, form):
    with tenant(ann.organisation_id):
        type(nils).objects.filter(pk=nils.pk).update(birth_year=DAY.year - age)
        held = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann, held_on=DAY)
        refresh_summary(lock_episode(episode.pk))
    address, about = reverse(name, args=[held.pk, form]), FormKey.parse(form).instrument
    assert ann_at_work.get(address).status_code == 200
    marks = dict.fromkeys(about.items, "3")
    sent = marks | {"entry_mode": "paper", "submission_id": str(uuid.uuid4())}
    assert ann_at_work.post(address, sent, follow=True).status_code == 200
    (rating,) = stored(Rating)
    assert rating.marks == [3 if about.is_choice else 30] * len(about.items)
    assert rating.total == (sum(rating.marks) if about.scored else None)


def test_a_search_on_the_grid_finds_nobody_of_another_team(ann_at_work, nils, blue_team):
    with tenant(nils.organisation_id):
        ClientFactory(organisation=nils.organisation, reference="Z-999", teams=[blue_team])
        ClientFactory(organisation=nils.organisation, reference="Z-001", teams=list(nils.teams.all()))
    page = ann_at_work.post(GRID, sent() | {"find": "1", "q": "Z-"}).content.decode()
    assert "Z-001" in page
    assert "Z-999" not in page
