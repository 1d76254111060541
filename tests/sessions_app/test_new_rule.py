"""A rule is one class: registered, it stands in values, texts, explanations, defaults, verdict and the import's report.

In a process of its own, so that the rule is there before anything has read the registry.
"""

import os
import subprocess
import sys
import textwrap

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
    from sessions_app.measures.rules.alert_spans import lives
    from sessions_app.measures.series import Measured, Series
    from sessions_app.measures.verdict.verdict import Tone, verdict
    from sessions_app.standards.values import BY_KEY, check, rule_set
    from sessions_app.services.explanations import why_alert

    assert str(BY_KEY["x9-total"].name) == "Very low below"
    assert str(BY_KEY["x9-level"].name) == "X9: The ORS is very low."
    check("x9-total", 90, {})
    assert rule_set({"x9-total": 90}, 1).rule("X9").threshold("total") == 90
    series = Series(tuple(Measured(str(n), date(2026, 1, n), ors=total, srs=380) for n, total in ((1, 110), (2, 95))))
    (life,) = [life for life in lives(series) if life.rule == "X9"]
    assert alert_sentence(life.sentence, life.numbers, series.of) == "ORS 9.5 is very low."
    why = why_alert(life, Reading(series))
    assert why.rules == (("X9", "The ORS is very low."),)
    assert [threshold.value for threshold in why.thresholds] == ["10"]
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
