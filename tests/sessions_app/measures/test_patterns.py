"""The named shapes of a curve, at the edges of their definitions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.measures.rules import Level
from sessions_app.measures.verdict.patterns import PATTERNS, find_pattern
from tests.sessions_app.measures.builders import series_of


@pytest.mark.parametrize(
    ("ors", "pattern"),
    [
        ([250, 240, 230, 200], "bleeding"),
        ([200, 250, 240, 230, 200], "bleeding"),
        ([250, 240, 230, 201], None),  # 4.9 in all
        ([250, 240, 240, 190], None),  # only one fall since the pause
        ([250, 230, 200], None),  # two falls
        ([200, 225, 200, 225, 200], "see_saw"),
        ([200, 224, 200, 225, 200], None),
        ([200, 225, 200, 225, 151], "see_saw"),  # 4.9 away
        ([200, 225, 200, 225, 150], None),  # 5 away: way made
        ([200, 260, 200, 260, 250], "dipping"),  # the last step is too small for a see-saw
        ([200, 150, 170, 175], "dipping"),
        ([200, 150, 170, 174], None),
        ([200, 151, 170, 200], None),
        ([300, 200, 300, 240, 260], None),  # not back from the latest, whatever the one before did
        ([300, 200, 300, 200, 300, 290], "dipping"),  # the latest of two; no see-saw since the last step is small
        ([300, 200, 300, 300, 300, 330], "dipping"),  # its lowest was four measurements ago
        ([300, 200, 300, 300, 330, 300, 330], None),  # five
        ([100, 200, 200, 224, 210], "plateau_below"),
        ([100, 200, 200, 225, 210], "steady_rise"),
        ([100, 250, 250, 260, 255], "plateau_above"),
        ([200, 200, 210, 224], None),  # the plateau needs a fifth score
        ([100, 120, 140, 150], "steady_rise"),
        ([100, 120, 140, 149], None),
        ([100, 150, 125, 160], "early_responder"),  # a fall of R/2 on the way
        ([100, 150, 126, 160], "steady_rise"),
        ([100, 150], "early_responder"),
        ([100, 149, 149, 200, 175], None),
        ([100, 200, 188, 215, 191], "early_responder"),  # the last four neither rise nor fall: no steady rise
        ([100, 200, 190, 215, 192], "steady_rise"),  # the line through them rises by a tenth of a tenth
        ([200, 210, 235, 210, 235, 210], "see_saw"),  # the last five count, not the small step before them
        ([100, 255, 240, 252, 249], "plateau_below"),  # the latest counts
        ([250, 250, 250, 250, 250], "plateau_above"),  # at the cut-off is not below it
        ([100], None),
        ([], None),
    ],
)
def test_the_shape_of_a_curve(ors, pattern):
    found = find_pattern(series_of(ors))
    assert (found.rule if found else None) == pattern


@pytest.mark.parametrize(
    ("ors", "level", "sentence", "numbers"),
    [
        ([250, 240, 230, 190], Level.AMBER, "pattern_bleeding", {"falls": 3, "change": -60}),
        ([200, 225, 200, 225, 170], Level.AMBER, "pattern_see_saw", {"range": 55, "scores": 5}),
        ([200, 150, 170, 175], Level.INFO, "pattern_dipping", {"before": 200, "lowest": 150, "score": 175}),
        ([100, 200, 200, 224, 210], Level.AMBER, "pattern_plateau_below", {"range": 24, "score": 210, "cutoff": 250}),
        ([100, 250, 250, 260, 255], Level.INFO, "pattern_plateau_above", {"range": 10, "score": 255, "cutoff": 250}),
        ([100, 120, 140, 155], Level.INFO, "pattern_steady_rise", {"change": 55, "scores": 4}),
        ([100, 120, 155], Level.INFO, "pattern_early_responder", {"change": 55}),
    ],
)
def test_a_pattern_has_level_numbers_and_sentence(ors, level, sentence, numbers):
    found = find_pattern(series_of(ors))
    assert (found.level, found.sentence, found.numbers) == (level, sentence, numbers)


@pytest.mark.parametrize("ors", [[], [0]])
def test_what_is_measured_once_or_never_has_no_shape_however_small_a_change_counts(ors):
    assert find_pattern(series_of(ors, reliable_change=1)) is None


def test_the_cutoff_says_where_a_plateau_lies():
    scores = [260, 260, 260, 260, 260]
    assert find_pattern(series_of(scores)).rule == "plateau_above"
    assert find_pattern(series_of(scores, cutoff=280)).rule == "plateau_below"


@given(st.lists(st.integers(0, 400), max_size=12), st.integers(1, 100))
def test_every_curve_has_one_listed_pattern_or_none(ors, reliable_change):
    found = find_pattern(series_of(ors, reliable_change=reliable_change))
    assert found is None or found.rule in PATTERNS
