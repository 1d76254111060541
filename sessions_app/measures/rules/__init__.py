"""The alert rules: one class each."""

from sessions_app.measures.rules.base import Level, Rule, RuleSet
from sessions_app.measures.rules.registry import BY_KEY, DEFAULT_RULES, RULES, SENTENCES

__all__ = ["BY_KEY", "DEFAULT_RULES", "RULES", "SENTENCES", "Level", "Rule", "RuleSet"]
