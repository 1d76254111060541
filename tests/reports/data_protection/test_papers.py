"""The papers of data protection: each table in one activity, files that Word opens, a column a line."""

import csv
import html
import io

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import translation
from docx import Document

from organisations.history.privacy import marks, own_models
from organisations.history.tracking import is_event_model
from reports.data_protection import activities
from reports.data_protection.activities import ACTIVITIES, NOBODY, activity_of, kinds_of
from reports.data_protection.processing_record import OPEN, data_words, processing_record
from reports.data_protection.word_file import word_file
from reports.pdf.parts import Picture

pytestmark = pytest.mark.django_db


def without_activity():
    found = activity_of()
    return sorted(model._meta.label for model in own_models() if model._meta.label not in found)


def test_each_table_belongs_to_one_activity():
    named = [model for one in ACTIVITIES for model in one.models.split()]
    assert without_activity() == []
    assert len(named) == len(set(named))
    assert all(not is_event_model(apps.get_model(model)) for model in named)


def test_a_table_of_no_activity_is_named(monkeypatch):
    monkeypatch.setattr(activities, "ACTIVITIES", [one for one in ACTIVITIES if one.key != "alerts"])
    assert {"sessions_app.Alert", "sessions_app.AlertEvent"} <= set(without_activity())


def test_only_what_is_about_nobody_says_so():
    for one in ACTIVITIES:
        assert bool(data_words(one)) == (NOBODY not in one.whose), one.key
    assert sum(kinds_of(one).total() for one in ACTIVITIES) == sum(
        len(columns) for label, columns in marks().items() if not is_event_model(apps.get_model(label))
    )


def text_of(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


@pytest.mark.parametrize("language", ["en", "da", "sv", "nb"])
@pytest.mark.parametrize("route", ["processing-record-docx", "impact-assessment-docx"])
def test_a_paper_opens_in_word_and_names_each_activity(ada, browser, route, language):
    ada.user.language = language
    ada.user.save()
    browser.force_login(ada.user)
    words = text_of(browser.get(reverse(route)).content)
    with translation.override(language):
        for one in ACTIVITIES:
            assert str(one.name) in words
    assert ada.organisation.name in words
    assert OPEN in words


def test_a_part_without_a_shape_is_an_error():
    with pytest.raises(TypeError, match="picture"):
        word_file("Title", "en", [Picture("<svg/>", alternative="a picture")])


def test_the_record_of_processing_says_which_health_data_there_are(house):
    facts = [part.rows for part in processing_record(house) if part.kind == "facts"]
    special = [rows for rows in facts if any(name == "Special categories" for name, _value in rows)]
    assert len(special) == sum(one.about_health for one in ACTIVITIES)


def test_the_map_has_a_line_for_each_column_of_each_table(ada, browser):
    browser.force_login(ada.user)
    content = browser.get(reverse("data-map-csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert {(row["Table"], row["Column"]) for row in rows} == {
        (label, name) for label, columns in marks().items() for name in columns
    }
    kinds = {(row["Table"], row["Column"]): row["Kind"] for row in rows}
    assert kinds["sessions_app.Note", "text"] == "words"
    assert kinds["clients.Client", "reference"] == "identity"


def test_the_page_shows_what_is_processed_for_what(ada, browser):
    browser.force_login(ada.user)
    page = html.unescape(browser.get(reverse("data-protection")).content.decode())
    assert all(str(one.purpose) in page for one in ACTIVITIES)
