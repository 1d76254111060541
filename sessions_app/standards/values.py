"""The values that an organisation may choose itself, each with its default, limits, source and confidence."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from sessions_app.measures import state_filter
from sessions_app.measures.instruments.cutoffs import ADOLESCENT, ADULT, CHILD, Cutoff
from sessions_app.measures.instruments.registry import (
    CLIENT,
    CORS,
    ORS,
    RELIABLE_CHANGE,
    Instrument,
    find_cutoff,
    periodic_instruments,
)
from sessions_app.measures.provenance import Confidence, Provenance
from sessions_app.measures.rules import DEFAULT_RULES, RULES, Rule, RuleSet
from sessions_app.measures.rules.base import Threshold
from sessions_app.measures.series import Rated
from sessions_app.standards.methods import (
    LEVEL_KEY,
    LEVEL_NAMES,
    LEVELS,
    METHODS,
    RHYTHM_NAMES,
    RHYTHM_WEEKS,
    Method,
    rhythm_key,
)

CARETAKER = "caretaker"  # whose value holds for every rater but the client
CUTOFF_ADULT, CUTOFF_UNDER_18 = "ors-cutoff-adult", "ors-cutoff-under-18"
CUTOFF_OTHERS, CHILD_CUTOFF, CHILD_CUTOFF_OTHERS = "ors-cutoff-others", "cors-cutoff", "cors-cutoff-others"
CHANGE, CHILD_CHANGE, ALLIANCE = "ors-reliable-change", "cors-reliable-change", "srs-cutoff"


class Unit(TextChoices):
    """What a value counts; points are stored as tenths, other numbers with decimals as hundredths."""

    POINTS = "points", lazy("points")
    SESSION = "session", lazy("session number")
    TIMES = "times", lazy("times in a row")
    PERCENT = "percent", lazy("per cent")
    NUMBER = "number", lazy("number with two decimals")
    CHOICE = "choice", lazy("one of several ways")


@dataclass(frozen=True)
class Value:
    """One value: default and limits in its unit (points: tenths); `rule` and `threshold` where a rule reads it.

    A choice between ways is the number of one of its `options`. `hint` is said beside the field.
    """

    key: str
    name: Promise
    default: int
    unit: Unit
    least: int
    most: int
    provenance: Provenance
    rule: str = ""
    threshold: str = ""
    options: tuple[Promise, ...] = ()
    hint: Promise | str = ""


# How many of what is stored are one of what people read.
SCALE = {Unit.POINTS: 10, Unit.NUMBER: 100}

# Sources disagree whether the line itself counts; in tenths the next number says the other.
BELOW_COUNTS = lazy("Below it counts, at it does not. Where your manual counts the number too, choose a tenth more.")
FROM_IT_COUNTS = lazy("A change of just this much counts. Where your manual wants more, choose a tenth more.")


def _cutoff(key: str, name: Promise, band: str, instrument: str = "ors", rater: str = CLIENT) -> Value:
    found: Cutoff = find_cutoff(instrument, band, rater)  # type: ignore[assignment]
    rule, threshold = ("S1", "total") if instrument == "srs" else ("", "")
    return Value(key, name, found.value, Unit.POINTS, 100, 400, found.provenance, rule, threshold, hint=BELOW_COUNTS)


def _change(key: str, name: Promise, source: str, instrument: Instrument) -> Value:
    provenance = Provenance(source, instrument.provenance.confidence)
    default = instrument.reliable_change or RELIABLE_CHANGE
    return Value(key, name, default, Unit.POINTS, 10, 200, provenance, hint=FROM_IT_COUNTS)


# What the filter of changes reads, by the name in `measures.state_filter`: what people call it, unit and limits.
_STATE: dict[str, tuple[str, Unit, int, int]] = {
    "sd": (gettext_noop("{form} standard deviation of the first scores"), Unit.POINTS, 20, 150),
    "reliability": (gettext_noop("{form} reliability of one score"), Unit.NUMBER, 30, 98),
    "drift": (gettext_noop("{form} movement of the state between two measurements, squared"), Unit.NUMBER, 0, 900),
    "mean": (gettext_noop("{form} mean of the first scores"), Unit.POINTS, 50, 350),
    "critical": (gettext_noop("{form} change that is confirmed, in its standard deviations"), Unit.NUMBER, 50, 400),
}
STATE_HINT = lazy("Tells a change from the scatter of the scores: red “below the start”, and progress.")
CRITICAL_HINT = lazy("Follows the reliability until you choose a number yourself.")


def _state(instrument: Instrument) -> Iterator[Value]:
    usual = asdict(state_filter.VALUES[instrument.key])
    for name, (words, unit, least, most) in _STATE.items():
        default = round(usual[name] * SCALE[unit])
        called = format_lazy(lazy(words), form=instrument.key.upper())
        provenance = state_filter.SOURCES[instrument.key][name]
        hint = CRITICAL_HINT if name == "critical" else STATE_HINT
        yield Value(state_key(instrument.key, name), called, default, unit, least, most, provenance, hint=hint)


def state_key(instrument: str, name: str) -> str:
    """The key of one of the values that the filter of changes reads."""
    return f"{instrument}-{name}"


def _threshold(rule: type[Rule], threshold: Threshold) -> Value:
    provenance = Provenance(rule.source, rule.confidence)
    key = f"{rule.key.lower()}-{threshold.name.replace('_', '-')}"
    unit, name = Unit(threshold.unit), lazy(threshold.label)
    return Value(
        key, name, threshold.value, unit, threshold.least, threshold.most, provenance, rule.key, threshold.name
    )


def _method(method: Method) -> Value:
    most = len(method.options) - 1
    return Value(
        method.key, method.name, 0, Unit.CHOICE, 0, most, method.provenance, options=method.options, hint=method.hint
    )


def _rhythm(about: Instrument) -> Value:
    default = RHYTHM_WEEKS.index((about.interval_days or 0) // 7)
    name = lazy(about.words.rhythm if about.words else about.short)
    hint = AGREED_HINT if about.agreed_in else ""
    most = len(RHYTHM_NAMES) - 1
    return Value(rhythm_key(about), name, default, Unit.CHOICE, 0, most, about.rhythm, options=RHYTHM_NAMES, hint=hint)


AGREED_HINT = lazy("Something else can be agreed with each client, where the client is edited.")

RED_HINT = lazy("“Talk about it” turns red by itself where the rule says so; “for information” never does.")

SMALL_HINT = lazy("“Talk about it” is said only where more than one score says so; until then it is for information.")


def _level(rule: type[Rule]) -> Value:
    provenance = Provenance(rule.source, rule.confidence)
    default, most = LEVELS.index(rule.usual_level), len(LEVELS) - 1
    name = format_lazy("{rule}: {words}", rule=rule.key, words=lazy(rule.condition))
    key = f"{rule.key.lower()}{LEVEL_KEY}"
    hint = RED_HINT if rule.turns_red else SMALL_HINT if rule.begins_as_information else ""
    return Value(key, name, default, Unit.CHOICE, 0, most, provenance, rule.key, options=LEVEL_NAMES, hint=hint)


VALUES: tuple[Value, ...] = (
    _cutoff(CUTOFF_ADULT, lazy("ORS cut-off, adults"), ADULT),
    _cutoff(CUTOFF_UNDER_18, lazy("ORS cut-off, under 18"), ADOLESCENT),
    _cutoff(CUTOFF_OTHERS, lazy("ORS cut-off, others about the client"), ADOLESCENT, rater=CARETAKER),
    _cutoff(CHILD_CUTOFF, lazy("CORS cut-off, the child"), CHILD, "cors"),
    _cutoff(CHILD_CUTOFF_OTHERS, lazy("CORS cut-off, others about the child"), CHILD, "cors", CARETAKER),
    _change(
        CHANGE, lazy("ORS reliable change"), gettext_noop("FIT convention ±5; needs SD 6.8 with reliability .93"), ORS
    ),
    _change(
        CHILD_CHANGE,
        lazy("CORS reliable change"),
        gettext_noop("FIT convention ±5; its own reliability of .84 and an SD of 7.5 would need 8.3"),
        CORS,
    ),
    *_state(ORS),
    *_state(CORS),
    _cutoff(ALLIANCE, lazy("SRS cut-off"), ADULT, "srs"),
    *(_threshold(rule, threshold) for rule in RULES for threshold in rule.declared if threshold.label),
    *map(_method, METHODS),
    *map(_rhythm, periodic_instruments()),
    *map(_level, RULES),
)
BY_KEY: dict[str, Value] = {value.key: value for value in VALUES}

CONFIDENCE = {
    Confidence.SOURCED: lazy("read in a source"),
    Confidence.HIGH: lazy("general knowledge, quite sure"),
    Confidence.MEDIUM: lazy("general knowledge, to check"),
    Confidence.LOW: lazy("general knowledge, unsure"),
    Confidence.PROPOSAL: lazy("our own proposal"),
}


def cutoff_key(of: Rated) -> str:
    """Which value is the cut-off of a series: by instrument, by who rates, and for the client's ORS by age band."""
    if of.outcome == CORS.key:
        return CHILD_CUTOFF if of.rater == CLIENT else CHILD_CUTOFF_OTHERS
    if of.rater != CLIENT:
        return CUTOFF_OTHERS
    return CUTOFF_ADULT if of.band == ADULT else CUTOFF_UNDER_18


