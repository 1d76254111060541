"""What happens to lines that are without fault alone but not beside the others and what is stored."""

import io
import json
from datetime import date
from pathlib import Path

import pytest

from organisations.models import normal_form
from sessions_app.imports.planning import StoredEpisode
from tests.sessions_app.imports.texts import NothingStored, refused, reported

DATA = Path(__file__).parents[2] / "data" / "sessions"
EXPECTED = json.loads((DATA / "expected.json").read_text())
HEADER = "client_reference;episode;birth_year;service;held_on;ors_total;episode_end;ending\n"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_simulated_files_give_the_expected_figures(name):
    with (DATA / name).open("rb") as raw:
        report = reported(raw)
    got = {key: getattr(report, key) for key in EXPECTED[name]}
    got["refusals"] = [{"line": refusal.line, "column": refusal.column} for refusal in report.refusals]
    assert got == EXPECTED[name]


def _file(*lines):
    return HEADER + "".join(f"{line}\n" for line in lines)


def test_an_identical_line_is_unchanged_and_another_one_refused():
    text = _file("A;1;;S;2026-01-05;20;;", "A;1;;S;2026-01-05;20;;", "A;1;;S;2026-01-05;21;;", "A;2;;T;2026-01-05;9;;")
    report = reported(io.BytesIO(text.encode()))
    assert (report.imported, report.unchanged, report.sessions, report.episodes) == (2, 1, 2, 2)
    assert refused(text) == [(4, "held_on", "another_session")]


def test_a_line_with_its_own_fault_is_no_other_session():
    assert refused(_file("A;1;;S;2026-01-05;41;;", "A;1;;S;2026-01-05;20;;")) == [(2, "ors_total", "total_range")]


def test_the_files_first_birth_year_holds_even_for_lines_with_a_later_fault():
    text = _file("A;1;1991;S;2026-01-04;41;;", "A;1;1990;S;2026-01-05;20;;", "A;1;1991;S;2026-01-06;20;;")
    assert refused(text) == [(2, "birth_year", "birth_year_differs"), (4, "birth_year", "birth_year_differs")]


def test_a_second_open_episode_of_a_client_in_a_service_is_refused():
    text = _file("A;1;;S;2026-01-05;20;;", "A;2;;S;2026-01-06;20;;", "A;2;;T;2026-01-06;20;;", "A;2;;S;2026-01-07;41;;")
    assert refused(text) == [(3, "episode", "second_open"), (5, "episode", "second_open")]


@pytest.mark.parametrize("turned", [False, True])
def test_an_episode_that_ended_leaves_room_for_the_next_in_any_order_of_lines(turned):
    lines = ["A;1;;S;2026-01-05;20;2026-01-05;planned", "A;2;;S;2026-01-06;20;;"]
    assert refused(_file(*(reversed(lines) if turned else lines))) == []


def test_an_end_before_a_session_is_refused_and_does_not_end_the_episode():
    text = _file("A;1;;S;2026-01-05;20;2026-01-06;planned", "A;1;;S;2026-02-01;20;;", "A;2;;S;2026-02-02;20;;")
    assert refused(text) == [(2, "episode_end", "end_before_session"), (4, "episode", "second_open")]


def test_two_different_ends_are_refused_at_the_second():
    text = _file(
        "A;1;;S;2026-01-05;20;2026-02-01;planned",
        "A;1;;S;2026-01-06;20;2026-02-02;planned",
        "A;1;;S;2026-01-07;20;2026-02-01;referred",
        "A;1;;S;2026-01-08;20;2026-02-01;",
    )
    assert refused(text) == [(3, "episode_end", "end_differs"), (4, "ending", "ending_differs")]


def test_an_empty_episode_is_the_clients_only_one():
    text = _file("A;;;S;2026-01-05;20;;", "A;1;;S;2026-01-06;20;;", "B;;;S;2026-01-06;20;;", "B;;;S;2026-01-07;20;;")
    report = reported(io.BytesIO(text.encode()))
    assert (report.refused, report.episodes) == (0, 2)


def test_an_empty_episode_of_a_client_with_several_is_refused():
    text = _file("A;1;;S;2026-01-05;20;2026-01-05;planned", "A;2;;S;2026-01-06;20;;", "A;;;S;2026-01-07;20;;")
    assert refused(text) == [(4, "episode", "which_episode")]


def test_an_empty_service_is_the_clients_only_one_or_the_house():
    text = _file("A;1;;S;2026-01-05;20;;", "A;1;;;2026-01-06;20;;", "B;1;;;2026-01-06;20;;")
    report = reported(io.BytesIO(text.encode()))
    assert (report.refused, report.episodes) == (0, 2)
    text = _file("A;1;;S;2026-01-05;20;;", "A;1;;T;2026-01-05;20;;", "A;1;;;2026-01-06;20;;")
    assert refused(text) == [(4, "service", "which_service")]


class Stored(NothingStored):
    """Client A with an episode that has ended and one that is open, each with a session."""

    ended = StoredEpisode("e1", "A", "S", "1", date(2026, 1, 31), "planned", date(2026, 1, 5))
    open = StoredEpisode("e2", "A", "S", "2", None, "", date(2026, 2, 5))

    def birth_years(self, references):
        return {reference: 1990 for reference in references if normal_form(reference) == "a"}

    def episodes(self, references):
        return [self.ended, self.open] if self.birth_years(references) else []

    def values(self, episodes):
        return {("e1", date(2026, 1, 5)): {1}}


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("A;1;1990;S;2026-01-06;20;;", []),
        ("A;1;1991;S;2026-01-06;20;;", [(2, "birth_year", "birth_year_differs")]),
        ("A;1;1991;S;2026-01-06;41;;", [(2, "birth_year", "birth_year_differs")]),
        ("a\u00ad;1;1991;s;2026-01-06;20;;", [(2, "birth_year", "birth_year_differs")]),  # of whatever spelling
        ("A;1;;S;2026-01-05;20;;", [(2, "held_on", "another_session")]),
        ("A;1;;S;2026-02-01;20;;", [(2, "held_on", "after_end")]),
        ("A;1;;S;2026-01-06;20;2026-01-31;planned", []),
        ("A;1;;S;2026-01-06;20;2026-02-01;planned", [(2, "episode_end", "end_differs")]),
        ("A;1;;S;2026-01-06;20;2026-01-31;referred", [(2, "ending", "ending_differs")]),
        ("A;2;;S;2026-02-01;20;2026-02-04;planned", [(2, "episode_end", "end_before_session")]),
        ("A;2;;S;2026-02-01;20;2026-02-05;planned", []),
        ("A;3;;S;2026-03-01;20;;", [(2, "episode", "second_open")]),
        ("A;3;;S;2026-03-01;20;2026-03-01;planned", []),
        ("A;3;;T;2026-03-01;20;;", []),
        ("A;;;S;2026-03-01;20;;", [(2, "episode", "which_episode")]),
        ("A;2;;;2026-03-01;20;;", []),
    ],
)
def test_lines_beside_what_is_stored(line, faults):
    assert refused(_file(line), Stored()) == faults


def test_ending_the_stored_episode_leaves_room_for_the_next():
    assert refused(_file("A;3;;S;2026-03-01;20;;", "A;2;;S;2026-02-06;20;2026-02-06;planned"), Stored()) == []
