"""What is read from pictures: real print, drawn marks at known millimetres, every way in which a picture can be bad."""

import io
import zlib

import cv2
import numpy as np
import pillow_heif
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from bench.drawn_sheets import Conditions, draw_scribble, draw_stroke, photograph, printed
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.paper_reading import process
from sessions_app.paper_reading.layout import CODE, MARKER, MARKERS, PrintedCode, code_of
from sessions_app.paper_reading.process import read_file
from sessions_app.paper_reading.reading import read_page
from sessions_app.pdf.sheet import SHEETS, blank_sheet, is_readable
from sessions_app.texts.form_wording import LANGUAGES
from sessions_app.wording.choice import own_words
from tests.sheets import BLUE, as_file, heights_of, marked, photo_of

NUMBER = "MEDSPIL" + "A" * 19
MARKS = (4.0, 37.5, 62.1, 96.4)


def sheet_pdf(form):
    """A blank sheet as we print it."""
    return blank_sheet(form=FormKey(form), chosen=own_words(FormKey(form), "da"), number=NUMBER)


@pytest.fixture(scope="module")
def pdf():
    return sheet_pdf("ors")


@pytest.fixture(scope="module")
def photo(pdf):
    return photo_of(pdf, MARKS)


def millimetres(reading):
    return [line.millimetres for line in reading.lines]


def notices(reading):
    return [line.notice for line in reading.lines]


def test_marks_are_measured_to_a_tenth_of_a_point(photo):
    reading = read_page(photo)
    assert (reading.fault, reading.number) == ("", NUMBER)
    assert millimetres(reading) == pytest.approx(MARKS, abs=0.5)


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_turned_picture_is_read_by_its_corners(photo, quarter_turns):
    assert millimetres(read_page(np.rot90(photo, quarter_turns))) == pytest.approx(MARKS, abs=0.5)


def test_what_is_not_one_clear_mark_gets_no_number(pdf):
    page, random = marked(pdf, (30.0, None, None, None)), np.random.default_rng(2)
    heights = heights_of(page)
    draw_stroke(page, (70.0, heights[0]), random, BLUE, 0.5, lean=0.1)
    draw_scribble(page, 50.0, heights[1], random)
    draw_stroke(page, (104.5, heights[2]), random, BLUE, 0.5, lean=0.1)
    reading = read_page(photograph(page, np.random.default_rng(3), 200))
    assert millimetres(reading) == [None] * 4
    assert notices(reading) == ["two_marks", "crossed_out", "outside", "no_mark"]


def test_ink_beside_the_line_and_a_covered_line_get_no_number(pdf):
    page = marked(pdf, (None, 20.0, None, 50.0))
    heights = heights_of(page)
    cv2.line(page, (12 * 90, round((heights[0] - 6) * 12)), (12 * 96, round((heights[0] - 4) * 12)), BLUE, 7)
    cv2.line(page, (12 * 120, round((heights[1] - 6) * 12)), (12 * 126, round((heights[1] - 4) * 12)), BLUE, 7)
    page[round((heights[2] - 8) * 12) : round((heights[2] + 8) * 12), 12 * 40 : 12 * 170] = 255
    reading = read_page(photograph(page, np.random.default_rng(4), 200))
    assert notices(reading) == ["beside_line", "beside_line", "no_line", ""]


def test_a_sheet_from_right_to_left_is_measured_from_the_right(pdf):
    chosen = own_words(FormKey("ors"), "en")
    object.__setattr__(chosen, "direction", "rtl")
    turned = blank_sheet(form=FormKey("ors"), chosen=chosen, number=NUMBER)
    assert millimetres(read_page(photo_of(turned, MARKS))) == pytest.approx([100 - mark for mark in MARKS], abs=0.5)


def test_a_print_that_was_made_smaller_is_measured_by_its_own_line(pdf):
    page = marked(pdf, MARKS)
    small = cv2.resize(page, None, fx=0.94, fy=0.94, interpolation=cv2.INTER_AREA)
    assert millimetres(read_page(small)) == pytest.approx(MARKS, abs=0.3)


def test_a_mark_on_a_post_is_seen_beside_the_others_and_a_post_alone_is_none(pdf):
    page, random = marked(pdf, (None, None, 50.0, None)), np.random.default_rng(6)
    heights = heights_of(page)
    draw_stroke(page, (0.3, heights[0]), random, BLUE, 0.5, lean=0.0)
    draw_stroke(page, (99.7, heights[1]), random, BLUE, 0.5, lean=0.0)
    reading = read_page(photograph(page, np.random.default_rng(7), 200))
    assert millimetres(reading)[:3] == pytest.approx([0.3, 99.7, 50.0], abs=0.3)
    assert notices(reading) == ["", "", "", "no_mark"]


def test_paper_that_is_bent_is_measured_along_itself(pdf):
    page, random = marked(pdf, MARKS), np.random.default_rng(11)
    bent = photograph(page, random, 150, Conditions(dpi=150, curl=4.0, shadow=False, quality=90))
    # Measured straight through the air the two in the middle are 0.4 mm off.
    assert millimetres(read_page(bent)) == pytest.approx(MARKS, abs=0.2)


