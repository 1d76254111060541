"""An engine that is not there is named, and demanded in CI."""

import pytest

from tests.browser.engines.conftest import refuse_missing
from tests.browser.engines.launch import ENGINES, Engine


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
