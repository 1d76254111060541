"""What is taken for a national identity number in a reference or a name, and what is not."""

from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.dk import cpr
from stdnum.no import fodselsnummer
from stdnum.se import personnummer

from clients.models.national_ids import CPR, FODSELSNUMMER, PERSONNUMMER, national_id_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("010190-1234", CPR),
        ("0101901234", CPR),
        ("010190 1234", CPR),
        ("010190 - 1234", CPR),
        ("01.01.90-1234", CPR),
        ("cpr010190-1234", CPR),
        ("A-100 (311299-0001)", CPR),
        ("290200-4321", CPR),  # 29 February
        ("610299-1234", CPR),  # a replacement number: 60 on the day
        ("010190\u20111234", CPR),  # a dash that does not break the line
        ("0101\u200b90-1234", CPR),  # an invisible space inside
        (
            "\uff10\uff11\uff10\uff11\uff19\uff10-\uff11\uff12\uff13\uff14",
            CPR,
        ),  # wide digits
        (
            "\u0660\u0661\u0660\u0661\u0669\u0660-\u0661\u0662\u0663\u0664",
            CPR,
        ),  # Arabic-Indic digits
        ("811228-9874", PERSONNUMMER),
        ("19811228-9874", PERSONNUMMER),
        ("198112289874", PERSONNUMMER),
        ("180526+1230", PERSONNUMMER),  # over a hundred years old
        ("811288-9874", PERSONNUMMER),  # a coordination number: 60 on the day
        ("1981-12-28-9874", PERSONNUMMER),
        ("17057512345", FODSELSNUMMER),
        ("170575 12345", FODSELSNUMMER),
        ("170575 123 45", FODSELSNUMMER),
        ("57057512345", FODSELSNUMMER),  # a D-number: 40 on the day
        ("17457512345", FODSELSNUMMER),  # a help number: 40 on the month
        ("17857512345", FODSELSNUMMER),  # a test number: 80 on the month
        ("nr. 17057512345, Oslo", FODSELSNUMMER),
    ],
)
def test_what_looks_like_a_national_id_is_known_by_its_country(text, kind):
    assert national_id_kind(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A-100",
        "N-014",
        "Nils",
        "2026-0042",
        "20260042",
        "12 34 56 78",  # a phone number of eight digits
        "+45 12 34 56 78",
        "+4712345678",
        "+4520101234",
        "+46 70 123 45 67",
        "070-123 45 67",
        "0701-234567",
        "08-123 456 78",
        "310290-1234",  # no such day
        "001390-1234",
        "999999-9999",
        "320199-1234",
        "01019-01234",
        "01-0190-1234",  # parts of a date that are not kept apart alike
        "99112812289874",  # longer than any
        "1234567890123",
        "2025-11-28",
        "A-010190",
        "221381228987",  # no such century
    ],
)
def test_other_references_pass(text):
    assert national_id_kind(text) is None


def test_a_long_text_is_looked_at_without_delay():
    assert national_id_kind("01" * 50_000) is None


# python-stdnum knows the rules of the three offices. What it takes for a number, the detector takes too.

leap_days = st.sampled_from([date(year, 2, 29) for year in range(1912, 2025, 4)])
days = st.dates(date(1910, 1, 1), date(2026, 1, 1)) | leap_days
serials, short_serials = st.integers(0, 9999), st.integers(0, 999)
added = st.sampled_from([0, 40])
separators = st.sampled_from(["", "-", " "])


@given(day=days, serial=serials, separator=separators)
def test_every_danish_number_that_stdnum_knows_is_known(day, serial, separator):
    number = f"{day:%d%m%y}{separator}{serial:04}"
    assume(cpr.is_valid(number))
    assert national_id_kind(f"ref {number}") == CPR


@given(day=days, serial=short_serials, separator=st.sampled_from(["", "-", "+"]), century=st.booleans())
def test_every_swedish_number_that_stdnum_knows_is_known(day, serial, separator, century):
    digits = f"{day:%y%m%d}{serial:03}"
    number = f"{day:%Y%m%d}" if century else f"{day:%y%m%d}"
    number += f"{separator}{serial:03}{luhn.calc_check_digit(digits)}"
    assume(personnummer.is_valid(number))
    # Ten digits that are a day in both countries' order are called Danish.
    assert national_id_kind(f"ref {number}") in ([PERSONNUMMER] if century else [PERSONNUMMER, CPR])


def norwegian(six: str, serial: int) -> str | None:
    """Eleven digits with the office's control digits; None where the serial number is not given out."""
    nine = f"{six}{serial:03}"
    first = fodselsnummer.calc_check_digit1(nine)
    second = fodselsnummer.calc_check_digit2(nine + first)
    return None if "10" in (first, second) else nine + first + second


@given(day=days, serial=short_serials, on_day=added, on_month=added)
@example(day=date(1975, 5, 17), serial=123, on_day=40, on_month=0)  # a D-number
@example(day=date(1975, 5, 17), serial=123, on_day=0, on_month=40)  # a help number
def test_every_norwegian_number_that_stdnum_knows_is_known(day, serial, on_day, on_month):
    number = norwegian(f"{day.day + on_day:02}{day.month + on_month:02}{day:%y}", serial)
    assume(number is not None and fodselsnummer.is_valid(number))
    assert national_id_kind(f"ref {number}") == FODSELSNUMMER
    assert national_id_kind(f"ref {fodselsnummer.format(number)}") == FODSELSNUMMER


@pytest.mark.parametrize(
    ("oracle", "text", "kind"),
    [
        (cpr, "610299-1234", CPR),  # a replacement number: 60 on the day
        (cpr, "290223-4321", CPR),  # a day that the century of the seventh digit does not have
        (cpr, "010136-4321", CPR),  # somebody who is not born yet, or a mistyped digit
        (personnummer, "701063-2391", PERSONNUMMER),  # a coordination number: 60 on the day, right control digit
        (personnummer, "19701063-2391", PERSONNUMMER),
        (personnummer, "811228-9875", PERSONNUMMER),  # mistyped: a wrong control digit
        (fodselsnummer, norwegian("178575", 123), FODSELSNUMMER),  # synthetic: 80 on the month
        (fodselsnummer, norwegian("578575", 123), FODSELSNUMMER),  # a synthetic D-number
        (fodselsnummer, "17057512345", FODSELSNUMMER),  # control digits that do not fit, as from 2032 on
    ],
)
def test_the_detector_is_wider_than_stdnum_where_stdnum_is_too_narrow(oracle, text, kind):
    assert not oracle.is_valid(text), "stdnum knows it by now: the tests above should make such numbers too"
    assert national_id_kind(text) == kind
