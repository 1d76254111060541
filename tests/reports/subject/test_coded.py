"""What a client is given to read holds words where the database holds codes."""

import pytest
from django.conf import settings
from django.db import models
from django.utils.translation import override

from clients.retention.registry import RULES as RETENTION_RULES
from organisations.history.privacy import DataClass, marks
from organisations.tenancy.context import tenant
from reports.subject.coded import IN_WORDS, NO_CODES
from reports.subject.content import read_subject
from reports.subject.document_pdf import subject_document
from reports.subject.graph import columns_in, goes_in, graph, tracked_by
from sessions_app.measures.rules import RULES
from sessions_app.models import Alert
from tests.reports.pdf.pdf_reading import text_of
from tests.reports.subject.test_subject_export import as_lea, files_of, make, the, written  # noqa: F401

WITH_WORDS = (DataClass.WORDS, DataClass.IDENTITY)
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def coded_columns() -> set[str]:
    """Columns of text that are given, with neither words, names nor a list of values of their own."""
    found = set()
    for model in graph():
        if not goes_in(model) or tracked_by(model) is not None:
            continue
        for name in columns_in(model):
            column, holds = model._meta.get_field(name), marks()[model._meta.label][name]
            if isinstance(column, models.CharField) and not column.flatchoices and holds not in WITH_WORDS:
                found.add(name)
    return found


def test_each_column_of_codes_has_words():
    assert coded_columns() == IN_WORDS.keys() | NO_CODES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_rule_is_a_sentence_in_the_language_of_the_document(language):
    with override(language):
        for rule in RULES:
            assert " " in IN_WORDS["rule"](rule.key), (rule.key, language)
        assert IN_WORDS["rule"]("Z9") == "Z9"  # of an older version: better than nothing


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_names_no_rule_by_its_code(as_lea, nils, episode, written, language):  # noqa: F811
    with tenant(nils.organisation_id):
        own = {"organisation": nils.organisation, "episode": episode, "raised_on": written.held_on}
        for rule in RULES:
            Alert.objects.create(**own, rule=rule.key, level="red")
        with override(language):
            text = str(subject_document(read_subject(nils)).parts)
    codes = {rule.key for rule in RULES} | {rule.key for rule in RETENTION_RULES}
    assert not [code for code in codes if f"'{code}'" in text or f" {code} " in text]
    with override(language):
        assert all(IN_WORDS["rule"](rule.key) in text for rule in RULES)


@pytest.mark.django_db
def test_the_pdf_shows_the_sentence(as_lea, nils, episode, written):  # noqa: F811
    with tenant(nils.organisation_id):
        own = {"organisation": nils.organisation, "episode": episode, "raised_on": written.held_on}
        Alert.objects.create(**own, rule=RULES[0].key, level="red")
    text = " ".join(text_of(the(files_of(make(as_lea, nils, language="da")), ".pdf")).split())
    with override("da"):
        assert IN_WORDS["rule"](RULES[0].key)[:30] in text
        assert IN_WORDS["form_language"](nils.form_language) in text
