"""fit_project/languages.py is the one list of languages; everything else follows from it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from clients.models import sorting
from clients.models.form_languages import language_name
from clients.models.sorting import sort_key
from fit_project.languages import LANGUAGES, Alphabet, ImportWords, Language
from organisations.models import Country, language_choices, usual_language
from sessions_app.imports import columns
from sessions_app.texts import form_wording
from tests.test_house import sources

CODES = {language.code for language in LANGUAGES}
TRANSLATED = sorted(CODES - {settings.LANGUAGE_CODE})
ROOT = Path(__file__).resolve().parents[1]


def constants(nodes: list) -> set[str]:
    """The codes among these nodes, also as the first of a pair."""
    firsts = [node.elts[0] if isinstance(node, ast.Tuple | ast.List) and node.elts else node for node in nodes]
    return {node.value for node in firsts if isinstance(node, ast.Constant) and isinstance(node.value, str)} & CODES


def lists_of_codes(text: str) -> Iterator[str]:
    """Where a module lists languages by their codes: in a sequence, a table, the members of a class, or one text."""
    for node in ast.walk(ast.parse(text)):
        listed: set[str] = set()
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            listed = constants(node.elts)
        elif isinstance(node, ast.Dict):
            listed = constants([key for key in node.keys if key is not None])
        elif isinstance(node, ast.ClassDef):
            listed = constants([line.value for line in node.body if isinstance(line, ast.Assign)])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = re.split(r"[\s,|]+", node.value)
            listed = CODES & set(words) if set(words) <= CODES else set()
        if len(listed) > 1:
            yield f"line {node.lineno}: {sorted(listed)}"


def test_no_module_has_a_second_list_of_the_languages():
    now = ((name, text) for name, text in sources(".py") if "/migrations/" not in name)
    found = [f"{name}: {where}" for name, text in now for where in lists_of_codes(text)]
    assert not found, "take them from settings.MEDSPIL_LANGUAGES\n" + "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        'LANGUAGES = ("da", "sv", "nb", "en")',
        'SOME = ["da", "nb"]',
        'NAMES = [("da", "Danish"), ("sv", "Swedish")]',
        'AFTER_Z = {"da": "æøå", "sv": "åäö"}',
        'class Tongue(TextChoices):\n    DANISH = "da", _("Danish")\n    SWEDISH = "sv", _("Swedish")',
        'if language in {"da", "nb"}: pass',
        'CODES = "da sv nb".split()',
    ],
)
def test_a_second_list_is_seen(text):
    assert list(lists_of_codes(text))


def test_one_language_alone_is_no_list():
    assert not list(lists_of_codes('with override("en"): x = {"da": 1}; y = ("en", "no")'))


def test_the_settings_and_the_tests_have_the_same_languages():
    assert [code for code, _name in settings.LANGUAGES] == [language.code for language in LANGUAGES]
    assert settings.LANGUAGE_CODE in CODES
    assert tuple(language.code for language in LANGUAGES) == form_wording.LANGUAGES


def test_each_language_has_its_wording_and_its_translations_and_no_other_has():
    assert {path.stem for path in form_wording.FOLDER.glob("*.json")} == CODES
    assert sorted(path.name for path in (ROOT / "locale").iterdir() if path.is_dir()) == TRANSLATED


def test_make_messages_gathers_each_language():
    gathered = re.findall(r"--locale (\w+)", (ROOT / "Makefile").read_text())
    assert sorted(gathered) == TRANSLATED


def test_each_country_has_one_language():
    countries = [language.country for language in LANGUAGES if language.country]
    assert sorted(countries) == sorted(country for country in Country.values if country != Country.OTHER)


def test_the_words_of_a_file_mean_columns_and_values_that_there_are():
    for language in LANGUAGES:
        assert set(language.imports.columns) <= set(columns.COLUMNS), language.code
        assert set(language.imports.attendance) <= set(columns.ATTENDANCE.values()), language.code
        assert set(language.imports.endings) <= set(columns.ENDINGS.values()), language.code
        for column, word in language.imports.columns.items():
            assert columns.column_named(word) == column
        for meaning, word in language.imports.attendance.items():
            assert columns.ATTENDANCE[word] == meaning
        for meaning, word in language.imports.endings.items():
            assert columns.ENDINGS[word] == meaning


@pytest.fixture
def finnish(settings):
    """A fifth language, for as long as a test takes."""
    words = ImportWords(columns={"held_on": "päivä"})
    one = Language("fi", "Finnish", country="FI", alphabet=Alphabet(("å", "ä", "ö")), imports=words)
    settings.MEDSPIL_LANGUAGES = (*LANGUAGES, one)
    sorting.alphabet_of.cache_clear()
    yield
    sorting.alphabet_of.cache_clear()


def test_a_language_that_is_added_to_the_list_is_offered_sorted_and_read(finnish):
    assert language_choices()[-1] == ("fi", "Finnish")
    assert usual_language("FI") == "fi"
    assert usual_language(Country.OTHER) == settings.LANGUAGE_CODE
    assert language_name("fi") == "Finnish"
    assert columns.in_every_language("columns", ["held_on"])["held_on"] == ("dato", "datum", "päivä")
    assert sorted(["Öhman", "Åberg", "Zell"], key=lambda text: sort_key(text, "fi")) == ["Zell", "Åberg", "Öhman"]


def test_a_language_is_called_in_the_readers_language():
    with translation.override("da"):
        assert [str(name) for _code, name in language_choices()] == ["Dansk", "Svensk", "Norsk", "Engelsk"]