def change_key(of: Rated) -> str:
    """Which value is the reliable change of a series."""
    return CHILD_CHANGE if of.outcome == CORS.key else CHANGE


def effective(chosen: Mapping[str, int]) -> dict[str, int]:
    """Every value by key: the chosen one, else the default; what confirms a change follows a chosen reliability."""
    found = {value.key: chosen.get(value.key, value.default) for value in VALUES}
    for instrument in state_filter.VALUES:
        reliability, critical = state_key(instrument, "reliability"), state_key(instrument, "critical")
        if reliability in chosen and critical not in chosen:
            belongs = state_filter.critical_for(chosen[reliability] / SCALE[Unit.NUMBER])
            found[critical] = round(belongs * SCALE[Unit.NUMBER])
    return found


def state_values(
    instrument: str, values: Mapping[str, int], own: Mapping[str, float], chosen: Mapping[str, int]
) -> state_filter.StateValues:
    """What the filter reads of an instrument: chosen here, else learnt from own clients (`own`), else the default."""
    read = {
        name: own[name]
        if name in own and state_key(instrument, name) not in chosen
        else values[state_key(instrument, name)] / SCALE[unit]
        for name, (_words, unit, _least, _most) in _STATE.items()
    }
    keys = (state_key(instrument, "reliability"), state_key(instrument, "critical"))
    if "reliability" in own and not any(key in chosen for key in keys):
        read["critical"] = state_filter.critical_for(own["reliability"])
    return state_filter.StateValues(**read)


