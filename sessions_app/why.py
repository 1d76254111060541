"""Why a page says what it says: the rule, the numbers, the thresholds with their sources, the versions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from sessions_app.alert_sentences import COUNTS
from sessions_app.form_names import short_name
from sessions_app.measures.alerts import Life
from sessions_app.measures.instruments import FAMILY
from sessions_app.measures.series import Rated, Series
from sessions_app.measures.verdict import Verdict
from sessions_app.rule_sentences import RULES
from sessions_app.sentences import ITEMS, points, signed
from sessions_app.standards.loading import Standards
from sessions_app.standards.trajectories import Trajectory
from sessions_app.standards.values import (
    ALLIANCE,
    BY_KEY,
    CHANGE,
    CONFIDENCE,
    Unit,
    Value,
    change_key,
    cutoff_key,
)

CUTOFF = "cutoff"  # the one that fits instrument, rater and age; reliable change follows the instrument too
READS: dict[str, tuple[str, ...]] = {
    "O1": (CHANGE,),
    "O2": (CHANGE,),
    "O3": (CHANGE,),
    "O4": ("o4-percentile", "o4-from-session"),
    "O5": ("o5-percentile", "o5-from-session"),
    "O6": (CHANGE, CUTOFF, "o6-first-session", "o6-last-session", "o6-late-session"),
    "O7": (CUTOFF,),
    "O8": (CUTOFF, "o8-successive"),
    "S1": (ALLIANCE,),
    "S2": ("s2-mark",),
    "S3": ("s3-fall",),
    "S4": ("s4-successive", "s4-fall"),
    "S5": ("s5-successive",),
}
READ_WITH_TRAJECTORY = ("O4", "O5", "O8")

NUMBERS = {
    "intake": lazy("first"),
    "previous": lazy("the one before"),
    "best": lazy("best before"),
    "from": lazy("fell from"),
    "score": lazy("latest"),
    "change": lazy("change"),
    "threshold": lazy("threshold"),
    "expected_at_least": lazy("expected at least"),
    "session_number": lazy("mark number"),
    "sessions": lazy("marks"),
    "successive": lazy("times in a row"),
    "item": lazy("line"),
    "mark": lazy("mark"),
    "low_items": lazy("low lines"),
    "cutoff": lazy("cut-off"),
    "since_last": lazy("change since last time"),
    "srs": lazy("latest %(alliance)s"),
    "srs_change": lazy("change of the %(alliance)s"),
    "expected_since": lazy("on line with the expected since mark"),
}
_COUNTED = (*COUNTS, "sessions", "expected_since")
_CHANGES = ("change", "since_last", "srs_change")


@dataclass(frozen=True)
class Threshold:
    """A value that was read, and where it comes from."""

    name: str
    value: str
    source: str
    confidence: str
    chosen_here: bool
    default: str


@dataclass(frozen=True)
class Why:
    """All that a reader needs to check a sentence by hand."""

    rules: tuple[tuple[str, str], ...]  # key and condition
    numbers: tuple[tuple[str, str], ...]
    thresholds: tuple[Threshold, ...]
    rules_version: str
    trajectory: str


def why_alert(life: Life, series: Series) -> Why:
    """Why an alert is open."""
    return Why(
        rules=((life.rule, str(RULES[life.rule])),),
        numbers=tuple(_numbers(life.numbers, series.of)),
        thresholds=tuple(_thresholds(READS.get(life.rule, ()), series)),
        rules_version=series.rules.version,
        trajectory=trajectory_words(series) if life.rule in READ_WITH_TRAJECTORY else "",
    )


def why_wellbeing(life: Life, standards: Standards) -> Why:
    """Why an alert of WHO-5 is open."""
    names = {"percentage": _("latest, of 100"), "previous": _("the one before"), "change": _("change")}
    given = {f"w1-{name.replace('_', '-')}": number for name, number in standards.who5.thresholds.items()}
    return Why(
        rules=((life.rule, str(RULES[life.rule])),),
        numbers=tuple((words, str(life.numbers[name])) for name, words in names.items() if name in life.numbers),
        thresholds=tuple(_threshold(BY_KEY[key], number) for key, number in given.items()),
        rules_version=standards.rules.version,
        trajectory="",
    )


def why_verdict(verdict: Verdict, open_lives: Iterable[Life], series: Series) -> Why:
    """Why the sentence of a series is this one: its numbers, and the rules that hold now."""
    keys = dict.fromkeys(life.rule for life in open_lives)
    read = dict.fromkeys((CHANGE, CUTOFF, *(("srs-cutoff",) if "srs" in verdict.numbers else ())))
    read |= dict.fromkeys(key for rule in keys for key in READS.get(rule, ()))
    numbers = {name: value for name, value in verdict.numbers.items() if name not in ("threshold", "cutoff")}
    return Why(
        rules=tuple((rule, str(RULES[rule])) for rule in keys),
        numbers=tuple(_numbers(numbers, series.of)),
        thresholds=tuple(_thresholds(read, series)),
        rules_version=series.rules.version,
        trajectory=trajectory_words(series),
    )


def trajectory_words(series: Series) -> str:
    """Which expected course a series is read against, from whom it was learnt and how many; "" without one."""
    return trajectory_words_of(series.model) if isinstance(series.model, Trajectory) else ""


def trajectory_words_of(trajectory: Trajectory) -> str:
    """From whom an expected course was learnt, and how many."""
    model = trajectory.model
    held = " " + _("No line falls: each is held at the highest it has reached.") if trajectory.held else ""
    if model.is_design_default:
        said = _("Expected course: a design default (%(version)s), not from your clients.")
        return said % {"version": model.version} + held
    learnt = ngettext(
        "Expected course: learnt from %(count)s closed episode of your own organisation",
        "Expected course: learnt from %(count)s closed episodes of your own organisation",
        model.closed_episodes,
    ) % {"count": model.closed_episodes}
    prior = ", " + _("drawn towards the design default") if model.prior else ""
    return (
        _("%(learnt)s%(prior)s; version %(version)s, sessions from %(start)s to %(end)s.")
        % {
            "learnt": learnt,
            "prior": prior,
            "version": trajectory.version,
            "start": _day(model.window[0]),
            "end": _day(model.window[1]),
        }
        + held
    )


def _day(iso: str) -> str:
    return formats.date_format(date.fromisoformat(iso), "SHORT_DATE_FORMAT")


def in_unit(value: Value, number: int) -> str:
    """A value as it is read: 250 is "25" points, 3 sessions are "3", 10 per cent "10 %"."""
    if value.unit == Unit.POINTS:
        return points(number)
    if value.options:
        return str(value.options[number])
    return f"{number} %" if value.unit == Unit.PERCENT else str(number)


def _numbers(numbers: dict[str, int], of: Rated) -> Iterator[tuple[str, str]]:
    for name, label in NUMBERS.items():
        if name not in numbers:
            continue
        number = numbers[name]
        if name == "item":
            said = str(ITEMS[FAMILY[of.alliance].items[number]])
        elif name in _COUNTED:
            said = str(number)
        else:
            said = signed(number) if name in _CHANGES else points(number)
        yield str(label) % {"alliance": short_name(of.alliance)}, said


def _thresholds(keys: Iterable[str], series: Series) -> Iterator[Threshold]:
    depends = {CUTOFF: cutoff_key(series.of), CHANGE: change_key(series.of)}
    for key in keys:
        value = BY_KEY[depends.get(key, key)]
        yield _threshold(value, _value_in(series, value))


def _threshold(value: Value, number: int) -> Threshold:
    return Threshold(
        name=str(value.name),
        value=in_unit(value, number),
        source=_(value.provenance.source),
        confidence=str(CONFIDENCE[value.provenance.confidence]),
        chosen_here=number != value.default,
        default=in_unit(value, value.default),
    )


def _value_in(series: Series, value: Value) -> int:
    """The number that the series was really read with."""
    if value.key == change_key(series.of):
        return series.reliable_change
    if value.key == ALLIANCE:
        return series.alliance_cutoff
    rule = series.rules.get(value.rule) if value.rule else None
    return rule.threshold(value.threshold) if rule else series.cutoff
