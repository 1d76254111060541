"""The statistical target is the expected course, never the client's own goal; no shared page proposes an ending."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from organisations.tenancy.context import tenant
from sessions_app.texts import alerts, rules
from sessions_app.texts import verdict as verdict_texts
from tests.reports.test_pages import held
from tests.test_translations import LANGUAGES, catalogue, texts

# The noun of a goal, in any form; "måling" and "målt" are other words.
GOAL = re.compile(r"\b(del|slut|indsats)?mål(et|en|ene|s|sætning|setning|sättning)?\b", re.IGNORECASE)
PLACE = re.compile(r"%\(\w+\)s")  # where a word is filled in
GOALS_IN_ENGLISH = re.compile(r"\bgoals?\b", re.IGNORECASE)
MEASURE = "Rate a supervision"  # "Mål en veiledning": the verb
ENDING = {
    "en": re.compile(r"\b(ending|the end|close|closing|finish|stop|goodbye|no longer meet)\b", re.IGNORECASE),
    "da": re.compile(r"afslut|slutning|ikke længere (mødes|ses)|farvel|stopper|udskriv", re.IGNORECASE),
    "sv": re.compile(r"avslut|inte längre (möts|ses|träffas)|hej då|slutar|utskriv", re.IGNORECASE),
    "nb": re.compile(r"avslutt|ikke lenger (møtes|ses|treffes)|ha det|slutter|utskriv", re.IGNORECASE),
}


def is_of_goals(entry):
    """Whether a text stands in what is about the client's own goals: a step of theirs is one too."""
    return any("goal" in path for path, _line in entry.occurrences)


def said_on_shared_pages():
    """Every sentence of a verdict or an alert: what the client's page and the result page are made of."""
    lists = (
        verdict_texts.SENTENCES,
        verdict_texts.SHORTS,
        verdict_texts.ADVICE,
        verdict_texts.QUESTIONS,
        verdict_texts.RESULTS,
        alerts.ALERTS,
        rules.RULES,
    )
    return [str(text) for each in lists for text in each.values()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_clients_own_goals_are_called_so(language):
    entries = catalogue(language)
    goals = [entry for entry in entries if GOALS_IN_ENGLISH.search(PLACE.sub("", entry.msgid))]
    assert len(goals) > 1
    assert all(GOAL.search(said) for entry in goals for _english, said in texts(entry))
    others = [entry for entry in entries if entry not in goals and entry.msgid != MEASURE and not is_of_goals(entry)]
    wrong = [said for entry in others for english, said in texts(entry) if GOAL.search(said)]
    assert wrong == []


def test_no_english_text_speaks_of_a_target():
    assert [entry.msgid for entry in catalogue("da") if re.search(r"\btargets?\b", entry.msgid, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", ENDING)
def test_no_sentence_of_a_shared_page_proposes_an_ending(language):
    with translation.override(language):
        said = said_on_shared_pages()
        assert len(said) > 100
        assert [text for text in said if ENDING[language].search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reliable_change_is_not_said_to_be_certain(language):
    """In Danish, Swedish and Norwegian "sikker" and "säker" mean certain."""
    said = [text for entry in catalogue(language) for english, text in texts(entry) if "reliable" in english.lower()]
    assert len(said) > 10
    assert [text for text in said if re.search(r"\b(u?sikker|o?säker)", text, re.IGNORECASE)] == []


LEVEL = re.compile(r"on (line|the level)|på niveau med|i nivå med|på nivå med|på linje med|i linje med", re.IGNORECASE)
BAND = re.compile(r"\bbands?\b|\bbånd|\bfält|\bfelt|middle half|halvdel|hälft|halvpart", re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_the_level_is_said_of_a_line_and_inside_of_the_band(language):
    entries = [pair for entry in catalogue(language) for pair in texts(entry)]
    assert [said for said in entries if any(LEVEL.search(text) and BAND.search(text) for text in said)] == []
    inside = [said for english, said in entries if english.lower().startswith("inside the expected band")]
    assert len(inside) == 2
    assert all(BAND.search(said) and not LEVEL.search(said) for said in inside)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "next_step", "question"),
    [
        ("en", "Talk about the next step", "What is the next step for you?"),
        ("da", "Tal om næste skridt", "Hvad er det næste skridt for dig?"),
        ("sv", "Prata om nästa steg", "Vad är nästa steg för dig?"),
        ("nb", "Snakk om neste steg", "Hva er neste steg for deg?"),
    ],
)
def test_who_has_reached_what_was_expected_is_asked_about_the_next_step(
    browser, ann, nils, episode, language, next_step, question
):
    with tenant(ann.organisation_id):
        last = held(episode, ann, 142, 300, 310, 320, 325)[-1]
    ann.user.language = language
    ann.user.save()
    browser.force_login(ann.user)
    client_page = browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert f"{next_step}." in client_page
    assert question in client_page
    result = browser.get(reverse("session-result", args=[last.pk, "ors"])).content.decode()
    assert question in result
    assert not ENDING[language].search(re.search(r"<h1>.*?</h1>", result, re.DOTALL).group())
