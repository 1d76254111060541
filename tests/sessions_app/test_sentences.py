"""Every key of the measures has its words."""

from datetime import date

import pytest
from django.utils import translation

from sessions_app.measures.instruments import registry
from sessions_app.measures.rules.alert_spans import SENTENCES as ALERT_KEYS
from sessions_app.measures.series import Measured, Series
from sessions_app.measures.verdict.keys import Advice, Question, Result, Sentence, Short
from sessions_app.measures.verdict.verdict import verdict
from sessions_app.texts import alerts
from sessions_app.texts import verdict as verdict_texts


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (Sentence, verdict_texts.SENTENCES),
        (Short, verdict_texts.SHORTS),
        (Advice, verdict_texts.ADVICE),
        (Question, verdict_texts.QUESTIONS),
        (Result, verdict_texts.RESULTS),
        (ALERT_KEYS, alerts.ALERTS),
    ],
)
def test_each_key_has_words_and_no_words_are_left_over(keys, words):
    assert set(keys) == set(words)


def test_each_line_of_a_session_form_has_its_name():
    forms = (registry.ORS, registry.SRS, registry.CORS, registry.CSRS)
    assert {item for form in forms for item in form.items} == set(verdict_texts.ITEMS)


@pytest.mark.parametrize(("language", "written"), [("da", "26,3"), ("sv", "26,3"), ("nb", "26,3"), ("en", "26.3")])
def test_numbers_are_written_as_the_reader_writes_them(language, written):
    with translation.override(language):
        assert verdict_texts.points(263) == written
        cases = {0: "0", 5: f"0{written[2]}5", 380: "38", 400: "40", -12: f"−1{written[2]}2", None: ""}
        assert {tenths: verdict_texts.points(tenths) for tenths in cases} == cases


def test_a_change_carries_its_sign():
    with translation.override("da"):
        assert verdict_texts.signed(-121) == "−12,1"
    with translation.override("en"):
        assert [verdict_texts.signed(change) for change in (121, -30, 0)] == ["+12.1", "−3", "0"]


def test_a_second_chip_goes_on_in_small_letters():
    sessions = [
        Measured(key=str(number), held_on=date(2026, 1, 1 + number), ors=ors, srs=srs)
        for number, (ors, srs) in enumerate([(300, 390), (300, 370), (240, 340)])
    ]
    with translation.override("en"):
        said = verdict_texts.say(verdict(Series(tuple(sessions))))
    first, second = said.chip.split(" · ")
    assert first[0].isupper()
    assert second[0].islower()
