"""What is taken for a national identity number in a reference or a name, and what is not."""

import pytest

from clients.national_ids import CPR, FODSELSNUMMER, PERSONNUMMER, national_id_kind


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
