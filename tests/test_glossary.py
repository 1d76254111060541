"""One concept, one word: translations and the words of the forms say each as tests/data/glossary.toml has it."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from sessions_app.texts.form_wording import FOLDER
from sessions_app.texts.handbook import chapter_texts, paragraph_texts
from tests.test_translations import LANGUAGES, catalogue, in_every_language, texts

GLOSSARY = tomllib.loads((Path(__file__).parent / "data/glossary.toml").read_text(encoding="utf-8"))
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern of the glossary is in a text, whose placeholders are no words."""
    return re.search(pattern, PLACEHOLDER.sub("", text), re.IGNORECASE) is not None


def said(language: str) -> list[tuple[str, str]]:
    """Each English text of the catalogue with its translation."""
    return [pair for entry in catalogue(language) for pair in texts(entry)]


def form_texts(node: object) -> list[str]:
    """All texts in the words of the forms."""
    if isinstance(node, str):
        return [node]
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return [text for part in parts for text in form_texts(part)]


def handbook_texts(language: str) -> list[str]:
    """All our own texts of the handbook."""
    found = [chapter.title for chapter in chapter_texts(language)]
    for text in paragraph_texts(language).values():
        found += [text.title, text.text, *(line for said in text.suggestions.values() for line in said)]
    return found


def without_the_word(language: str, pairs: list[tuple[str, str]]) -> list[str]:
    """Translations that lack the word of a concept their English text has."""
    return [
        f"{rule['concept']}: “{english}” is “{translation}”, without {rule[language]}"
        for rule in GLOSSARY["said"]
        for english, translation in pairs
        if matches(rule["english"], english)
        and not matches(rule[language], translation)
        and english not in rule.get("except", {}).get(language, ())
    ]


def with_another_word(language: str, pairs: list[tuple[str, str]]) -> list[str]:
    """Texts that say a concept in a word that is not the one of the glossary."""
    return [
        f"{rule['concept']}: {rule['word']} is the word, not as in “{translation}”"
        for rule in GLOSSARY["never"][language]
        for english, translation in pairs
        if matches(rule["pattern"], translation) and english not in rule.get("except", ())
    ]


@in_every_language
def test_a_concept_is_said_in_its_word(language):
    assert without_the_word(language, said(language)) == []


@in_every_language
def test_no_concept_has_a_second_word(language):
    forms = form_texts(json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8")))
    assert len(forms) > 100
    handbook = handbook_texts(language)
    assert len(handbook) > 200
    assert with_another_word(language, said(language) + [(text, text) for text in [*forms, *handbook]]) == []


@pytest.mark.parametrize(
    ("language", "english", "translation"),
    [
        ("da", "Choose the client.", "Vælg klienten."),
        ("sv", "Every mark", "Varje märke"),
        ("sv", "3 measurements", "3 mätningar"),
        ("sv", "The cut-off", "Gränsen"),
        ("nb", "The band", "Båndet"),
        ("nb", "Practitioners", "Behandlere"),
    ],
)
def test_another_word_is_found(language, english, translation):
    """The control."""
    assert with_another_word(language, [(english, translation)])


@pytest.mark.parametrize(
    ("language", "english", "translation"),
    [
        ("da", "The band is wide.", "Feltet er bredt."),
        ("sv", "Add a passkey", "Lägg till en nyckel"),
        ("nb", "%(client)s has a new contact person.", "%(client)s har en ny ansvarlig."),
    ],
)
def test_a_missing_word_is_found(language, english, translation):
    """The control."""
    assert without_the_word(language, [(english, translation)])


@in_every_language
def test_what_is_excepted_is_still_there(language):
    """An exception whose text is gone would only hide the next fault."""
    known = {english for english, _translation in said(language)}
    known |= set(form_texts(json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))))
    excepted = [text for rule in GLOSSARY["said"] for text in rule.get("except", {}).get(language, ())]
    excepted += [text for rule in GLOSSARY["never"][language] for text in rule.get("except", ())]
    assert [text for text in excepted if text not in known] == []


def test_the_glossary_knows_every_language():
    assert set(GLOSSARY["never"]) == set(LANGUAGES)
    assert all(set(LANGUAGES) <= set(rule) for rule in GLOSSARY["said"])
    assert settings.LANGUAGE_CODE not in GLOSSARY["never"]
