"""A rule is one class and an instrument is one class: registered, each stands on every page, in the API and in reports.

In a process of its own, so that they are there before anything has read the registries.
"""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.db import connections

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PROGRAM = textwrap.dedent(
    '''
    from dataclasses import dataclass

    from sessions_app.measures import rules
    from sessions_app.measures.rules import registry
    from sessions_app.measures.rules.base import POINTS, Finding, Level, OutcomeRule, Threshold


    @dataclass(frozen=True)
    class VeryLow(OutcomeRule):
        """X9: the outcome below ten."""

        key = "X9"
        usual_level = Level.RED
        declared = (Threshold("total", 100, POINTS, "Very low below"),)
        condition = "The ORS is very low."
        sentences = {"very_low_outcome": "%(outcome)s %(score)s is very low."}
        false_alarms = {Level.RED: 0.1}

        def finds(self, series, totals):
            return Finding("very_low_outcome", {"score": totals[-1]}) if totals[-1] < self.threshold("total") else None


    registry.RULES = rules.RULES = (*registry.RULES, VeryLow)
    registry.BY_KEY["X9"] = VeryLow
    registry.SENTENCES |= VeryLow.sentences
    registry.DEFAULT_RULES = rules.DEFAULT_RULES = rules.RuleSet("2", tuple(rule.usual() for rule in registry.RULES))

    import django

    django.setup()
    from datetime import date

    from django.core.management import call_command

    from sessions_app.texts.alerts import alert_sentence
    from sessions_app.imports.report import RULES as COUNTED
    from sessions_app.measures.reading import Reading
    from sessions_app.measures.rules.alert_spans import alert_spans
    from sessions_app.measures.series import Measured, Series
    from sessions_app.measures.verdict.verdict import Tone, verdict
    from sessions_app.standards.values import BY_KEY, check, rule_set
    from sessions_app.services.explanations import why_alert

    assert str(BY_KEY["x9-total"].name) == "Very low below"
    assert str(BY_KEY["x9-level"].name) == "X9: The ORS is very low."
    check("x9-total", 90, {})
    assert rule_set({"x9-total": 90}, 1).rule("X9").threshold("total") == 90
    series = Series(tuple(Measured(str(n), date(2026, 1, n), ors=total, srs=380) for n, total in ((1, 110), (2, 95))))
    (span,) = [one for one in alert_spans(series) if one.rule == "X9"]
    assert alert_sentence(span.sentence, span.numbers, series.of) == "ORS 9.5 is very low."
    why = why_alert(span, Reading(series))
    assert why.rules == (("X9", "The ORS is very low."),)
    assert [threshold.value for threshold in why.thresholds] == ["10 points"]
    assert why.false_alarms == ("Of 20 people whose life does not change, 2 get this within ten measurements.",)
    assert verdict(series).tone is Tone.ACT
    assert "X9" in COUNTED
    call_command("show_measures")
    '''
)


def test_a_registered_rule_stands_everywhere():
    about = os.environ | {"DJANGO_SETTINGS_MODULE": "fit_project.settings", "MEDSPIL_ENV": "test"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, env=about)
    assert done.returncode == 0, done.stderr
    assert "X9 Very low below" in done.stdout


@pytest.mark.django_db
def test_pages_api_and_import_follow_the_registries():
    """A rule and an instrument of five items that only a plugin of the test knows (registered/additions.py)."""
    name = connections["default"].settings_dict["NAME"].removeprefix("test_")
    urls = {key: os.environ[key].rsplit("/", 1)[0] + "/" + name for key in ("DATABASE_URL", "OWNER_DATABASE_URL")}
    plugin = ["-p", "tests.sessions_app.registered.additions", "-p", "no:cacheprovider", "--reuse-db", "-q"]
    command = [sys.executable, "-m", "pytest", *plugin, str(HERE / "registered" / "pages.py")]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | urls, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "failed" not in done.stdout
