"""An engine that is not there is named, and demanded in CI."""

from types import SimpleNamespace

import pytest
from urllib3.exceptions import ReadTimeoutError

from tests.browser.engines.conftest import refuse_missing
from tests.browser.engines.launch import ENGINES, Engine
from tests.browser.engines.screen import ANSWER_SECONDS, Screen


def test_a_missing_program_is_named():
    engine = Engine(None, {"here": lambda: "/bin/sh", "away": lambda: None})
    assert engine.missing() == ["away"]
    assert set(ENGINES) == {"chromium", "webkit", "firefox"}


def test_without_an_engine_its_tests_are_not_run(monkeypatch):
    monkeypatch.delenv("MEDSPIL_DEMAND_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="NOT RUN: no Xvfb for webkit"):
        refuse_missing("webkit", ["Xvfb"])
    refuse_missing("webkit", [])


def test_where_browsers_are_demanded_a_missing_engine_fails(monkeypatch):
    monkeypatch.setenv("MEDSPIL_DEMAND_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="no Xvfb for webkit"):
        refuse_missing("webkit", ["Xvfb"])


def test_a_question_that_is_never_answered_is_asked_again():
    """WebKit's driver leaves a question open that met a page just leaving."""
    commands = SimpleNamespace(timeout=30)
    screen = Screen(SimpleNamespace(command_executor=SimpleNamespace(client_config=commands)), None)
    answers, patience = iter([ReadTimeoutError(None, "/", "no answer"), True]), []

    def found():
        patience.append(commands.timeout)
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert screen.wait(found)
    assert patience == [ANSWER_SECONDS, ANSWER_SECONDS]
    assert commands.timeout == 30
