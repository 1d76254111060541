"""One line of a file of past sessions: its values, or its first fault."""

from datetime import date

import pytest

from organisations.models import normal_form
from sessions_app.imports.choices import MONTH_FIRST, Choices
from sessions_app.imports.columns import ATTENDANCE_WORDS
from sessions_app.imports.instrument_cells import Given
from tests.sessions_app.imports.texts import one, parsed


@pytest.mark.parametrize("said", ["2025-03-31", "31-03-2025", "31.03.2025", "31/03/2025"])
def test_days_are_read_in_four_ways(said):
    assert one(held_on=said).held_on == date(2025, 3, 31)


@pytest.mark.parametrize(
    "said",
    ["2025-03-31 00:00:00", "31-03-2025 09:05", "31-03-2025 kl. 9.05", "31/03/2025 12:00:00 AM", "2025-03-31T14:30"],
)
def test_a_day_with_a_time_is_that_day(said):
    assert one(held_on=said).held_on == date(2025, 3, 31)


def test_a_moment_with_an_offset_is_the_day_it_was_here():
    assert one(held_on="2025-03-30T22:30:00Z").held_on == date(2025, 3, 31)  # 00:30 in Copenhagen
    assert one(held_on="2025-03-31T21:59:00+00:00").held_on == date(2025, 3, 31)


def _days(*said, choices=None):
    """The outcome of each line of a file with these days."""
    text = "borger;dato\n" + "".join(f"A-{place};{day}\n" for place, day in enumerate(said))
    return [getattr(row, "code", None) or row.held_on.isoformat() for row in parsed(text, choices=choices)]


def test_the_whole_column_decides_whether_the_day_or_the_month_comes_first():
    assert _days("05/12/2025", "13/12/2025") == ["2025-12-05", "2025-12-13"]
    assert _days("05/12/2025", "05/05/2025", "12/13/2025", "05/19/2026") == [
        "date_order",
        "2025-05-05",
        "date",
        "date",
    ]
    assert _days("05.12.2025", "2025-12-06", "12-13-2025") == ["date_order", "2025-12-06", "date"]


def test_somebody_may_say_that_the_month_comes_first():
    chosen = Choices(date_order=MONTH_FIRST)
    assert _days("05/12/2025", "12/13/2025", "31/03/2025", choices=chosen) == ["2025-05-12", "2025-12-13", "date"]


def test_the_end_of_an_episode_is_a_column_of_its_own():
    text = "borger;dato;afsluttet\nA;05/12/2025;06/12/2025\nB;05/11/2025;11/13/2025\n"
    assert [(getattr(row, "column", ""), getattr(row, "code", "")) for row in parsed(text)] == [
        ("episode_end", "date_order"),
        ("episode_end", "date"),
    ]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("31-02-2025", "date"),
        ("2025-13-01", "date"),
        ("31-03/2025", "date"),
        ("03-31-2025", "date"),
        ("31-03-25", "date"),
        ("31-03-2025 25 o'clock", "date"),
        ("2025-03-31T99:00:00Z", "date"),
        ("٣١-٠٣-٢٠٢٥", "date"),
        ("2026-11-23", "future"),
        ("1999-12-31", "too_early"),
        ("", "required"),
    ],
)
def test_days_that_cannot_be_are_refused(said, code):
    assert one(held_on=said) == ("held_on", code)


@pytest.mark.parametrize(
    ("words", "attendance"),
    [
        (("", "attended", "mødt", "kom", "Mødt ", "KOM", "fremmødt", "närvarande", "møtt", "SAND", "ja"), "attended"),
        (("no_show", "udeblevet", "uteblev", "udeblev", "Mødte ikke", "uteblivit", "FALSK", "no-show"), "no_show"),
        (("cancelled", "aflyst", "avbokad", "afbud", "Meldt afbud", "återbud", "avlyst"), "cancelled"),
    ],
)
def test_words_of_attendance(words, attendance):
    assert {one(attendance=word).attendance for word in words} == {attendance}


