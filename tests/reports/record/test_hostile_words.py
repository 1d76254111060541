"""What somebody writes never becomes code: the payloads of tests/data/hostile through every way out of an episode.

There is no file for a spreadsheet program but CSV, so XLSX is not among the ways.
"""

import csv
import io
import json
import re
import zipfile
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core import mail

from clients.models import Client, Episode
from organisations.models import Organisation, Practitioner
from organisations.services import account_mail
from organisations.services.csv_files import FORMULA, csv_file, text_cell
from organisations.tenancy.context import tenant
from reports.charts.standalone import standalone_svg
from reports.client_page.record_head import RecordHead
from reports.exports.course_csv import course_rows
from reports.exports.episode_zip import episode_zip
from reports.pdf.document import set_pdf
from reports.pdf.parts import Decided, Facts, Heading, Paragraph, PdfDocument, Quotation, Remark, Rows
from reports.record.choices import HOME, WHOLE, RecordChoice
from reports.record.content import read_content
from reports.record.file_names import file_name
from reports.record.home_sheet import home_sheet
from reports.record.journal_text import journal_text
from reports.record.staff_document import head_of
from sessions_app.models import Goal, Note, SessionDecision
from tests.reports.charts.courses import course
from tests.reports.pdf.pdf_reading import text_of

PAYLOADS = json.loads((Path(__file__).parents[2] / "data" / "hostile" / "words.json").read_text())
STORABLE = [words for words in PAYLOADS if "\0" not in words]  # the guard at the door drops NUL
HEADERS = {"subject", "from", "to", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding"}
VISIBLE = re.compile(r"[!-~]{4,}")


def printed(words: str) -> list[str]:
    """The runs of plain letters in a text, which must stand in a PDF as they were written."""
    return VISIBLE.findall(words[:300])


def test_there_are_two_hundred_of_them():
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 200


def test_as_a_pdf_each_stands_as_it_was_written():
    parts = [Heading("Payloads")]
    for number, words in enumerate(PAYLOADS):
        one = (Paragraph(words), Quotation(words, words[:80]), Remark(words[:80], words), Decided(words, words[:80]))
        parts += [one[number % 4], Heading(words[:80], 3)]
    parts += [Facts(tuple((words[:80], words[:200]) for words in PAYLOADS))]
    parts += [Rows(PAYLOADS[0], (PAYLOADS[1], PAYLOADS[2]), tuple((words[:80], words[:80]) for words in PAYLOADS))]
    title = "#panic() <script> $x$ *b*"
    pdf = set_pdf(PdfDocument(title, "da", PAYLOADS[0], PAYLOADS[1], PAYLOADS[2], parts=tuple(parts)))
    read = re.sub(r"\s", "", text_of(pdf).replace("\ufffe", "").replace("\x02", ""))
    lost = [run for words in PAYLOADS for run in printed(words) if run[:40] not in read]
    assert lost == []
    assert title.replace(" ", "") in read
    assert b"/JavaScript" not in pdf and b"/Launch" not in pdf and b"/URI" not in pdf and b"/EmbeddedFile" not in pdf


def test_as_csv_none_is_a_formula_and_none_breaks_its_row():
    made = csv_file([[text_cell(words), "next"] for words in STORABLE]).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(made, newline=""), delimiter=";"))
    assert len(read) == len(STORABLE)
    for words, (cell, beside) in zip(STORABLE, read, strict=True):
        assert not cell.startswith(FORMULA) and cell.removeprefix("'") == words.removeprefix("'") and beside == "next"


def test_as_a_picture_each_is_text():
    for words in PAYLOADS:
        svg = standalone_svg(course(2, ors_label=words, description=words), title=words, foot=(words,))
        names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
        assert names <= {"svg", "style", "rect", "text", "g", "path", "circle", "title", "desc", "polyline", "polygon"}
        attributes = {name for element in ElementTree.fromstring(svg).iter() for name in element.attrib}
        assert not any(name.lower().startswith("on") or name.lower().endswith("href") for name in attributes)


def test_no_name_of_a_file_leads_anywhere():
    for words in PAYLOADS:
        name = file_name(RecordHead(words, "", date(2026, 11, 29), ""), "", "pdf")
        assert re.fullmatch(r"\w[\w.-]{1,99}", name)


def test_as_mail_no_text_becomes_a_header():
    for words in STORABLE:
        place = Organisation(name=words[:80], language="da")
        account_mail.send_invitation(Practitioner(organisation=place, name=words[:80], email="ann@example.org"), "x", 7)
    assert len(mail.outbox) == len(STORABLE)
    for sent in mail.outbox:
        read = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
        assert set(map(str.lower, read.keys())) <= HEADERS and read["To"] == "ann@example.org"
        assert read.get_content_type() == "text/plain" and not read.is_multipart()


@pytest.fixture
def hostile(ann, nils, episode, sessions):
    """The episode with every payload in a note, a goal or a decision, and one as the client's reference."""
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        Note.objects.all().delete()
        kinds = ("after_ors", "development", "focus", "after_srs", "better", "next_time")
        places = [(session, kind) for session in sessions for kind in kinds]
        for (session, kind), words in zip(places, STORABLE, strict=False):
            Note.objects.create(**own, session=session, kind=kind, text=words, updated_by=ann)
        for number, words in enumerate(STORABLE[len(places) :]):
            if number % 2:
                SessionDecision.objects.create(**own, session=sessions[0], text=words[:2000], support=words[:2000])
            else:
                Goal.objects.create(**own, episode=episode, wording=words[:200], since=sessions[0].held_on)
        Client.objects.filter(pk=nils.pk).update(reference='=cmd|"../<b>#panic()')
        found = Episode.objects.select_related("client__organisation", "client__contact", "service")
        return found.get(pk=episode.pk)


@pytest.mark.django_db
def test_out_of_an_episode_each_stands_as_it_was_written(ann, hostile):
    with tenant(ann.organisation_id):
        content = read_content(hostile, WHOLE, day=date(2026, 11, 29), may_share=False, by=None)
        home = read_content(hostile, RecordChoice(HOME), day=date(2026, 11, 29), may_share=False, by=None)
        text = journal_text(content)
        archive = zipfile.ZipFile(io.BytesIO(episode_zip(content, lambda percent: None)))
        at_home = text_of(set_pdf(home_sheet(home)))
        rows = list(course_rows(content))
    files = {name.rpartition(".")[2]: archive.read(name) for name in archive.namelist()}
    assert all(re.fullmatch(r"[\w.-]+", name) for name in archive.namelist())
    read = re.sub(r"\s", "", text_of(files["pdf"]).replace("\ufffe", ""))
    for words in STORABLE:
        assert words[:200].strip() in text
        assert all(run[:30] in read for run in printed(words[:180])), words
    told = json.dumps(json.loads(files["json"]), ensure_ascii=False)
    assert all(json.dumps(words[:180], ensure_ascii=False)[1:-1] in told for words in STORABLE)
    assert not any(cell.startswith(FORMULA) for row in rows for cell in row)
    ElementTree.fromstring(files["svg"])
    assert at_home
    assert head_of(content).reference.startswith("=cmd")
