"""Where each rule holds, and how long an alert lives."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.measures.rules import RULES, alert_spans
from sessions_app.measures.rules.alert_spans import DEFAULT_RULES, Level, Measured, Series
from tests.sessions_app.measures.builders import series_of, sessions_hit


class Flat:
    """A trajectory whose bands are the same at every session."""

    def __init__(self, low, middle, target=260, amber_at_most=False):
        self.low, self.middle, self._target, self.amber_at_most = low, middle, target, amber_at_most

    def band(self, intake, session, quantile):
        assert session >= 2
        return float({0.10: self.low, 0.25: self.middle}[quantile])

    def target(self, intake):
        return float(self._target)


@pytest.mark.parametrize(
    ("rule", "ors", "keys"),
    [
        ("O1", [200, 151, 150, 149], ["3", "4"]),
        ("O1", [200], []),
        ("O2", [200, 151, 101, 100, 50], ["3", "5"]),
        ("O3", [200, 260, 211, 210, 150], ["4"]),  # at the fifth O1 says it
        ("O3", [300, 250], []),  # O1 says it
        ("O6", [200, 200, 249, 250, 200, 200, 200, 249, 200], ["3", "8", "9"]),
        ("O6", [240, 240, 249, 250, 240, 240, 240, 255, 240], ["3", "9"]),  # only below the cut-off
        ("O6", [250] * 9, []),
        ("O6", [250, 240, 240], []),
        ("O6", [240, 240, 250], []),
        ("O6", [190, 190, 240], []),
        ("O6", [249] * 9, ["3", "4", "8", "9"]),
        ("O7", [250, 260], ["1"]),
        ("O7", [249, 260], []),
    ],
)
def test_where_a_rule_on_the_ors_holds(rule, ors, keys):
    assert sessions_hit(alert_spans.evaluate(series_of(ors)), rule) == keys


@pytest.mark.parametrize(
    ("rule", "srs", "keys"),
    [
        ("S1", [360, 359], ["2"]),
        ("S3", [400, 390, 366, 365, 348], ["5"]),  # the middle of the four before is 37.8, then 39.5 - 3.0 of two
        ("S3", [400, 390, 365], ["3"]),
        ("S3", [400, 370], []),  # two before it at least
        ("S3", [300, 300, 300, 400, 400, 320], ["6"]),  # 5.0 above it lies the middle of four, not that of five
        ("S3", [300, 380, 380, 380, 380, 351, 350], ["7"]),  # of four before it, not of five
        ("S3", [400, None, 390, 360], ["4"]),  # compared with those that were measured
        ("S4", [400, 391, 380, 380], ["3"]),
        ("S4", [400, 391, 381], []),
        ("S4", [400, 400, 370], []),
        ("S4", [400, 370], []),
        ("S5", [400, 400, 400, 400, 399], ["3", "4"]),
        ("S5", [400, None, 400, 400], ["4"]),
        ("S5", [400, 400, 399, 400], []),
    ],
)
def test_where_a_rule_on_the_srs_holds(rule, srs, keys):
    assert sessions_hit(alert_spans.evaluate(series_of(srs=srs)), rule) == keys


def one(**values):
    return Series((Measured("1", date(2026, 1, 5), **values),))


def test_a_low_line_is_named_and_needs_marks():
    hits = alert_spans.evaluate(one(srs=389, srs_marks=(100, 99, 90, 100)))
    assert sessions_hit(hits, "S2") == []
    (hit,) = [hit for hit in alert_spans.evaluate(one(srs=378, srs_marks=(100, 89, 89, 100))) if hit.rule == "S2"]
    assert hit.numbers == {"mark": 89, "item": 1, "low_items": 2, "threshold": 90}
    (edge,) = [hit for hit in alert_spans.evaluate(one(srs=379, srs_marks=(90, 89, 100, 100))) if hit.rule == "S2"]
    assert edge.numbers["low_items"] == 1
    assert sessions_hit(alert_spans.evaluate(one(srs=100)), "S2") == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"ors": 200, "srs": 380}, None),
        ({"ors": 200}, "missing_srs"),
        ({"srs": 380}, "missing_ors"),
        ({}, "missing_both"),
        ({"outcome_due": False}, "missing_srs"),
        ({"outcome_due": False, "alliance_due": False}, None),
        ({"attended": False}, None),
    ],
)
def test_missing_counts_only_what_was_due(values, sentence):
    hits = [hit.sentence for hit in alert_spans.evaluate(one(**values)) if hit.rule == "M1"]
    assert hits == ([sentence] if sentence else [])


def test_the_interval_is_exceeded_from_the_day_after():
    held = date(2026, 1, 1)
    assert alert_spans.overdue_days(held, 14, date(2026, 1, 15)) == 0
    assert alert_spans.overdue_days(held, 14, date(2026, 1, 16)) == 1


def test_the_bands_of_the_trajectory():
    series = series_of([200, 149, 150, 159, 160], model=Flat(150, 160))
    hits = alert_spans.evaluate(series)
    assert sessions_hit(hits, "O4") == ["2"]
    assert sessions_hit(hits, "O5") == ["3", "4"]
    assert {hit.level for hit in hits if hit.rule == "O4"} == {Level.RED}
    young = replace(series, model=Flat(150, 160, amber_at_most=True))
    assert {hit.level for hit in alert_spans.evaluate(young) if hit.rule == "O4"} == {Level.AMBER}


def test_under_expected_starts_at_the_third_session():
    assert sessions_hit(alert_spans.evaluate(series_of([200, 155, 155], model=Flat(150, 160))), "O5") == ["3"]


def test_the_target_counts_when_met_twice_and_over_the_cutoff():
    met = series_of([150, 260, 259, 260, 270], target=260)
    assert sessions_hit(alert_spans.evaluate(met), "O8") == ["5"]
    low_target = series_of([150, 240, 249, 250, 250], target=200)
    assert sessions_hit(alert_spans.evaluate(low_target), "O8") == ["5"]
    by_model = series_of([150, 260, 260], model=Flat(0, 0, target=260))
    assert sessions_hit(alert_spans.evaluate(by_model), "O8") == ["3"]
    assert sessions_hit(alert_spans.evaluate(series_of([150, 300, 300])), "O8") == []


@pytest.mark.parametrize(
    ("intake", "fitted", "target"),
    [(300, 260.4, 260.4), (300, 240.0, 250), (240, 230.0, 240), (150, 230.5, 230.5), (250, 249.9, 250)],
)
def test_the_target_is_not_forced_above_the_intake(intake, fitted, target):
    assert series_of([intake], model=Flat(0, 0, target=fitted)).service_target() == target


def test_the_target_is_not_rounded_and_its_printed_bound_excludes_what_it_excludes():
    just_below = series_of([150, 260, 260], model=Flat(0, 0, target=260.4))
    assert sessions_hit(alert_spans.evaluate(just_below), "O8") == []
    met = series_of([150, 261, 261], model=Flat(0, 0, target=260.4))
    (hit,) = [hit for hit in alert_spans.evaluate(met) if hit.rule == "O8"]
    assert hit.numbers["threshold"] == 261


@given(st.floats(0, 400), st.integers(0, 400))
def test_a_score_below_a_band_never_equals_the_printed_bound(bound, score):
    for rule in ("O4", "O5"):
        series = series_of([200, score, score], model=Flat(bound if rule == "O4" else 0.0, bound))
        for hit in alert_spans.evaluate(series):
            if hit.rule == rule:
                assert score < hit.numbers["expected_at_least"]
                assert hit.numbers["expected_at_least"] - 1 < bound


def test_a_total_alone_closes_a_low_line_that_it_cannot_hold():
    def after(total):
        return Series(
            (
                Measured("1", date(2026, 1, 5), srs=380, srs_marks=(80, 100, 100, 100)),
                Measured("2", date(2026, 1, 12), srs=total),
            )
        )

    assert lives_of("S2", after(395)) == [("1", "1", "2", "condition")]
    assert lives_of("S2", after(394)) == [("1", "1", None, "")]


@pytest.mark.parametrize(
    ("rule", "series", "levels"),
    [
        ("O2", series_of([200, 280, 280, 210]), [Level.AMBER]),  # 7.0 below the middle of three
        ("O2", series_of([200, 280, 280, 211]), [Level.INFO]),
        ("O2", series_of([200, 150]), [Level.INFO]),
        ("O2", series_of([200, 130]), [Level.AMBER]),
        ("O2", series_of([100, 300, 300, 200, 200, 300, 190]), [Level.AMBER, Level.INFO]),  # of four, not of five
        ("O3", series_of([200, 290, 290, 240, 220]), [Level.INFO, Level.AMBER]),  # 29.0 of two, then 23.0
        ("O3", series_of([200, 290, 290, 240, 221]), [Level.INFO, Level.INFO]),
        ("O3", series_of([240, 290, 195]), [Level.INFO]),
        ("O3", series_of([200, 200, 300, 300, 240, 215]), [Level.INFO, Level.AMBER]),  # the best two are not the first
        (
            "O2",
            series_of([300, 300, 300, 200, 230, 180]),
            [Level.AMBER, Level.AMBER],
        ),  # 8.5 below the middle of four, 3.5 of two
        ("S1", series_of(srs=[359, 359, 360, 340, 390]), [Level.INFO, Level.AMBER, Level.INFO]),
    ],
)
def test_what_may_be_the_scatter_of_one_score_is_for_information(rule, series, levels):
    assert [hit.level for hit in alert_spans.evaluate(series) if hit.rule == rule] == levels
    act = DEFAULT_RULES.changed("x", {rule: {"level": "red"}})
    assert {hit.level for hit in alert_spans.evaluate(series, act) if hit.rule == rule} == {Level.RED}


@pytest.mark.parametrize(
    ("srs", "level"),
    [
        ([399, 380, 359], Level.RED),
        ([400, 380, 360], Level.AMBER),
        ([398, 380, 359], Level.AMBER),
        ([400, 390, 370], Level.AMBER),
        ([399, 390, 370], Level.INFO),
    ],
)
def test_a_falling_alliance_is_red_only_when_it_has_fallen_far_and_is_low(srs, level):
    assert [hit.level for hit in alert_spans.evaluate(series_of(srs=srs)) if hit.rule == "S4"] == [level]


def test_nothing_is_missing_while_the_session_is_running():
    assert [hit.rule for hit in alert_spans.evaluate(one(running=True))] == []
    assert sessions_hit(alert_spans.evaluate(one()), "M1") == ["1"]


def test_other_cutoffs_and_reliable_changes_are_used():
    adolescent = series_of([270, 270, 270], cutoff=280)
    assert sessions_hit(alert_spans.evaluate(adolescent), "O6") == ["3"]
    assert sessions_hit(alert_spans.evaluate(series_of([200, 150], reliable_change=60)), "O1") == []


def test_numbers_and_level_are_with_the_hit():
    hit = next(hit for hit in alert_spans.evaluate(series_of([200, 140])) if hit.rule == "O1")
    assert (hit.rule, hit.level, hit.session, hit.held_on) == ("O1", Level.AMBER, "2", date(2026, 1, 12))
    assert hit.numbers == {"score": 140, "intake": 200, "change": -60, "threshold": 50}
    levels = [hit.level for hit in alert_spans.evaluate(series_of([200] * 8)) if hit.rule == "O6"]
    assert levels == [Level.AMBER, Level.AMBER, Level.RED]


@pytest.mark.parametrize(
    ("rule", "series", "numbers"),
    [
        ("O2", series_of([200, 260, 205]), {"score": 205, "previous": 260, "change": -55, "threshold": 50}),
        ("O3", series_of([200, 260, 230, 205]), {"score": 205, "best": 260, "change": -55, "threshold": 50}),
        (
            "O4",
            series_of([200, 190, 140], model=Flat(150, 160)),
            {"score": 140, "expected_at_least": 150, "session_number": 3},
        ),
        (
            "O5",
            series_of([200, 190, 155], model=Flat(150, 160)),
            {"score": 155, "expected_at_least": 160, "session_number": 3},
        ),
        (
            "O6",
            series_of([200, 190, 205]),
            {"score": 205, "intake": 200, "change": 5, "threshold": 50, "session_number": 3},
        ),
        ("O7", series_of([270]), {"score": 270, "threshold": 250}),
        ("O8", series_of([150, 270, 280], target=260), {"score": 280, "threshold": 260, "successive": 2}),
        ("S1", series_of(srs=[400, 350]), {"score": 350, "threshold": 360}),
        ("S3", series_of(srs=[390, 401, 360]), {"score": 360, "middle": 396, "change": -36, "threshold": 30}),
        (
            "S4",
            series_of(srs=[300, 400, 385, 370]),
            {"score": 370, "from": 400, "change": -30, "successive": 3, "threshold": 20},
        ),
        ("S5", series_of(srs=[390, 400, 400, 400]), {"score": 400, "successive": 3}),
    ],
)
def test_the_numbers_of_each_sentence(rule, series, numbers):
    last = [hit for hit in alert_spans.evaluate(series) if hit.rule == rule][-1]
    assert last.numbers == numbers


def test_every_sentence_is_listed():
    series = series_of([300, 200, 100, 110] * 3, [400, 380, 370, 350] * 3, model=Flat(150, 160))
    for hit in alert_spans.evaluate(series):
        assert hit.sentence in alert_spans.SENTENCES


totals = st.lists(st.one_of(st.none(), st.integers(0, 400)), max_size=12)


@given(totals, totals, st.randoms(use_true_random=False))
def test_the_order_of_insertion_does_not_matter(ors, srs, shuffler):
    series = series_of(ors, srs, model=Flat(150, 200), target=260)
    shuffled = list(series.sessions)
    shuffler.shuffle(shuffled)
    other = replace(series, sessions=tuple(shuffled))
    assert alert_spans.evaluate(series) == alert_spans.evaluate(other)
    assert alert_spans.alert_spans(series) == alert_spans.alert_spans(other)


def test_two_sessions_on_a_day_are_in_their_order():
    morning = Measured("b", date(2026, 1, 5), ("09:00",), ors=300)
    evening = Measured("a", date(2026, 1, 5), ("17:00",), ors=200)
    assert sessions_hit(alert_spans.evaluate(Series((evening, morning))), "O1") == ["a"]


def lives_of(rule, series):
    return [
        (life.raised, life.last, life.closed, life.closed_by)
        for life in alert_spans.alert_spans(series)
        if life.rule == rule
    ]


def test_an_open_alert_is_not_raised_again():
    assert lives_of("O1", series_of([200, 150, 140])) == [("2", "3", None, "")]
    assert lives_of("S1", series_of(srs=[359, 355, 352])) == [("1", "3", None, "")]


def test_it_closes_where_the_condition_fails_and_may_return():
    assert lives_of("O1", series_of([200, 150, 151, 150])) == [
        ("2", "2", "3", "condition"),
        ("4", "4", None, ""),
    ]
    assert lives_of("S1", series_of(srs=[359, None, 360])) == [("1", "1", "3", "condition")]


def test_it_is_raised_again_when_it_is_worse_than_when_raised():
    assert lives_of("O1", series_of([250, 200, 151, 150])) == [
        ("2", "3", "4", "superseded"),
        ("4", "4", None, ""),
    ]
    assert lives_of("S1", series_of(srs=[350, 341, 340])) == [
        ("1", "2", "3", "superseded"),
        ("3", "3", None, ""),
    ]


def test_what_is_only_information_is_never_worse():
    falling = series_of([150, 400, 400, 300, 300], target=260)
    assert lives_of("O8", falling) == [("3", "5", None, "")]


def test_no_gain_stays_open_through_the_silent_sessions():
    assert lives_of("O6", series_of([200] * 7)) == [("3", "4", None, "")]
    assert lives_of("O6", series_of([200] * 5 + [250])) == [("3", "4", "6", "condition")]
    assert lives_of("O6", series_of([200] * 5 + [249] * 3)) == [("3", "8", None, "")]
    assert lives_of("O6", series_of([200, 200, 250, 250, 200, 200])) == []


def test_no_gain_rises_to_red_in_the_same_alert():
    (life,) = [life for life in alert_spans.alert_spans(series_of([200] * 8)) if life.rule == "O6"]
    assert (life.raised, life.level, life.is_open) == ("3", Level.RED, True)


def test_the_end_of_the_episode_closes_no_gain_only():
    assert lives_of("O6", series_of([200] * 5, ended=True)) == [("3", "4", "5", "ended")]
    assert lives_of("O1", series_of([200, 150], ended=True)) == [("2", "2", None, "")]


def test_a_missed_measure_closes_when_the_next_due_one_is_there():
    missing = series_of([200, None, None, 210], [380, None, 380, 380])
    assert lives_of("M1", missing) == [("2", "3", "4", "condition")]
    no_show = replace(missing.sessions[3], attended=False, ors=None, srs=None)
    still = replace(missing, sessions=(*missing.sessions[:3], no_show))
    assert lives_of("M1", still) == [("2", "3", None, "")]


def test_a_total_without_marks_does_not_close_a_low_line():
    sessions = (
        Measured("1", date(2026, 1, 5), srs=380, srs_marks=(80, 100, 100, 100)),
        Measured("2", date(2026, 1, 12), srs=390),
    )
    assert lives_of("S2", Series(sessions)) == [("1", "1", None, "")]


@given(totals, totals)
def test_lives_and_hits_tell_the_same_story(ors, srs):
    series = series_of(ors, srs, target=260)
    hits = {(hit.rule, hit.session) for hit in alert_spans.evaluate(series)}
    found = alert_spans.alert_spans(series)
    assert {(life.rule, life.raised) for life in found} <= hits
    assert {(life.rule, life.last) for life in found} <= hits
    open_rules = [life.rule for life in found if life.is_open]
    assert len(open_rules) == len(set(open_rules))
    assert {hit.rule for hit in alert_spans.evaluate(series)} == {life.rule for life in found}


def test_a_rule_can_be_off_or_have_another_threshold():
    rules = DEFAULT_RULES.changed("1-own", {"S1": {"on": False}, "S3": {"thresholds": {"fall": 39}, "level": "red"}})
    hits = alert_spans.evaluate(series_of(srs=[359, 340, 310]), rules)
    assert [(hit.rule, hit.session, hit.level) for hit in hits if hit.rule != "S4" and hit.rule[0] == "S"] == [
        ("S3", "3", Level.RED)
    ]
    assert rules.version == "1-own"
    assert DEFAULT_RULES.get("S1") is not None
    assert rules.get("S1") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"S9": {"on": False}},
        {"S1": {"thresholds": {"totl": 1}}},
        {"S1": {"level": "pink"}},
        {"S1": {"key": "S2"}},
    ],
)
def test_a_typing_error_cannot_silence_a_rule(changes):
    with pytest.raises(ValueError, match=r"unknown|cannot|not a valid"):
        DEFAULT_RULES.changed("x", changes)


def test_between_which_limits_a_threshold_may_be_chosen():
    limits = {one.unit: (one.least, one.most) for rule in RULES for one in rule.declared if one.limits is None}
    assert limits == {"points": (1, 400), "session": (2, 40), "times": (2, 10), "percent": (10, 50)}


def test_what_asks_for_more_is_never_said_more_often():
    for rule in RULES:
        shares = [share for _, share in sorted(rule.false_alarms.items(), key=lambda pair: pair[0].rank)]
        assert shares == sorted(shares, reverse=True)
        assert all(0 <= share <= 1 for share in shares)


def test_a_rule_is_found_by_its_key_on_or_off():
    off = DEFAULT_RULES.changed("x", {"S1": {"on": False}})
    assert off.rule("S1").on is False
    with pytest.raises(KeyError):
        off.rule("S9")


def test_a_random_series_evaluates_quickly_and_purely():
    seeded = random.Random(5)
    series = series_of([seeded.randint(0, 400) for _ in range(200)])
    assert alert_spans.evaluate(series) == alert_spans.evaluate(series)


def test_the_band_is_that_of_the_intake():
    class Leaning(Flat):
        def band(self, intake, session, quantile):
            return super().band(intake, session, quantile) + intake - 200

    hits = alert_spans.evaluate(series_of([100, 55, 58], model=Leaning(150, 160)))
    assert [(hit.rule, hit.session) for hit in hits if hit.rule in ("O4", "O5")] == [("O5", "3")]
    assert sessions_hit(alert_spans.evaluate(series_of([100, 49], model=Leaning(150, 160))), "O4") == ["2"]


def test_a_drop_counts_from_the_second_session_and_a_red_o5_is_capped():
    assert sessions_hit(alert_spans.evaluate(series_of([200, 150])), "O2") == ["2"]
    red = DEFAULT_RULES.changed("2", {"O5": {"level": "red"}})
    for amber_at_most, level in ((True, Level.AMBER), (False, Level.RED)):
        series = series_of([200, 200, 155], model=Flat(150, 160, amber_at_most=amber_at_most))
        assert [hit.level for hit in alert_spans.evaluate(series, red) if hit.rule == "O5"] == [level]


class Follows:
    """A trajectory whose bands lie a fixed way from the intake."""

    amber_at_most = False

    def band(self, intake, session, quantile):
        return float(intake + {0.10: 10, 0.25: 40}[quantile])

    def target(self, intake):
        return float(intake + 50)


def test_the_low_band_of_o5_is_that_of_the_intake_too():
    # Bands of the intake (200): 210 and 240. Those of the second score would be 270 and 300.
    hits = alert_spans.evaluate(series_of([200, 260, 230], model=Follows()))
    assert sessions_hit(hits, "O5") == ["3"]
    assert sessions_hit(hits, "O4") == []


def test_o5_may_start_at_the_second_session():
    rules = DEFAULT_RULES.changed("x", {"O5": {"thresholds": {"from_session": 2}}})
    assert sessions_hit(alert_spans.evaluate(series_of([200, 230], model=Follows(), rules=rules)), "O5") == ["2"]


def test_a_drop_names_the_latest_score():
    (hit,) = (hit for hit in alert_spans.evaluate(series_of([200, 270, 210])) if hit.rule == "O2")
    assert (hit.numbers["score"], hit.numbers["previous"]) == (210, 270)


def test_the_target_is_met_by_just_so_many_sessions_as_it_takes():
    assert sessions_hit(alert_spans.evaluate(series_of([260, 320], model=Follows())), "O8") == []
    assert sessions_hit(alert_spans.evaluate(series_of([300, 310], model=Flat(100, 150, target=290))), "O8") == ["2"]


def test_a_ceiling_below_the_top_names_the_latest_total():
    rules = DEFAULT_RULES.changed("x", {"S5": {"thresholds": {"total": 380}}})
    (hit,) = (hit for hit in alert_spans.evaluate(series_of([], [400, 395, 385], rules=rules)) if hit.rule == "S5")
    assert hit.numbers == {"score": 385, "successive": 3}


def test_a_deterioration_names_the_latest_score():
    (hit,) = (hit for hit in alert_spans.evaluate(series_of([200, 190, 140])) if hit.rule == "O1")
    assert (hit.numbers["score"], hit.numbers["intake"]) == (140, 200)
