"""What is measured beside the main series goes into a document as table, words and picture: raters, WHO-5, goals."""

import io
import json
import zipfile
from xml.etree import ElementTree

import pytest

from clients.models import Rater
from organisations.tenancy.context import tenant
from tests.factories import RatingFactory
from tests.reports.pdf.pdf_reading import faults_of, text_of
from tests.reports.record.conftest import work
from tests.reports.record.test_record_files import ask, fetch, the_file
from tests.reports.record.test_record_page import page
from tests.reports.record.test_record_page import text_of as journal_of
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
MOTHER, WHO5 = "ORS · Mother, 0 to 40", "0 to 100: 2 marks from 36 to 64."


@pytest.fixture
def rated(ann, nils, sessions):
    """Nils' mother marks at each session, Nils himself the WHO-5 twice."""
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        Rater.objects.create(**own, client=nils, key="mother", relation="mother")
        for session, mark in zip(sessions, (40, 50, 60), strict=True):
            RatingFactory(**own, session=session, instrument="ors", rater="mother", marks=[mark] * 4)
        for session, raw in ((sessions[0], 9), (sessions[2], 16)):
            RatingFactory(
                **own, session=session, instrument="who5", marks=[raw // 5] * 4 + [raw - raw // 5 * 4], total=raw
            )
    return sessions


def test_they_stand_on_the_page_in_words_and_picture(staff, episode, rated):
    shown = page(staff, episode)
    assert f"{MOTHER}: 3 marks from 16 to 24." in shown
    assert WHO5 in shown
    assert shown.count("chart-compared") == 3, "the mother, the WHO-5 and the goal that was rated"
    text = journal_of(staff, episode)
    assert f"{MOTHER}: 3 marks from 16 to 24." in text and WHO5 in text


def test_they_stand_in_the_pdf_as_tables_and_the_checker_passes_it(staff, ann, episode, rated, house):
    ask(staff, episode, file="record", kind="record")
    work(house)
    made = bytes(the_file(ann).content)
    assert faults_of(made) == []
    read = text_of(made)
    for words in ("Other forms and raters", MOTHER, WHO5):
        assert words in read


def test_a_part_that_is_not_chosen_is_nowhere(staff, episode, rated):
    parts = ["curve", "table", "goals"]
    for shown in (page(staff, episode, since="", parts=parts), journal_of(staff, episode, since="", parts=parts)):
        assert "Mother" not in shown and "0 to 100" not in shown and "chart-compared" not in shown
    assert "Mother" not in page(staff, episode, kind="status"), "a status has it when somebody chooses it"


def test_what_lies_outside_the_period_is_left_out(staff, episode, rated):
    day = rated[1].held_on.isoformat()
    shown = page(staff, episode, since=day, until=day, parts=["curve", "others"])
    assert f"{MOTHER}: 20." in shown
    assert "0 to 100" not in shown


def test_the_pictures_and_the_files_carry_them(staff, ann, episode, rated, house):
    svg = staff.get(f"/episodes/{episode.pk}/record/curve/").content.decode()
    ElementTree.fromstring(svg)
    assert MOTHER in svg and svg.count("chart-compared") == 3 and ".m-line{" in svg
    csv = staff.get(f"/episodes/{episode.pk}/record/numbers/").content.decode("utf-8-sig")
    assert MOTHER in csv and f"{rated[0].held_on.isoformat()};16" in csv
    ask(staff, episode, file="episode")
    work(house)
    archive = zipfile.ZipFile(io.BytesIO(fetch(staff, the_file(ann)).content))
    made = json.loads(archive.read(next(name for name in archive.namelist() if name.endswith(".json"))))
    assert made["others"][0]["name"] == MOTHER
    assert made["others"][0]["measured"][0] == {
        "held_on": rated[0].held_on.isoformat(),
        "session": str(rated[0].pk),
        "said": "16",
    }


def test_a_picture_for_the_case_worker_names_a_goal_without_the_clients_words(staff, episode, rated):
    query = {"kind": "status", "since": "", "parts": ["curve", "others", "goals"]}
    svg = staff.get(f"/episodes/{episode.pk}/record/curve/", query).content.decode()
    assert "Lives by himself" in svg and "My own key" not in svg
    assert "My own key" in staff.get(f"/episodes/{episode.pk}/record/curve/").content.decode()


@pytest.mark.parametrize(("parts", "goals_stand"), [(["curve", "others", "goals"], True), (["curve", "others"], False)])
def test_goals_stand_in_a_picture_only_where_goals_were_chosen(staff, episode, rated, parts, goals_stand):
    query = {"kind": "record", "since": "", "parts": parts}
    svg = staff.get(f"/episodes/{episode.pk}/record/curve/", query).content.decode()
    assert (MOTHER in svg, "My own key" in svg) == (True, goals_stand)


@pytest.mark.parametrize("count", [1, 5])
def test_more_raters_cost_no_more_queries(staff, ann, nils, episode, sessions, count):
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        for relation in ("mother", "father", "caretaker", "teacher", "professional")[:count]:
            Rater.objects.create(**own, client=nils, key=relation, relation=relation)
            RatingFactory(**own, session=sessions[0], instrument="ors", rater=relation, marks=[40] * 4)
    staff.get(f"/episodes/{episode.pk}/record/")
    _answer, statements = statements_of(lambda: staff.get(f"/episodes/{episode.pk}/record/"))
    assert len(statements) == 42