def test_a_word_of_attendance_has_one_meaning():
    words = [word for words in ATTENDANCE_WORDS.values() for word in words]
    assert len(words) == len(set(words))
    assert all(word == normal_form(word) for word in words)


def test_other_words_of_attendance_are_refused():
    assert one(attendance="måske") == ("attendance", "attendance")


@pytest.mark.parametrize("attendance", ["no_show", "aflyst"])
@pytest.mark.parametrize("cell", ["ors_1", "ors_total", "srs_4", "srs_total"])
def test_marks_without_a_meeting_are_refused_at_attendance(attendance, cell):
    assert one(attendance=attendance, **{cell: "5"}) == ("attendance", "marks_without_meeting")


def _marks(*said, total=""):
    return {f"ors_{place}": text for place, text in enumerate(said, 1)} | {"ors_total": total}


def test_four_marks_alone_and_with_an_agreeing_total():
    assert one(**_marks("5,2", "6", "6.2", "5,2")).ors == Given(226, (52, 60, 62, 52))
    assert one(**_marks("5,2", "6", "6.2", "5,2", total="22,6")).ors == Given(226, (52, 60, 62, 52))


def test_a_trailing_zero_is_no_second_decimal():
    assert one(**_marks("8,50", "6,00", "6.20", "5,2", total="25,90")).ors == Given(259, (85, 60, 62, 52))
    assert one(srs_total="33,40").srs == Given(334, None)
    assert one(srs_total="26,00").srs == Given(260, None)


def test_a_total_alone_has_no_marks():
    assert one(ors_total="31,3").ors == Given(313, None)


def test_marks_missing_beside_a_total_stay_missing():
    assert one(**_marks("8,2", "7,7", "", "", total="31,3")).ors == Given(313, None)


def test_nothing_marked_is_no_rating():
    assert one().ors is None
    assert one().srs is None


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        (_marks("11,2", "6", "6", "6"), ("ors_1", "mark_range")),
        (_marks("6", "10,1", "6", "6"), ("ors_2", "mark_range")),
        (_marks("6", "6", "7,55", "6"), ("ors_3", "mark_decimals")),
        (_marks("6", "6", "7.05", "6"), ("ors_3", "mark_decimals")),
        (_marks("6", "6", "6", "-1"), ("ors_4", "mark_not_a_number")),
        (_marks("6", "6", "6", "1e1"), ("ors_4", "mark_not_a_number")),
        (_marks("6", "6", "6", "nan"), ("ors_4", "mark_not_a_number")),
        (_marks("6", "", "6", "6"), ("ors_2", "mark_missing")),
        (_marks("", "", "", "6"), ("ors_1", "mark_missing")),
        (_marks("", "11", "", ""), ("ors_1", "mark_missing")),
        (_marks("5", "5", "5", "5", total="30"), ("ors_total", "total_differs")),
        (_marks("5", "5", "", "", total="9,9"), ("ors_total", "total_out_of_reach")),
        (_marks("5", "5", "", "", total="30,1"), ("ors_total", "total_out_of_reach")),
        ({"ors_total": "40,1"}, ("ors_total", "total_range")),
        ({"ors_total": "39,95"}, ("ors_total", "total_decimals")),
        ({"ors_total": "many"}, ("ors_total", "total_not_a_number")),
        ({"srs_1": "9", "srs_2": "8", "srs_3": "", "srs_4": "7"}, ("srs_3", "mark_missing")),
    ],
)
def test_marks_that_cannot_be_are_refused_at_their_column(fields, fault):
    assert one(**fields) == fault


