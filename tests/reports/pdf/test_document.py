"""Documents as PDF: accessible by a checker of its own, read in their order, in the letters that people write."""

import dataclasses
import unicodedata

import pytest

from reports.pdf import document as pdf_document
from reports.pdf.document import set_pdf, set_png
from reports.pdf.parts import Decided, Facts, Heading, Paragraph, PdfDocument, Picture, Quotation, Remark, Rows
from sessions_app.pdf.child import CannotBeSet
from tests.reports.pdf.pdf_reading import faults_of, said_of_itself, text_of

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><style>.a{fill:#1f5fa8}</style>'
    '<rect class="a" width="100" height="50"/><text x="10" y="80" font-size="14" font-family="Inter">grænse 25</text>'
    "</svg>"
)
PICTURE = Picture(DRAWING, "A curve of well-being that goes up during the autumn", "The course")
TABLE = Rows("Numbers", ("Day", "ORS"), (("1 Aug", "14.2"), ("8 Aug", "15.0")), numbers=(1,))
DANISH = PdfDocument(
    title="Til journalen",
    language="da",
    head="N-014 · Solby",
    foot="Regler 3",
    missing="Nogle tegn står som □.",
    parts=(
        Paragraph("Trivslen er steget. #panic() *fed* $x$", "lead"),
        Facts((("Tilbud", "Botilbuddet"),)),
        Heading("Kurven"),
        PICTURE,
        TABLE,
        Heading("Samtaler"),
        Heading("29. november", 3),
        Quotation("Første linje\nنحن سعداء جدا\nSidste linje 你", "Egne ord"),
        Remark("Fokus", "Lave mad 👨‍👩‍👧"),
        Decided("Nils laver mad", "Lars, senest 8. december"),
    ),
)
ARABIC = PdfDocument(
    title="كيف تسير",
    language="ar",
    direction="rtl",
    head="N-014",
    foot="Medspil",
    missing="",
    parts=(Paragraph("هذه ورقتك", "lead"), Heading("كلماتك"), TABLE, Quotation("Jeg sover bedre")),
)


@pytest.fixture(scope="module")
def danish():
    return set_pdf(DANISH)


@pytest.fixture(scope="module")
def arabic():
    return set_pdf(ARABIC)


def test_a_checker_of_its_own_finds_nothing(danish, arabic):
    assert faults_of(danish) == []
    assert faults_of(arabic) == []


def test_it_says_what_it_is(danish, arabic):
    claims = {"archive": "2A", "accessible": "1", "tagged": "True"}
    assert said_of_itself(danish) == claims | {"language": "da", "title": "Til journalen"}
    assert said_of_itself(arabic) == claims | {"language": "ar", "title": "كيف تسير"}


def test_its_text_is_read_in_the_order_of_its_parts_and_none_is_markup(danish):
    read = text_of(danish)
    expected = [
        "N-014 · Solby", "Til journalen", "Trivslen er steget. #panic() *fed* $x$", "Tilbud Botilbuddet", "Kurven",
        "grænse 25", "The course", "Numbers", "Day ORS", "1 Aug 14.2", "Samtaler", "29. november", "Egne ord",
        "Første linje", "نحن سعداء جدا", "Sidste linje □", "Fokus", "Lave mad □", "Nils laver mad", "Lars, senest",
        "Nogle tegn står som □.", "Regler 3", "1 / 1",
    ]  # fmt: skip
    places = [read.find(words) for words in expected]
    assert -1 not in places, expected[places.index(-1)]
    assert places == sorted(places)


def test_arabic_is_read_in_its_order(arabic):
    read = text_of(arabic)
    places = [read.find(words) for words in ("كيف تسير", "هذه ورقتك", "كلماتك")]
    assert -1 not in places and places == sorted(places)


def test_what_turns_the_text_beside_it_round_is_left_out():
    turned = "".join(chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
    assert all(
        unicodedata.bidirectional(sign) in {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
        for sign in turned
    )
    read = text_of(set_pdf(dataclasses.replace(DANISH, parts=(Paragraph(f"begin{turned}middle{turned}end"),))))
    assert "beginmiddleend" in read


def test_what_would_not_be_accessible_cannot_be_written_down():
    with pytest.raises(ValueError, match="alternative"):
        Picture(DRAWING, " ")
    with pytest.raises(ValueError, match="header"):
        Rows("", (), ())
    with pytest.raises(ValueError, match="header"):
        Rows("", ("a", "b"), (("only one",),))
    with pytest.raises(ValueError, match="language"):
        dataclasses.replace(DANISH, language="")


def test_a_picture_alone_is_a_png_of_twice_its_size():
    made = set_png(DRAWING)
    assert made.startswith(b"\x89PNG") and int.from_bytes(made[16:20]) == 400


def test_a_process_that_fails_or_does_not_end_is_told(monkeypatch):
    with pytest.raises(CannotBeSet):
        set_png("<svg")
    monkeypatch.setattr(pdf_document, "SECONDS", 0.01)
    with pytest.raises(CannotBeSet, match="too long"):
        set_pdf(DANISH)