def faults_of(picture):
    return read_page(np.ascontiguousarray(picture)).fault


def test_pictures_that_cannot_be_read_say_why(pdf, photo):
    page = marked(pdf, MARKS)
    assert faults_of(photo[:, ::-1]) == "mirrored"
    assert faults_of(np.concatenate([page, page], axis=1)) == "two_sheets"
    assert faults_of(np.full((1200, 900, 3), 220, np.uint8)) == "no_sheet"
    uncovered = page.copy()
    uncovered[-30 * 12 :, : 30 * 12] = 255
    assert faults_of(uncovered) == "corners"
    assert faults_of(cv2.resize(page, None, fx=2.4 / 12, fy=2.4 / 12, interpolation=cv2.INTER_AREA)) in {
        "far",
        "corners",
    }
    folded = page.copy()
    folded[21 * 12 : 48 * 12, 150 * 12 : 190 * 12] = 128
    assert faults_of(folded) == "code"


def test_two_different_sheets_on_one_picture_are_two_whichever_way_they_lie(pdf):
    page = marked(pdf, MARKS)
    other = marked(sheet_pdf("srs"), MARKS)
    assert faults_of(np.concatenate([page, np.rot90(other, 2)], axis=1)) == "two_sheets"
    covered = np.concatenate([page, other[: other.shape[0] // 2]], axis=0)  # the lower half lies under something
    assert faults_of(covered) == "two_sheets"


@pytest.mark.parametrize("form", ["ycors", "ycsrs"])
def test_a_form_of_ours_without_lines_is_no_sheet(form):
    """Faces are ticked: its sheet has no corners, so nothing is read from it."""
    assert faults_of(printed(sheet_pdf(form))) == "no_sheet"


def test_another_code_than_a_sheets_is_told_apart(pdf):
    page = marked(pdf, MARKS)
    side = round(CODE * 12)
    code = zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode("https://example.org", zxingcpp.BarcodeFormat.QRCode)
    )
    code = cv2.resize(np.asarray(code), (side, side), interpolation=cv2.INTER_NEAREST)
    page[21 * 12 : 21 * 12 + side, 156 * 12 : 156 * 12 + side] = code[..., None]
    assert faults_of(page) == "other_code"


def fault_of_file(content):
    return [page.fault for page in read_file(content)]


def test_files_of_every_kind_are_opened_in_a_process_apart(photo, pdf):
    heif = io.BytesIO()
    pillow_heif.register_heif_opener()
    turned = Image.Exif()
    turned[0x112] = 6  # the camera was held upright: turn it a quarter
    Image.fromarray(np.ascontiguousarray(np.rot90(photo))).save(heif, "HEIF", exif=turned.tobytes())
    for content in (as_file(photo), as_file(photo, "PNG"), heif.getvalue()):
        (page,) = read_file(content)
        assert (page.fault, page.number) == ("", NUMBER)
        assert [mark for mark, _notice in page.lines] == pytest.approx(MARKS, abs=2)
        assert all(cut_out.startswith(b"\xff\xd8") for cut_out in (*page.cut_outs, page.overview))


def pdf_of(*pictures):
    out = io.BytesIO()
    first, *rest = [Image.fromarray(np.ascontiguousarray(picture)) for picture in pictures]
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=200)
    return out.getvalue()


def test_a_scan_has_a_reading_for_each_page_that_is_not_empty(photo):
    empty = np.full_like(photo, 255)
    pages = read_file(pdf_of(photo, empty, photo))
    assert [(page.page, page.fault) for page in pages] == [(1, ""), (3, "")]


def test_a_scan_as_tiff_has_a_reading_for_each_page_too(photo):
    pages = [Image.fromarray(np.ascontiguousarray(page)) for page in (photo, np.rot90(photo, 2))]
    whole, long = io.BytesIO(), io.BytesIO()
    pages[0].save(whole, "TIFF", save_all=True, append_images=pages[1:], compression="jpeg")
    assert [(page.page, page.fault, page.number) for page in read_file(whole.getvalue())] == [
        (1, "", NUMBER),
        (2, "", NUMBER),
    ]
    small = Image.new("L", (90, 120), 255)
    small.save(long, "TIFF", save_all=True, append_images=[small] * 59)
    assert fault_of_file(long.getvalue()) == ["pages"]


def empty_pdf(pages):
    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _page in range(pages):
        document.new_page(595, 842)
    document.save(out)
    return out.getvalue()


def png_of(side):
    """A small file that unpacks to side x side points."""

    def chunk(name, content):
        whole = name + content
        return len(content).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    body = zlib.compress(bytes(side + 1) * side, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "broken"),
        (b"%PDF-1.7 nothing more", "broken"),
        (b"\xff\xd8\xff\xe0 nothing more", "broken"),
        (b"GIF89a of no kind that is taken", "broken"),
    ],
)
def test_a_broken_file_is_said_to_be_one(content, fault):
    assert fault_of_file(content) == [fault]


