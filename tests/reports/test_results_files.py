"""Results as workbook and as report: what the page shows an administrator, typed, without formulas, and no more."""

import io
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from reports.exports import results_pdf
from reports.results.read import read_results
from sessions_app.pdf.child import CannotBeSet
from tests.reports.pdf.pdf_reading import faults_of, said_of_itself, text_of
from tests.reports.test_results import file_of, pairs_like
from tests.reports.test_results_consent import NO, say
from tests.results_rows import START, add_episodes

pytestmark = pytest.mark.django_db


@pytest.fixture
def episodes(ann, ben, service, red_team):
    """Sixty ended episodes of two people, of two years; three of them got worse."""
    for place, person in enumerate((ann, ben)):
        pairs = pairs_like(20 + place, 28)
        add_episodes(person, service, pairs, team=red_team, contact=person, started_on=START.replace(year=2024 + place))
        add_episodes(person, service, [(150, 260)] * 2, team=red_team, contact=person)


def workbook_of(browser, person, status=200, **chosen):
    browser.force_login(person.user)
    answer = browser.get(reverse("results-xlsx"), chosen)
    assert answer.status_code == status
    return answer, load_workbook(io.BytesIO(answer.content))


def pdf_of(browser, person, **chosen):
    browser.force_login(person.user)
    return browser.get(reverse("results-pdf"), chosen)


def test_the_workbook_has_the_rows_of_the_other_file_with_numbers_as_numbers(browser, ada, episodes):
    answer, book = workbook_of(browser, ada)
    assert answer["Content-Disposition"].endswith('.xlsx"')
    first = book.worksheets[0]
    rows = [["" if cell.value is None else cell.value for cell in row] for row in first.iter_rows()]
    lines = [line + [""] * (len(rows[0]) - len(line)) for line in file_of(browser, ada)]
    assert [[f"{one:.1f}" if isinstance(one, float) else str(one) for one in row] for row in rows] == lines
    assert "*" in {cell for row in rows for cell in row}, "small numbers are hidden in it too"
    total = rows[2]
    assert [type(one) for one in total] == [str, int, int, int, float, float, float]
    assert first.cell(row=3, column=5).number_format == "0.0"
    assert first.freeze_panes == "B3"
    about = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert about["Whose results"] == "The whole organisation"
    assert "fewer than 10 clients" in about["The star"]
    with tenant(ada.organisation_id):
        assert AccessEvent.objects.filter(action="results.export").count() == 2


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "#N/A", "=\x01"])
def test_no_cell_of_the_workbook_is_a_formula(browser, ada, service, episodes, name):
    with tenant(service.organisation_id):
        type(service).objects.filter(pk=service.pk).update(name=name)
    _answer, book = workbook_of(browser, ada, of=f"service:{service.pk}")
    cell = book.worksheets[0]["A1"]
    assert (cell.data_type, cell.value.strip()) == ("s", name.replace("\x01", "").strip())
    assert cell.quotePrefix == (name[0] != "#")


def test_a_choice_that_the_page_refuses_makes_an_empty_workbook(browser, ada, episodes):
    _answer, book = workbook_of(browser, ada, status=422, age="30-44", year="2024")
    assert book.worksheets[0].max_row == 1 and book.worksheets[0]["A1"].value is None


TITLES = {
    "en": ("Results: The whole organisation", "What the figures cannot say"),
    "da": ("Resultater: Hele organisationen", "Hvad tallene ikke kan sige"),
    "sv": ("Resultat: Hela organisationen", "Vad siffrorna inte kan säga"),
    "nb": ("Resultater: Hele organisasjonen", "Hva tallene ikke kan si"),
}


@pytest.mark.parametrize("language", TITLES)
def test_in_each_language_the_checker_passes_the_report(browser, ada, episodes, language):
    type(ada.user).objects.filter(pk=ada.user_id).update(language=language)
    with translation.override(language):
        answer = pdf_of(browser, ada)
    assert answer["Content-Type"] == "application/pdf"
    assert faults_of(answer.content) == []
    title, limits = TITLES[language]
    assert said_of_itself(answer.content) == {
        "language": language, "title": title, "archive": "2A", "accessible": "1", "tagged": "True",
    }  # fmt: skip
    assert limits in text_of(answer.content)


def test_the_report_says_what_the_page_says_and_names_what_is_hidden(browser, ada, episodes):
    answer = pdf_of(browser, ada)
    read = " ".join(text_of(answer.content).split())
    assert "All that have begun so far" in read
    assert "of 60 ended episodes ended with progress" in read
    assert "still going on 0" in read and "Counted 60" in read
    assert "they do not show that the help, feedback or this program made anybody better" in read
    assert "A star stands where fewer than 10 clients could be told about" in read
    assert "Hidden here: " in read
    assert "2024" in read and "2025" in read
    with tenant(ada.organisation_id):
        event = AccessEvent.objects.get(action="results.report")
    assert (event.typed, event.client_ids) == ("of=all form=ors", [])


def test_a_lead_reports_of_each_team_what_an_administrator_would(browser, ada, lea, service, red_team, episodes):
    chosen = f"part:{service.pk}:{red_team.pk}"
    text = text_of(pdf_of(browser, lea).content)
    of_admin = text_of(pdf_of(browser, ada, of=chosen).content)
    assert f"{service.name}: {red_team.name}" in text
    assert text == of_admin, "the lea sees each of these clients, the report tells of none"
    with tenant(lea.organisation_id):
        seen = AccessEvent.objects.filter(action="results.report").values_list("typed", "client_ids")
        assert set(seen.values_list("typed", flat=True)) == {f"of={chosen} form=ors"}
        assert all(ids == [] for _typed, ids in seen)


@pytest.mark.parametrize("of", ["all", "part:{service}:{blue}", "own"])
def test_a_lead_reports_of_nobody_else(browser, lea, service, blue_team, episodes, of):
    answer = pdf_of(browser, lea, of=of.format(service=service.pk, blue=blue_team.pk))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("results"))


def test_one_that_cannot_be_set_is_told_on_the_page(browser, ada, episodes, monkeypatch):
    def fail(document):
        raise CannotBeSet("no")

    monkeypatch.setattr(results_pdf, "set_pdf", fail)
    browser.force_login(ada.user)
    answer = browser.get(reverse("results-pdf"), follow=True)
    assert "The PDF could not be made. Try once more." in answer.content.decode()


def test_nobody_counted_is_a_report_too(browser, ada):
    answer = pdf_of(browser, ada)
    assert faults_of(answer.content) == []
    assert "Nobody to count yet." in text_of(answer.content)


def test_who_said_no_is_in_no_file(browser, ada, ann, ben, service, red_team):
    made = [
        episode
        for person in (ann, ben)
        for episode in add_episodes(person, service, [(150, 220)] * 40, team=red_team, contact=person)
    ]
    say(ann, [*made[:12], *made[-12:]], NO)
    _answer, book = workbook_of(browser, ada)
    assert [cell.value for cell in book.worksheets[0][3]][:3] == ["all", 56, 56]
    assert "Counted 56" in " ".join(text_of(pdf_of(browser, ada).content).split())


def test_what_is_published_is_read_by_as_many_queries_for_five_as_for_one(lea, service, red_team):
    def cost():
        with tenant(lea.organisation_id), CaptureQueriesContext(connection) as queries:
            read_results(lea, {}, to_publish=True)
        return len(queries)

    add_episodes(lea, service, [(150, 260)], team=red_team, contact=lea)
    one = cost()
    add_episodes(lea, service, [(150, 200 + Random(1).randint(0, 9))] * 4, team=red_team, contact=lea)
    assert cost() == one
