"""What the curve says, from the drawings and at the edges."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.measures.rules import DEFAULT_RULES
from sessions_app.measures.series import Measured, PeriodicScore, Series
from sessions_app.measures.verdict.verdict import Advice, Question, Result, Sentence, Short, Tone, verdict
from tests.sessions_app.measures.builders import series_of
from tests.sessions_app.measures.test_alerts import Flat

NILS = [142, 150, 178, 169, 204, 226, 241, 263]


@pytest.mark.parametrize(
    ("ors", "srs", "values", "sentence", "short", "tone", "advice"),
    [
        (NILS, [376], {}, "gain_crossed_now", "reliable_gain", "good", "next_step"),
        (
            [180, 160, 130, 114],
            [380, 350, 330, 304],
            {},
            "alliance_falling",  # red, where the fall of the ORS is not confirmed yet
            "alliance_falling",
            "act",
            "ask_about_alliance",
        ),
        ([180, 160, 130, 114], [], {}, "below_start", "below_start", "watch", "ask_what_happened"),
        ([180, 160, 120, 100, 80], [], {}, "deteriorated", "deteriorated", "act", "discuss_at_team_meeting"),
        (
            [215, 220, 216, 221, 218, 220],
            [380],
            {},
            "no_change",
            "no_change",
            "watch",
            "review_goals_and_method",
        ),
        ([275], [398], {}, "new_above_cutoff", "new_above_cutoff", "quiet", "ask_what_led_here"),
        ([150, 200, 270, 290], [382], {"target": 260}, "target_met", "target_met", "good", "next_step"),
        (
            [210, 180, 210, 180, 210, 191],
            [360],
            {},
            "no_change",
            "no_change",
            "watch",
            "review_goals_and_method",
        ),
        ([210, 180, 215, 180, 216, 190], [360], {}, "swings", "swings", "watch", "talk_about_what_shifts"),
        ([], [], {}, "no_scores", "no_scores", "quiet", "measure_next_time"),
        ([249], [], {}, "new", "new", "quiet", "ask_what_should_change"),
        ([200, 210], [], {}, "too_early", "too_early", "quiet", "keep_measuring"),
        ([240, 250], [], {}, "crossed_not_reliable", "over_cutoff", "quiet", "keep_measuring"),
        ([240, 240, 255], [], {}, "crossed_not_reliable", "over_cutoff", "quiet", "keep_measuring"),
        ([200] * 8, [], {}, "no_change_late", "no_change", "act", "discuss_at_team_meeting"),
        ([200, 280, 280, 190], [], {}, "sudden_drop", "sudden_drop", "watch", "ask_what_happened"),
        ([200, 290, 290, 240, 215], [], {}, "fall_from_best", "fall_from_best", "watch", "ask_what_happened"),
        ([200, 250, 250], [], {}, "above_start_crossed", "above_start", "quiet", "keep_measuring"),
        ([150, 260, 290, 290], [], {}, "gain_above", "reliable_gain", "good", "next_step"),
        ([260, 310], [], {}, "above_start", "above_start", "quiet", "keep_measuring"),
        ([260, 320, 340, 350, 360], [], {}, "gain_started_above", "reliable_gain", "good", "next_step"),
        ([100, 150], [], {}, "above_start", "above_start", "quiet", "keep_measuring"),
        ([100, 160, 200, 220, 230], [], {}, "gain_below", "reliable_gain", "good", "next_step"),
        ([150, 260, 290, 290, 290, 249], [], {}, "gain_below_again", "reliable_gain", "quiet", "ask_what_happened"),
        ([200, 210, 250, 251, 225], [], {}, "little_change", "no_change", "quiet", "keep_measuring"),
        ([260, 249], [], {}, "fell_below_cutoff", "fell_below_cutoff", "watch", "ask_what_happened"),
        ([260, 250], [], {}, "steady_above", "steady_above", "quiet", "ask_what_led_here"),
        (
            [200, 190],
            [],
            {"model": Flat(195, 200)},
            "below_expected",
            "below_expected",
            "act",
            "review_goals_and_method",
        ),
        (
            [260, 255, 255],
            [],
            {"model": Flat(250, 260)},
            "under_expected",
            "under_expected",
            "watch",
            "review_goals_and_method",
        ),
        ([150, 210], [350, 359, 355], {}, "alliance_low", "alliance_low", "watch", "ask_about_alliance"),
        ([150, 210], [390, 400, 365], {}, "alliance_dropped", "alliance_dropped", "watch", "ask_about_alliance"),
        ([150], [395, 385, 365], {}, "alliance_falling", "alliance_falling", "watch", "ask_about_alliance"),
        ([150], [395, 385, 355], {}, "alliance_falling", "alliance_falling", "act", "ask_about_alliance"),
    ],
)
def test_what_the_curve_says(ors, srs, values, sentence, short, tone, advice):
    found = verdict(series_of(ors, srs, **values))
    assert (found.sentence, found.short, found.tone, found.advice) == (sentence, short, tone, advice)


def test_the_second_chip_is_the_other_curve():
    assert verdict(series_of([180, 160, 120, 100, 80], [380, 350, 330, 304, 290])).also is Short.ALLIANCE_FALLING
    assert verdict(series_of([150, 210], [380, 359, 355])).also is Short.ABOVE_START
    assert verdict(series_of([150, 210], [380, 359])).also is Short.ALLIANCE_LOW
    assert verdict(series_of(NILS, [376])).also is None


def test_the_tone_is_that_of_the_worst_open_alert():
    found = verdict(series_of([150], [300, 300]))
    assert (found.tone, found.short, found.also) == (Tone.WATCH, Short.ALLIANCE_LOW, Short.NEW)
    act = DEFAULT_RULES.changed("x", {"S1": {"level": "red"}})
    found = verdict(series_of(NILS, [300]), act)
    assert (found.tone, found.sentence, found.also) == (Tone.ACT, Sentence.ALLIANCE_LOW, Short.RELIABLE_GAIN)
    information = DEFAULT_RULES.changed("x", {rule.key: {"level": "info"} for rule in DEFAULT_RULES.rules})
    assert verdict(series_of([180, 160, 130, 114, 100], [380, 350, 330, 304, 290]), information).tone is Tone.QUIET


def test_a_first_low_alliance_changes_no_tone():
    found = verdict(series_of([150], [300]))
    assert (found.tone, found.short, found.also) == (Tone.QUIET, Short.NEW, Short.ALLIANCE_LOW)


def test_the_scatter_of_one_score_takes_no_sentence_from_a_gain():
    gained = [100, 160, 200, 260, 300, 310, 250]
    found = verdict(series_of(gained))
    assert (found.sentence, found.tone) == (Sentence.GAIN_ABOVE, Tone.GOOD)


def test_a_low_well_being_and_a_missing_form_reach_the_tone():
    low = (PeriodicScore("who5", "1", date(2026, 1, 5), 24),)
    found = verdict(series_of([200, 210], periodic=low))
    assert (found.tone, found.sentence, found.also) == (Tone.WATCH, Sentence.WELLBEING_LOW, Short.TOO_EARLY)
    missing = series_of([200, 210])
    assert verdict(missing).tone is Tone.QUIET
    found = verdict(missing, DEFAULT_RULES.changed("x", {"M1": {"level": "red"}}))
    assert (found.tone, found.sentence) == (Tone.ACT, Sentence.FORM_MISSING)


def test_an_unconfirmed_look_does_not_take_back_what_was_confirmed():
    fallen = [250, 160, 150, 140, 150, 130, 195]
    assert verdict(series_of(fallen[:-1], [])).sentence is Sentence.DETERIORATED
    found = verdict(series_of(fallen, []))
    assert (found.sentence, found.tone) == (Sentence.DETERIORATED, Tone.ACT)


def test_the_numbers_of_the_sentence():
    found = verdict(series_of(NILS, [330, 376], model=Flat(0, 150, target=400)))
    assert found.numbers == {
        "sessions": 8,
        "cutoff": 250,
        "threshold": 50,
        "score": 263,
        "intake": 142,
        "change": 121,
        "previous": 241,
        "since_last": 22,
        "srs": 376,
        "srs_change": 46,
        "expected_since": 2,
    }
    late = verdict(series_of(NILS, model=Flat(0, 170, target=400)))
    assert late.numbers["expected_since"] == 5
    assert "expected_since" not in verdict(series_of(NILS, model=Flat(0, 270, target=400))).numbers


def test_inside_the_band_is_what_the_picture_shows_whose_edge_never_falls():
    class Falling(Flat):
        def band(self, intake, session, quantile):
            return float(200 - 10 * session)

    assert verdict(series_of([100, 180, 180, 180], model=Falling(0, 0))).numbers["expected_since"] == 2
    assert "expected_since" not in verdict(series_of([100, 180, 175, 170], model=Falling(0, 0))).numbers
    assert verdict(series_of([100, 170, 185, 180], model=Falling(0, 0))).numbers["expected_since"] == 3


def test_the_line_that_moved_most_is_named():
    sessions = (
        Measured("1", date(2026, 1, 5), ors=241, ors_marks=(55, 71, 44, 71)),
        Measured("2", date(2026, 1, 12), ors=289, ors_marks=(62, 71, 84, 72)),
    )
    found = verdict(Series(sessions))
    assert (found.item, found.numbers["item_change"]) == ("social", 40)
    assert found.questions[0] is Question.MOVED_MOST
    assert len(found.questions) == 2
    still = Measured("2", date(2026, 1, 12), ors=278, ors_marks=(55, 71, 83, 69))
    assert verdict(Series((sessions[0], still))).item is None


def test_no_line_is_named_where_the_marks_are_not_those_of_the_last_two():
    first = Measured("1", date(2026, 1, 5), ors=241, ors_marks=(55, 71, 44, 71))
    total_only = Measured("2", date(2026, 1, 12), ors=250)
    third = Measured("3", date(2026, 1, 19), ors=289, ors_marks=(62, 71, 84, 72))
    found = verdict(Series((first, total_only, third)))
    assert (found.item, len(found.questions)) == (None, 1)
    assert verdict(Series((first, third, replace(total_only, held_on=date(2026, 1, 26))))).item is None


@pytest.mark.parametrize(
    ("ors", "result"),
    [
        ([], Result.NOTHING_YET),
        ([249], Result.FIRST),
        ([250], Result.FIRST_ABOVE_CUTOFF),
        (NILS, Result.SAME),
        ([195, 250], Result.BETTER_FIRST_TIME_ABOVE),
        ([260, 200, 255], Result.BETTER_ABOVE_AGAIN),
        ([100, 155], Result.BETTER),
        ([100, 154], Result.SAME),
        ([210, 264], Result.SAME),
        ([200, 146], Result.SAME),
        ([200, 145], Result.WORSE),
        ([290, 235], Result.WORSE_BELOW_NOW),
    ],
)
def test_what_client_and_practitioner_read_together(ors, result):
    assert verdict(series_of(ors)).result is result


totals = st.lists(st.one_of(st.none(), st.integers(0, 400)), max_size=10)


@given(totals, totals, st.booleans())
def test_every_series_has_a_verdict(ors, srs, ended):
    found = verdict(series_of(ors, srs, model=Flat(150, 200), ended=ended))
    assert isinstance(found.sentence, Sentence)
    assert isinstance(found.advice, Advice)
    assert 1 <= len(found.questions) <= 2
    assert found.also is not found.short