@pytest.mark.parametrize("total", ["10", "30"])
def test_marks_beside_a_total_may_just_reach_it(total):
    assert one(**_marks("5", "5", "", "", total=total)).ors == Given(int(total) * 10, None)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"client_reference": " "}, ("client_reference", "required")),
        ({"client_reference": "010190-1234"}, ("client_reference", "national_id")),
        ({"client_reference": "A" * 61}, ("client_reference", "too_long")),
        ({"client_reference": "A\0"}, ("client_reference", "nul")),
        ({"episode": "1" * 61}, ("episode", "too_long")),
        ({"birth_year": "90"}, ("birth_year", "birth_year")),
        ({"birth_year": "1899"}, ("birth_year", "birth_year")),
        ({"birth_year": "2027"}, ("birth_year", "birth_year")),
        ({"birth_year": "2026", "held_on": "2025-01-01"}, ("birth_year", "born_later")),
        ({"practitioner": "Trine"}, ("practitioner", "practitioner")),
        ({"episode_end": "2026-01-04"}, ("episode_end", "end_before_session")),
        ({"episode_end": "2027-01-04"}, ("episode_end", "future")),
        ({"episode_end": "soon"}, ("episode_end", "date")),
        ({"ending": "planned"}, ("ending", "ending_without_end")),
        ({"episode_end": "2026-01-05", "ending": "well"}, ("ending", "ending")),
        ({"words": "w" * 4001}, ("words", "too_long")),
        ({"words": "a\0b"}, ("words", "nul")),
    ],
)
def test_other_faults_have_their_column(fields, fault):
    assert one(**fields) == fault


def test_the_first_fault_in_the_order_of_the_columns_is_told():
    bad = {"srs_1": "11", "ors_1": "11", "attendance": "måske", "held_on": "never", "birth_year": "x"}
    for column in ("birth_year", "held_on", "attendance", "ors_1", "srs_1"):
        assert one(**bad)[0] == column
        del bad[column]


@pytest.mark.parametrize(
    ("said", "ending"),
    [
        ("planlagt", "planned"),
        ("Ikke planlagt", "unplanned"),
        ("oplanerat", "unplanned"),
        ("remitterad", "referred"),
    ],
)
def test_words_of_ending(said, ending):
    assert one(episode_end="2026-01-05", ending=said).ending == ending


def test_words_are_kept_as_written():
    words = ' =1+1 er to\n  og ""mere"" \t'
    assert one(words=words).words == words.replace('""', '"')
    assert one(words="  \n ").words == ""


def test_a_practitioner_is_named_by_address_or_by_a_name_that_is_known():
    people = {"lise bo": "Lise@Example.org", "lb": "name:LB"}
    text = "borger;dato;behandler\n" + "".join(f"A-{who};2026-01-05;{who}\n" for who in ("Lise  BO", "lb", "Nobody"))
    rows = parsed(text, choices=Choices(people=people))
    assert [row.practitioner for row in rows[:2]] == ["lise@example.org", "name:LB"]
    assert (rows[2].column, rows[2].code) == ("practitioner", "practitioner")


@pytest.mark.parametrize("text", ["#N/A", "#I/T", "#REF!"])
@pytest.mark.parametrize("column", ["client_reference", "service", "team", "practitioner"])
def test_a_formula_that_came_to_nothing_is_no_name(column, text):
    assert one(**{column: text}) == (column, "no_value")


@pytest.mark.parametrize("said", ["\u200d", "\u3164", "\u00a0"])
def test_a_reference_that_shows_nothing_is_none(said):
    assert one(client_reference=said) == ("client_reference", "required")


def test_an_address_is_one_whatever_its_case():
    assert one(practitioner=" Trine@Example.org").practitioner == "trine@example.org"


def test_a_line_with_more_fields_than_the_header_is_refused():
    rows = parsed("borger;dato;egne ord\nA-1;2026-01-05;she said; and went\nA-2;2026-01-05;;;\n")
    assert (rows[0].line, rows[0].column, rows[0].code) == (2, "words", "too_many_fields")
    assert rows[1].client_reference == "A-2"


def test_a_short_line_is_as_if_its_last_fields_were_empty():
    (row,) = parsed("borger;dato;ors_total;egne ord\nA-1;2026-01-05\n")
    assert row.ors is None
    assert row.words == ""
