"""`make mutate` names modules and tests that are there, and its report is the one of its results."""

import json

from tests.sessions_app.measures import mutate

MEASURES = mutate.ROOT / "sessions_app" / "measures"


def test_the_modules_and_their_tests_are_there():
    assert [name for name in mutate.TESTS if not (MEASURES / f"{name}.py").exists()] == []
    named = {test for tests in mutate.TESTS.values() for test in tests}
    assert [test for test in sorted(named) if not (mutate.REASONS.parent / test).exists()] == []


def test_the_report_is_written_from_the_results_and_each_survivor_has_a_reason():
    results, reasons = (json.loads(path.read_text(encoding="utf-8")) for path in (mutate.RESULTS, mutate.REASONS))
    assert set(results) <= set(mutate.TESTS)
    report = mutate.report(results, reasons)
    assert report == mutate.REPORT.read_text(encoding="utf-8")
    assert "no reason yet" not in report