def rule_set(chosen: Mapping[str, int], changes: int) -> RuleSet:
    """The rules with the chosen thresholds; the version counts the changes ("1.3" after three)."""
    if not changes:
        return DEFAULT_RULES
    given = _given(chosen, DEFAULT_RULES.rules)
    # Where "clearly below" ends "somewhat below" begins.
    given["O5"]["thresholds"]["low_percentile"] = given["O4"]["thresholds"]["percentile"]
    return DEFAULT_RULES.changed(f"{DEFAULT_RULES.version}.{changes}", given)


def _given(chosen: Mapping[str, int], rules: tuple[Rule, ...]) -> dict[str, dict[str, Any]]:
    """What the chosen values and the defaults say about each of the rules, as `RuleSet.changed` takes it."""
    given: dict[str, dict[str, Any]] = {rule.key: {"thresholds": {}} for rule in rules}
    for key, number in effective(chosen).items():
        value = BY_KEY[key]
        if value.rule not in given:
            continue
        if value.threshold:
            given[value.rule]["thresholds"][value.threshold] = number
        else:
            level = LEVELS[number]
            given[value.rule] |= {"on": False} if level is None else {"level": level}
    return given


def check(key: str, number: int, chosen: Mapping[str, int]) -> None:
    """ValidationError for an unknown key, a number outside the limits, or values that contradict each other."""
    value = BY_KEY.get(key)
    if value is None:
        raise ValidationError(_("There is no such value."))
    if value.options and not 0 <= number < len(value.options):
        raise ValidationError(_("Choose one of the ways."))
    if not value.least <= number <= value.most:
        least, most = (limit / SCALE.get(value.unit, 1) for limit in (value.least, value.most))
        raise ValidationError(_("Choose a value from %(least)g to %(most)g.") % {"least": least, "most": most})
    now = effective({**chosen, key: number})
    if now["o4-percentile"] >= now["o5-percentile"]:
        raise ValidationError(_("“Clearly below” must be a smaller share than “somewhat below”."))
    if now["w1-very-low"] >= now["w1-low"]:
        raise ValidationError(_("“Very low” must be lower than “low”."))
    if not now["s4-fall"] <= now["s4-talk-fall"] <= now["s4-red-fall"]:
        raise ValidationError(_("The falls of the SRS must follow each other: for information, to talk about, red."))
    if not now["o6-first-session"] <= now["o6-last-session"] < now["o6-late-session"]:
        raise ValidationError(_("The measurements of “no reliable change” must be in rising order."))
