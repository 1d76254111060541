"""What goes out of a study: the same numbers in every format, a codebook with every word, results to be reproduced."""

import io
import json
import re
import shutil
import subprocess
import sys
from itertools import groupby
from xml.etree import ElementTree

import pandas
import pyarrow
import pyarrow.parquet
import pyreadstat
import pytest

from organisations.tenancy.context import tenant
from reports.exports.research_parquet import research_parquet
from reports.exports.research_spss import research_spss
from reports.exports.research_stata import research_stata
from reports.research.table import ExportTable, Kind, Variable, shortened
from sessions_app.models import Rating, Session, StudyAnswer
from tests.reports.research.conftest import enrol, made
from tests.results_rows import add_episodes

pytestmark = pytest.mark.django_db
DDI = {"d": "ddi:codebook:2_5"}
WORDING = "æ" * 300
TABLE = ExportTable(
    "episodes",
    "A table",
    (
        Variable("episode", "Episode", Kind.ID),
        Variable("ending", WORDING, Kind.CATEGORY, (("planned", WORDING), ("moved", "Moved"))),
        Variable("first", "First", Kind.TENTHS),
    ),
    ((123456789012, "planned", 253), (999999999999, None, None), (100000000000, "moved", 0)),
)


@pytest.fixture
def files(study, episodes, ada, lea):
    return made(study, ada, lea)[1]


@pytest.fixture
def folder(files, tmp_path):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def read(kind, content, folder):
    """(columns as numbers, what the file says of itself) of an SPSS or Stata file."""
    path = folder / f"file.{kind}"
    path.write_bytes(content)
    return {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta}[kind](path)


@pytest.mark.parametrize(("kind", "write"), [("sav", research_spss), ("dta", research_stata)])
def test_spss_and_stata_hold_numbers_with_missing_as_missing_and_labels_that_we_cut(kind, write, tmp_path):
    columns, about = read(kind, write(TABLE), tmp_path)
    assert list(columns.episode) == [123456789012, 999999999999, 100000000000]
    assert columns.isna().sum().to_dict() == {"episode": 0, "ending": 1, "first": 1}
    assert set(columns.dtypes) == {pandas.Series([1.0]).dtype}
    assert not any(about.missing_ranges.values()) and not any(about.missing_user_values.values())
    assert set(about.variable_value_labels) == {"ending"}  # none on marks
    assert about.column_labels[1] == "æ" * 79 + "…"
    label = about.variable_value_labels["ending"][1]
    assert label == "æ" * 58 + "…" and len(label.encode()) <= 120
    assert about.variable_value_labels["ending"][2] == "Moved"


def test_parquet_holds_whole_numbers_that_pandas_reads_as_whole_numbers(tmp_path):
    read = pyarrow.parquet.read_table(io.BytesIO(research_parquet(TABLE)))
    assert read.schema.field("first").type == pyarrow.int16()
    assert not any(pyarrow.types.is_decimal(field.type) for field in read.schema)
    frame = pandas.read_parquet(io.BytesIO(research_parquet(TABLE)))
    assert frame["first"].dtype == "Int16" and frame["episode"].dtype == "Int64"
    assert frame["first"].mean() == 126.5 and frame["first"].isna().sum() == 1


def test_names_that_differ_in_capitals_only_and_long_ones_are_no_table():
    for name in ("FIRST", "a" * 33, "første"):
        with pytest.raises(ValueError, match="names of columns"):
            ExportTable("t", "", (*TABLE.variables, Variable(name, "", Kind.COUNT)), ())


def test_a_label_is_cut_between_letters():
    assert shortened("abc", letters=3) == "abc" and shortened("abcd", letters=3) == "ab…"
    assert shortened("æ" * 60, octets=120) == "æ" * 60
    assert len(shortened("æ" * 61, octets=120).encode()) <= 120


