"""`make trust`: every test and command behind a promise exists, and what failed or is missing is told."""

import ast
import re
from pathlib import Path

import pytest

from bench import trust

ROOT = Path(__file__).resolve().parent.parent
NAMED = sorted({name for promise in trust.PROMISES for name in (*promise.short, *promise.long)})
REPORT = """<testsuites><testsuite>
<testcase classname="tests.test_input" name="test_a[one]"/>
<testcase classname="tests.test_input" name="test_a[two]"><failure message="no"/></testcase>
<testcase classname="tests.test_input" name="test_b"/>
<testcase classname="tests.test_input" name="test_c"><skipped/></testcase></testsuite></testsuites>"""


def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", NAMED)
def test_a_test_behind_a_promise_exists(name):
    path, _colons, function = name.partition("::")
    assert function in functions(path)


def test_there_are_fourteen_and_each_has_something_behind_it_or_says_so():
    assert [promise.key for promise in trust.PROMISES] == [f"P{number}" for number in range(1, 15)]
    assert [one.key for one in trust.PROMISES if not (one.short or one.long or one.commands or one.missing)] == []


def test_each_command_is_one_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text()
    commands = {command for promise in trust.PROMISES for command in promise.commands}
    assert commands
    for command in commands:
        target = re.match(r"make ([\w-]+)", command)[1]
        assert f"\n{target}:" in makefile, command


def test_a_failure_of_one_parameter_is_the_tests():
    found = trust.read_report(REPORT)
    assert found == {
        "tests/test_input.py::test_a": "failed",
        "tests/test_input.py::test_b": "passed",
        "tests/test_input.py::test_c": "skipped",
    }


@pytest.mark.parametrize("outcome", ["failed", "skipped", "not found"])
def test_a_promise_whose_test_did_not_pass_is_not_held(outcome):
    promise = trust.Promise("P0", "It works", short=("tests/test_x.py::test_y",))
    found = {} if outcome == "not found" else {"tests/test_x.py::test_y": outcome}
    assert trust.lines_of(promise, found)[0] == "P0  NOT HELD: It works"
    assert trust.lines_of(promise, {"tests/test_x.py::test_y": "passed"})[0] == "P0  held by what was run: It works"


def test_what_was_never_shown_is_said():
    promise = trust.Promise("P0", "It is quick", missing="on a phone")
    assert trust.lines_of(promise, {}) == ["P0  NOT MEASURED here: It is quick", "      NOT MEASURED: on a phone"]
