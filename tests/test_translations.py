"""Every text in every language: complete, with the same placeholders, compiled, and none forgotten."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation

from organisations.login.library_texts import LIBRARY_TEXTS
from organisations.management.commands.makemessages import Command

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
GATHERED = ("fit_project", "organisations", "clients", "sessions_app", "reports", "templates", "locale")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%](?![a-z])|</?[a-z]+[^>]*>|\{\w*\}")

in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def catalogue(language: str, root: Path = ROOT) -> polib.POFile:
    return polib.pofile(str(root / "locale" / language / "LC_MESSAGES/django.po"))


def key(entry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def texts(entry) -> list[tuple[str, str]]:
    """Each English text with its translation; a plural form has its own."""
    if entry.msgid_plural:
        return [(entry.msgid, entry.msgstr_plural.get(0, "")), (entry.msgid_plural, entry.msgstr_plural.get(1, ""))]
    return [(entry.msgid, entry.msgstr)]


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


@in_every_language
def test_every_text_is_translated(language):
    entries = catalogue(language)

    assert len(entries) > 500
    assert [entry.msgid for entry in entries if not all(said.strip() for __, said in texts(entry))] == []
    assert [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete] == []


@in_every_language
def test_a_translation_has_the_placeholders_and_marks_of_its_text(language):
    wrong = [
        (english, said)
        for entry in catalogue(language)
        for english, said in texts(entry)
        if placeholders(english) != placeholders(said)
    ]
    assert wrong == []


@in_every_language
def test_a_translation_ends_as_its_text_does(language):
    """A sentence stays a sentence, a label a label, and no space is lost or won at an edge."""
    wrong = [
        (english, said)
        for entry in catalogue(language)
        for english, said in texts(entry)
        if (english.rstrip()[-1] in ".?!:…" and said.rstrip()[-1:] != english.rstrip()[-1])
        or english[-1].isspace() != said[-1:].isspace()
    ]
    assert wrong == []


@in_every_language
def test_the_compiled_texts_are_those_of_the_catalogue(language):
    compiled = polib.mofile(str(ROOT / "locale" / language / "LC_MESSAGES/django.mo"))

    assert {key(entry): texts(entry) for entry in compiled} == {
        key(entry): texts(entry) for entry in catalogue(language)
    }


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("da", "forsinket 1 dag, forsinket 3 dage"),
        ("sv", "försenat 1 dag, försenat 3 dagar"),
        ("nb", "1 dag over tiden, 3 dager over tiden"),
    ],
)
def test_numbers_choose_their_form(language, said):
    with translation.override(language):
        forms = [
            translation.ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days} for days in (1, 3)
        ]
    assert ", ".join(forms) == said


def called_texts(source: str) -> set[str]:
    """Every literal text that Python code gives to gettext, also inside an f-string, where xgettext is blind."""
    plain = {"_", "gettext", *(option.split("=")[1] for option in Command.xgettext_options if option[-1].isalpha())}
    found = set()
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        name = call.func.id.removesuffix("_lazy")
        texts_at = {"pgettext": slice(1, 2), "ngettext": slice(0, 2), "npgettext": slice(1, 3)}.get(name)
        if texts_at or call.func.id in plain or name in plain:
            given = call.args[texts_at or slice(0, 1)]
            found |= {each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return found


def test_every_text_that_python_says_is_in_the_catalogue():
    kept = {text for entry in catalogue("da") for text in (entry.msgid, entry.msgid_plural)}
    files = [file for name in GATHERED[:5] for file in (ROOT / name).rglob("*.py")]
    said = {text: file.name for file in files for text in called_texts(file.read_text())}

    assert len(said) > 300
    assert {text: file for text, file in said.items() if text not in kept} == {}


def test_no_text_of_the_code_is_missing_in_the_catalogues(tmp_path):
    if shutil.which("xgettext") is None:
        if os.environ.get("MEDSPIL_DEMAND_GETTEXT"):
            pytest.fail("gettext is demanded and missing")
        pytest.skip("NOT RUN: no gettext")
    for name in GATHERED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    subprocess.run(
        [
            *(sys.executable, "manage.py", "makemessages", "--no-obsolete", "--add-location", "file"),
            *(part for language in LANGUAGES for part in ("--locale", language)),
        ],
        cwd=tmp_path,
        env={**os.environ, "MEDSPIL_ENV": "test", "DATABASE_URL": "postgresql://fit_app@127.0.0.1:1/none"},
        check=True,
        capture_output=True,
    )

    for language in LANGUAGES:
        gathered = {key(entry) for entry in catalogue(language, tmp_path)}
        kept = {key(entry) for entry in catalogue(language)}
        assert gathered - kept == set(), "run `make messages` and translate"
        assert kept - gathered == set(), "run `make messages`: these are no longer used"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", ["E-mailadresse", "E-mailadressen eller adgangskoden er forkert."]),
        ("sv", ["E-postadress", "E-postadressen eller lösenordet stämmer inte."]),
        ("nb", ["E-postadresse", "Feil e-postadresse eller passord."]),
    ],
)
def test_the_librarys_texts_are_said_in_our_words(language, words):
    with translation.override(language):
        assert [translation.gettext(text) for text in LIBRARY_TEXTS[:2]] == words