def test_every_format_has_the_same_means_to_a_billionth(files, folder):
    names = {name.partition(".")[0] for name in files if name.endswith(".parquet")}
    assert names == {"episodes", "ratings"}
    known = pandas.read_csv(folder / "means.csv")
    assert {"outcome_first", "outcome_last", "sessions"} <= set(known.column) and "total" in set(known.column)
    for table, lines in known.groupby("table"):
        read = {
            "csv": pandas.read_csv(folder / f"{table}.csv"),
            "parquet": pandas.read_parquet(folder / f"{table}.parquet"),
            "pyarrow": pyarrow.parquet.read_table(folder / f"{table}.parquet").to_pandas(),
            "sav": pyreadstat.read_sav(folder / f"{table}.sav")[0],
            "dta": pyreadstat.read_dta(folder / f"{table}.dta")[0],
        }
        for line in lines.itertuples():
            for columns in read.values():
                assert columns[line.column].notna().sum() == line.n
                assert columns[line.column].mean() == pytest.approx(line.mean, abs=1e-9)


def test_marks_and_totals_are_those_of_the_database(study, episodes, files, folder):
    ratings = pandas.read_csv(folder / "ratings.csv")
    with tenant(study.organisation_id):
        stored = list(Rating.objects.current().values_list("instrument", "total"))
        held = Session.objects.valid().count()
    assert sorted(ratings[ratings.total.notna()][["instrument", "total"]].itertuples(index=False, name=None)) == sorted(
        stored
    )
    assert len(ratings.groupby(["episode", "session"])) == held
    reasons = ratings[ratings.total.isna()].total_missing.value_counts().to_dict()
    assert reasons == {"not_asked": 64, "declined": 64, "not_here": 64}
    assert ratings[ratings.total.notna()].total_missing.isna().all()


def test_rows_stand_practitioner_by_practitioner(folder):
    """Programs that count a cluster for each run of rows count three, not one for each change of day."""
    episodes = pandas.read_csv(folder / "episodes.csv")
    runs = [key for key, _rows in groupby(episodes.practitioner.fillna(0))]
    assert len(runs) == len(set(runs)) and len(set(runs) - {0}) == 3
    ratings = pandas.read_csv(folder / "ratings.csv")
    assert list(dict.fromkeys(ratings.episode)) == list(episodes.episode)


def test_no_word_name_or_day_is_in_the_tables(folder, episodes, ann, study):
    with tenant(ann.organisation_id):
        known = {one.client.reference for one in episodes} | {str(one.pk) for one in episodes}
    for name in ("episodes.csv", "ratings.csv"):
        text = (folder / name).read_text()
        assert not any(word in text for word in (*known, ann.name, str(ann.pk), "harbour"))
        assert not re.search(r"\d{4}-\d\d|\d\d?[./]\d\d?[./]\d", text)


def test_the_codebook_has_each_column_with_its_whole_wording_and_its_categories(files):
    root = ElementTree.fromstring(files["codebook.xml"])
    assert root.tag == "{ddi:codebook:2_5}codeBook" and root.get("version") == "2.5"
    assert [one.tag.partition("}")[2] for one in root] == ["stdyDscr", "fileDscr", "fileDscr", "dataDscr"]
    assert root.findtext("d:stdyDscr/d:citation/d:titlStmt/d:titl", namespaces=DDI) == "Trial"
    abstract = root.findtext("d:stdyDscr/d:stdyInfo/d:abstract", namespaces=DDI)
    assert "Does feedback help?" in abstract and "The committee, H-26000001" in abstract
    ids = [one.get("ID") for one in root.iter("{ddi:codebook:2_5}var")]
    assert len(ids) == len(set(ids))
    for table in ("episodes", "ratings"):
        header = files[f"{table}.csv"].decode().partition("\n")[0].split(",")
        described = root.findall(f"d:dataDscr/d:var[@files='{table}']", DDI)
        assert [one.get("name") for one in described] == header
        # The order in which the standard has what is inside.
        order = ["labl", "sumStat", "txt", "catgry", "varFormat"]
        for one in described:
            found = [order.index(part.tag.partition("}")[2]) for part in one]
            assert found == sorted(found) and one.findtext("d:labl", namespaces=DDI)
    ending = next(one for one in root.iter("{ddi:codebook:2_5}var") if one.get("name") == "ending")
    keys = [one.findtext("d:txt", namespaces=DDI) for one in ending.findall("d:catgry", DDI)]
    numbers = [one.findtext("d:catValu", namespaces=DDI) for one in ending.findall("d:catgry", DDI)]
    assert keys[:2] == ["planned", "unplanned"] and numbers == [str(n) for n in range(1, len(keys) + 1)]
    page = files["codebook.html"].decode()
    assert "Why it has no part in first and last scores; empty where it has" in page and "1 = planned: Planned" in page


