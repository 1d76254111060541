"""Every rule there is. A new one is a class here; values, texts, explanations and the import's report follow it."""

from sessions_app.measures.rules.alliance import AllianceDrop, AllianceFalling, Ceiling, LowAlliance, LowLine
from sessions_app.measures.rules.attendance import MissingForm, Overdue
from sessions_app.measures.rules.base import Rule, RuleSet
from sessions_app.measures.rules.outcome import (
    BelowBand,
    BelowStart,
    FallFromBest,
    NoGain,
    StartedAbove,
    SuddenDrop,
    TargetMet,
    UnderExpected,
)
from sessions_app.measures.rules.wellbeing import LowWellbeing

RULES: tuple[type[Rule], ...] = (
    BelowStart,
    SuddenDrop,
    FallFromBest,
    BelowBand,
    UnderExpected,
    NoGain,
    StartedAbove,
    TargetMet,
    LowAlliance,
    LowLine,
    AllianceDrop,
    AllianceFalling,
    Ceiling,
    LowWellbeing,
    MissingForm,
    Overdue,
)
BY_KEY: dict[str, type[Rule]] = {rule.key: rule for rule in RULES}
# Every sentence a rule can say, by its key; the words are English and translated by the application.
SENTENCES: dict[str, str] = {key: words for rule in RULES for key, words in rule.sentences.items()}
DEFAULT_RULES = RuleSet("3", tuple(rule.usual() for rule in RULES))
