"""Every key of the measures has its words."""

from datetime import date

import pytest
from django.utils import translation

from sessions_app import alert_sentences, sentences
from sessions_app.measures import instruments
from sessions_app.measures.alerts import SENTENCES as ALERT_KEYS
from sessions_app.measures.series import Measured, Series
from sessions_app.measures.verdict import verdict
from sessions_app.measures.verdict_keys import Advice, Question, Result, Sentence, Short


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (Sentence, sentences.SENTENCES),
        (Short, sentences.SHORTS),
        (Advice, sentences.ADVICE),
        (Question, sentences.QUESTIONS),
        (Result, sentences.RESULTS),
        (ALERT_KEYS, alert_sentences.ALERTS),
    ],
)
def test_each_key_has_words_and_no_words_are_left_over(keys, words):
    assert set(keys) == set(words)


def test_each_line_of_a_session_form_has_its_name():
    forms = (instruments.ORS, instruments.SRS, instruments.CORS, instruments.CSRS)
    assert {item for form in forms for item in form.items} == set(sentences.ITEMS)


@pytest.mark.parametrize(("language", "written"), [("da", "26,3"), ("sv", "26,3"), ("nb", "26,3"), ("en", "26.3")])
def test_numbers_are_written_as_the_reader_writes_them(language, written):
    with translation.override(language):
        assert sentences.points(263) == written
        cases = {0: "0", 5: f"0{written[2]}5", 380: "38", 400: "40", -12: f"−1{written[2]}2", None: ""}
        assert {tenths: sentences.points(tenths) for tenths in cases} == cases


def test_a_change_carries_its_sign():
    with translation.override("da"):
        assert sentences.signed(-121) == "−12,1"
    with translation.override("en"):
        assert [sentences.signed(change) for change in (121, -30, 0)] == ["+12.1", "−3", "0"]


def test_a_second_chip_goes_on_in_small_letters():
    sessions = [
        Measured(key=str(number), held_on=date(2026, 1, 1 + number), ors=ors, srs=srs)
        for number, (ors, srs) in enumerate([(300, 390), (300, 370), (240, 340)])
    ]
    with translation.override("en"):
        said = sentences.say(verdict(Series(tuple(sessions))))
    first, second = said.chip.split(" · ")
    assert first[0].isupper()
    assert second[0].islower()