def test_a_file_with_a_password_is_said_to_be_locked():
    lock = b"<</Filter/Standard/V 1/R 2/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>"
    objects = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    locked = b"%PDF-1.4\n" + objects + b"trailer<</Root 1 0 R/ID[<00><00>]/Encrypt" + lock + b">>\n%%EOF\n"
    assert fault_of_file(locked) == ["locked"]


def test_a_file_that_is_cut_off_too_many_pages_and_a_bomb_are_refused(photo):
    assert fault_of_file(as_file(photo)[:20_000]) == ["broken"]
    assert fault_of_file(empty_pdf(60)) == ["pages"]
    assert fault_of_file(png_of(12_000)) == ["huge"]  # 144 million points in a file of 140 kB


def pdf_with_a_picture_of(side):
    """A small PDF of one page that shows side x side black points."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    row = packer.compress(bytes(side)) + packer.flush(zlib.Z_FULL_FLUSH)  # says the same wherever it stands
    check = (side * side % 65521 << 16 | 1).to_bytes(4, "big")
    points = b"\x78\xda" + row * side + packer.flush() + check
    about = f"/Subtype/Image/Width {side}/Height {side}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>",
        b"<</Length 25>>stream\n595 0 0 842 0 0 cm /P Do \nendstream",
        f"<</Type/XObject{about}/Length {len(points)}>>stream\n".encode() + points + b"\nendstream",
    ]
    body = b"".join(b"%d 0 obj" % number + part + b"endobj\n" for number, part in enumerate(parts, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def test_a_bomb_in_a_pdf_and_a_page_as_large_as_a_house_end_in_a_sentence():
    assert fault_of_file(pdf_with_a_picture_of(200)) == ["no_sheet"]  # the control: such a file is read
    bomb = pdf_with_a_picture_of(60_000)  # 3,600 million points, more than the child may have
    assert len(bomb) < 8_000_000
    assert fault_of_file(bomb) == ["no_sheet"]
    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(14_400, 14_400)  # five metres
    document.save(out)
    assert fault_of_file(out.getvalue()) == ["no_sheet"]


def test_a_child_that_needs_too_much_takes_nobody_with_it(photo, monkeypatch):
    monkeypatch.setattr(process, "CHILD", "tests.sessions_app.paper_reading.greedy")
    assert fault_of_file(as_file(photo)) == ["broken"]
    monkeypatch.setattr(process, "LONGEST_WAIT", 0.01)
    assert fault_of_file(as_file(photo)) == ["slow"]


def test_a_long_reading_gives_a_sign_as_it_goes_on(photo, monkeypatch):
    monkeypatch.setattr(process, "SIGN_EVERY", 0.05)
    signs = []
    (page,) = read_file(as_file(photo), going_on=lambda: signs.append(1))
    assert (page.fault, page.number) == ("", NUMBER)
    assert len(signs) >= 2


def test_a_picture_of_64_million_points_is_read_within_the_childs_memory():
    (page,) = read_file(png_of(8_000))
    assert page.fault == "no_sheet"


def test_a_code_says_its_number_and_its_lines_and_nothing_else():
    code = PrintedCode(NUMBER, (67.3, 110.0, 152.8, 195.5), from_right=True)
    assert code.text() == f"MS1R{NUMBER}0673110015281955"
    assert code_of(code.text()) == code
    for other in (
        "",
        "https://example.org",
        code.text()[:-1],
        code.text() + "0",
        f"MS1L{NUMBER}9999",
        "MS2" + code.text()[3:],
    ):
        assert code_of(other) is None, other
    with pytest.raises(ValueError, match="beside the page"):
        PrintedCode(NUMBER, (298.0,)).text()


def test_the_markers_are_those_of_the_dictionary_and_none_is_one_in_a_mirror():
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)

    def bits(number):
        return (cv2.aruco.generateImageMarker(dictionary, number, 6) > 127).astype(int)[1:5, 1:5]

    every = [np.rot90(bits(number), turns) for number in range(50) for turns in range(4)]
    for number, rows in MARKERS:
        ours = np.array([[int(bit) for bit in row] for row in rows.split()])
        assert (ours == bits(number)).all()
        assert min((np.fliplr(ours) != other).sum() for other in every) >= 3
    assert not {number for number, _rows in MARKERS} & {8, 9, 17, 47}
    assert (MARKER, CODE >= 25) == (10, True)


@pytest.mark.parametrize("form", [form for form in SHEETS if form.instrument.scored], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_with_lines_has_corners_and_a_small_enough_code_on_one_page(form, language):
    chosen = own_words(form, language)
    assert is_readable(form, chosen)
    document = pypdfium2.PdfDocument(blank_sheet(form=form, chosen=chosen, number=NUMBER))
    assert len(document) == 1
    picture = np.asarray(document[0].render(scale=150 / 72).to_pil().convert("RGB"))
    reading = read_page(picture)
    assert (reading.fault, notices(reading)) == ("", ["no_mark"] * len(form.instrument.items))
    (code,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    assert code_of(code.text) is not None
    assert len(code.text) <= 67  # what version 4 holds at level Q