def test_an_answer_that_nobody_here_sees_is_in_the_file(study, episodes, ada, lea, ann):
    with tenant(ann.organisation_id):
        participant = study.participants.first()
        session = Session.objects.filter(episode=participant.episode_id, attendance="attended").first()
        StudyAnswer.objects.create(
            organisation=ann.organisation,
            participant=participant,
            session=session,
            instrument="who5",
            marks=[1, 2, 3, 4, 5],
            total=15,
            submission_id=session.pk,
        )
    _export, files = made(study, ada, lea)
    ratings = pandas.read_csv(io.BytesIO(files["ratings.csv"]))
    [answer] = ratings[ratings.instrument == "who5"].itertuples()
    assert (answer.mark_1, answer.mark_5, answer.total) == (10, 50, 150)


def run(program, folder):
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)


# R, where it is installed.
NO_R = pytest.mark.skipif(
    shutil.which("Rscript") is None, reason="NOT RUN: R is not installed (apt: r-base-core r-cran-haven)"
)
PROGRAMS = [
    pytest.param([sys.executable, "reproduce.py"], id="pandas"),
    pytest.param(["Rscript", "reproduce.R"], id="R", marks=NO_R),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_results_are_reproduced_to_the_last_digit_and_a_wrong_one_is_found(program, folder):
    said = run(program, folder)
    assert said.returncode == 0, said.stdout + said.stderr
    figures = len((folder / "results.csv").read_text().splitlines()) - 1
    assert figures > 50 and f"{figures} of {figures} figures are the same to the last digit" in said.stdout
    assert "episodes.sav" in said.stdout.replace(" :", "")
    wrong = (folder / "results.csv").read_text().replace("ors.better,", "ors.better,1")
    (folder / "results.csv").write_text(wrong)
    assert run(program, folder).returncode == 1


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_mean_that_differs_is_found(program, folder):
    means = (folder / "means.csv").read_text().splitlines()
    means[1] = means[1].rpartition(",")[0] + ",0.5"
    (folder / "means.csv").write_text("\n".join(means) + "\n")
    said = run(program, folder)
    assert said.returncode == 1 and "another mean" in said.stdout


def test_figures_are_those_that_the_results_page_shows(study, episodes, files, browser, ada, ann):
    """All clients of the team take part, so the page of whoever sees them is about the same episodes."""
    figures = dict(line.split(",") for line in files["results.csv"].decode().splitlines()[1:])
    browser.force_login(ann.user)
    page = " ".join(browser.get("/results/?of=teams").content.decode().split()).replace("\N{NO-BREAK SPACE}", " ")
    page = page.replace("\N{MINUS SIGN}", "-")

    def said(name):
        return figures[f"ors.{name}"]

    assert f"{said('better')} of {said('used')} ended episodes ended with progress" in page
    assert f"{said('better.share')} % ({said('better.low')} to {said('better.high')} %)" in page
    assert f"+{said('change')} ({said('change.low')} to {said('change.high')})" in page
    assert said("effect") in page and said("alliance") in page
    for group in ("0-9", "10-14", "15-19", "20-24", "25-"):
        for what in ("first", "last"):
            assert f">{said(f'began.{group}.{what}')}<" in page


def test_forms_of_too_few_are_left_out_and_counted(study, episodes, ada, lea, ann, service, red_team):
    children = add_episodes(ann, service, [(200, 300)] * 4, team=red_team, age_at_intake=9)
    enrol(study, ada, children)
    export, files = made(study, ada, lea)
    assert export.report["left_out"] == {"too_few": 4} and export.report["people"] == 64
    assert "cors" not in files["episodes.csv"].decode()
    assert json.loads(files["report.json"]) == export.report
