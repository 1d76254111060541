"""Marks and totals are read by one parser, in tenths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.measures import marks


@pytest.mark.parametrize(
    ("text", "tenths"),
    [("7,5", 75), ("7.5", 75), (" 7.5\n", 75), ("0", 0), ("0,0", 0), ("10", 100), ("10,0", 100), ("3", 30)],
)
def test_a_mark_with_comma_or_dot_is_tenths(text, tenths):
    assert marks.parse_mark(text) == tenths


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("NaN", "not_a_number"),
        ("inf", "not_a_number"),
        ("1e2", "not_a_number"),
        ("٧٫٥", "not_a_number"),
        ("٧", "not_a_number"),
        ("\uff17", "not_a_number"),  # full-width 7
        ("²", "not_a_number"),
        ("-0", "not_a_number"),
        ("-1", "not_a_number"),
        ("+1", "not_a_number"),
        ("7,", "not_a_number"),
        (",5", "not_a_number"),
        ("7 5", "not_a_number"),
        ("1_0", "not_a_number"),
        ("7,5,", "not_a_number"),
        ("10.01", "decimals"),
        ("7,55", "decimals"),
        ("7,501", "decimals"),
        ("10,1", "range"),
        ("11", "range"),
        ("99999999", "range"),
        ("9" * 10_000, "not_a_number"),
    ],
)
def test_what_is_not_a_mark_is_refused_with_a_code(text, code):
    with pytest.raises(marks.MarkError) as refused:
        marks.parse_mark(text)
    assert refused.value.code == code


def test_a_total_goes_to_forty():
    assert marks.parse_total("40,0") == 400
    with pytest.raises(marks.MarkError) as refused:
        marks.parse_total("40.1")
    assert refused.value.code == "range"


@pytest.mark.parametrize(("tenths", "written"), [(263, "26.3"), (220, "22"), (0, "0"), (-12, "-1.2"), (400, "40")])
def test_tenths_are_exact_points_without_a_needless_zero(tenths, written):
    assert str(marks.in_points(tenths)) == written


@given(st.integers(0, 100))
def test_what_is_written_is_read_back(tenths):
    assert marks.parse_mark(str(marks.in_points(tenths))) == tenths


@given(st.text(max_size=12))
def test_any_text_is_a_mark_or_a_refusal(text):
    try:
        assert 0 <= marks.parse_mark(text) <= 100
    except marks.MarkError as refused:
        assert refused.code in {"empty", "not_a_number", "decimals", "range"}


@pytest.mark.parametrize(("text", "step"), [("0", 0), ("3", 3), (" 5 ", 5), ("4,0", 4)])
def test_a_chosen_answer_is_a_whole_number(text, step):
    assert marks.parse_step(text, 5) == step


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", marks.EMPTY),
        ("6", marks.RANGE),
        ("5.1", marks.RANGE),
        ("2.5", marks.DECIMALS),
        ("4.1", marks.DECIMALS),
        ("x", marks.NOT_A_NUMBER),
    ],
)
def test_what_is_no_chosen_answer_is_refused_with_a_code(text, code):
    with pytest.raises(marks.MarkError) as refused:
        marks.parse_step(text, 5)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("whole", "tenths", "text"), [("6", "2", "6.2"), ("6", "", "6"), ("", "2", ""), ("x", "5", "x"), ("6", "x", "6")]
)
def test_a_number_and_its_tenths_come_together_or_stay_as_they_are(whole, tenths, text):
    assert marks.with_tenths(whole, tenths) == text


@pytest.mark.parametrize(("text", "hundredths"), [("0,8", 80), (".8", 80), ("1.32", 132), (" 0.05 ", 5), ("7", 700)])
def test_numbers_with_two_decimals(text, hundredths):
    assert marks.parse_hundredths(text) == hundredths


@pytest.mark.parametrize("text", ["", ".", "0.123", "-1", "1.", "a", "1,2,3", "1000"])
def test_what_is_no_number_with_two_decimals(text):
    with pytest.raises(marks.MarkError):
        marks.parse_hundredths(text)


@pytest.mark.parametrize(("bound", "printed"), [(203.4, 204), (203.0, 203), (203.0000001, 204), (0.0, 0)])
def test_a_bound_is_rounded_up(bound, printed):
    assert marks.rounded_up(bound) == printed
