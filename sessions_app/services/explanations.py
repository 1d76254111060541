"""Why a page says what it says: the rule, the numbers, the thresholds with their sources, the versions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from sessions_app.measures.instruments.registry import FAMILY, ORS
from sessions_app.measures.marks import rounded_up
from sessions_app.measures.reading import Reading
from sessions_app.measures.rules import BY_KEY as RULE_BY_KEY
from sessions_app.measures.rules import Rule
from sessions_app.measures.rules.alert_spans import AlertSpan
from sessions_app.measures.rules.base import ALLIANCE_CUTOFF, CHANGE, CUTOFF, STATE
from sessions_app.measures.series import Rated, Series
from sessions_app.measures.state_filter import VALUES as STATE_VALUES
from sessions_app.measures.state_filter import change, interval, return_to_mean
from sessions_app.services.trajectory_words import trajectory_words
from sessions_app.standards.trajectories import Trajectory
from sessions_app.standards.values import (
    ALLIANCE,
    BY_KEY,
    CONFIDENCE,
    SCALE,
    VALUES,
    Unit,
    Value,
    change_key,
    cutoff_key,
    state_key,
)
from sessions_app.texts.alerts import COUNTS, PERCENTAGES
from sessions_app.texts.instruments import short_name
from sessions_app.texts.rules import RULES, false_alarms_in_words
from sessions_app.texts.verdict import ITEMS, points, signed

NUMBERS = {
    "intake": lazy("first"),
    "previous": lazy("the one before"),
    "middle": lazy("middle of those before"),
    "best": lazy("best before"),
    "from": lazy("fell from"),
    "score": lazy("latest"),
    "percentage": lazy("latest, of 100"),
    "change": lazy("change"),
    "pair_change": lazy("mean of two, from the first to the last"),
    "expected_at_least": lazy("expected at least"),
    "session_number": lazy("measurement number"),
    "sessions": lazy("measurements"),
    "successive": lazy("times in a row"),
    "item": lazy("line"),
    "mark": lazy("mark"),
    "low_items": lazy("low lines"),
    "overdue_days": lazy("days late"),
    "cutoff": lazy("cut-off"),
    "since_last": lazy("change since last time"),
    "srs": lazy("latest %(alliance)s"),
    "srs_change": lazy("change of the %(alliance)s"),
    "expected_since": lazy("inside the expected band or above it since measurement"),
}
_COUNTED = (*COUNTS, "sessions", "expected_since")
SAID = (Unit.POINTS, Unit.TIMES)  # units that stand beside the number
_CHANGES = ("change", "since_last", "srs_change", "pair_change")


@dataclass(frozen=True)
class ThresholdShown:
    """A value that was read, and where it comes from."""

    name: str
    value: str
    source: str
    confidence: str
    chosen_here: bool
    default: str
    learnt: bool = False  # from own clients

    @property
    def origin(self) -> str:
        """Where the value comes from and how sure that is; values of one origin are told together."""
        return f"{self.source} ({self.confidence})"


@dataclass(frozen=True)
class Explanation:
    """All that a reader needs to check a sentence by hand."""

    rules: tuple[tuple[str, str], ...]  # key and condition
    numbers: tuple[tuple[str, str], ...]
    thresholds: tuple[ThresholdShown, ...]
    rules_version: str
    trajectory: str
    false_alarms: tuple[str, ...] = ()  # how often it is said of people whose state does not change
    chance: str = ""  # what a start far from the mean does by itself


def why_alert(span: AlertSpan, reading: Reading) -> Explanation:
    """Why an alert of a series is open."""
    rule, series = RULE_BY_KEY[span.rule], reading.series
    last_day = _last_day(span, series)
    totals = [total for session, total in series.ors_totals() if session.held_on <= last_day]
    # What a rule compares with stands among its values, by name; only O8 works its own out of the expected course.
    numbers = {name: n for name, n in span.numbers.items() if name != "threshold"}
    if rule.reads_trajectory and "threshold" in span.numbers:
        numbers["expected_at_least"] = span.numbers["threshold"]
    return Explanation(
        rules=((span.rule, str(RULES[span.rule])),),
        numbers=(*_numbers(numbers, series.of), *(_change(series, totals) if STATE in rule.reads else ())),
        thresholds=tuple(_thresholds(_read_by(rule, series.of), series)),
        rules_version=series.rules.version,
        trajectory=trajectory_words(series) if rule.reads_trajectory else "",
        false_alarms=tuple(false_alarms_in_words(rule)),
        chance=chance_words(series, totals) if STATE in rule.reads else "",
    )


def why_verdict(reading: Reading) -> Explanation:
    """Why the sentence of a series is this one: its numbers, and the rules that hold now."""
    series, verdict, totals = reading.series, reading.verdict, reading.totals
    keys = dict.fromkeys(span.rule for span in reading.open_alerts)
    read = dict.fromkeys((change_key(series.of), cutoff_key(series.of), *_state_keys(series.of)))
    if "srs" in verdict.numbers:
        read[ALLIANCE] = None
    read |= dict.fromkeys(key for rule in keys for key in _read_by(RULE_BY_KEY[rule], series.of))
    numbers = {name: value for name, value in verdict.numbers.items() if name not in ("threshold", "cutoff")}
    return Explanation(
        rules=tuple((rule, str(RULES[rule])) for rule in keys),
        numbers=(*_numbers(numbers, series.of), *_change(series, totals)),
        thresholds=tuple(_thresholds(read, series)),
        rules_version=series.rules.version,
        trajectory=trajectory_words(series),
        chance=chance_words(series, totals),
    )


def chance_words(series: Series, totals: list[int]) -> str:
    """What follows a start far from the mean by itself, in one sentence; "" where it need not be said."""
    back = return_to_mean(series.state, totals)
    if not back:
        return ""
    said = (
        _(
            "After a start as low as %(intake)s the next number is %(points)s points higher on average, also where"
            " nothing has changed: part of a first number is chance."
        )
        if back > 0
        else _(
            "After a start as high as %(intake)s the next number is %(points)s points lower on average, also where"
            " nothing has changed: part of a first number is chance."
        )
    )
    return said % {"intake": points(totals[0]), "points": points(abs(back))}


def in_unit(value: Value, number: int) -> str:
    """A value as it is read: 250 is "25" points, 80 hundredths "0.80", 3 sessions are "3", 10 per cent "10 %"."""
    if value.unit == Unit.POINTS:
        return points(number)
    if value.unit == Unit.NUMBER:
        return formats.number_format(number / SCALE[value.unit], 2)
    if value.options:
        return str(value.options[number])
    return f"{number} %" if value.unit == Unit.PERCENT else str(number)


def _last_day(span: AlertSpan, series: Series) -> date:
    """The day of the session up to which an alert speaks."""
    return next((one.held_on for one in series.sessions if one.key == span.last), span.raised_on)


def _change(series: Series, totals: list[int]) -> Iterator[tuple[str, str]]:
    """How far a change is more than the scatter: its 95 % interval, and what the measurements together say."""
    if len(totals) < 2:
        return
    least, most = interval(totals[-1] - totals[0], series.state.difference)
    yield (
        _("95-per-cent interval of the change"),
        _("%(least)s to %(most)s") % {"least": signed(least), "most": signed(most)},
    )
    found = change(series.state, totals)
    yield _("change by all measurements together"), signed(round(found.points * 10))
    yield _("confirmed from"), "±" + points(rounded_up(found.sd * series.state.critical * 10))


def _numbers(numbers: dict[str, int], of: Rated) -> Iterator[tuple[str, str]]:
    named = {"alliance": short_name(of.alliance)}
    for name, label in NUMBERS.items():
        if name not in numbers:
            continue
        number = numbers[name]
        if name == "item":
            said = str(ITEMS[FAMILY[of.alliance].items[number]])
        elif name in _COUNTED or PERCENTAGES in numbers:
            said = str(number).replace("-", "\N{MINUS SIGN}")
        else:
            said = signed(number) if name in _CHANGES else points(number)
        yield str(label) % named, said


# The values that the filter of changes reads, by instrument: their keys, and what it calls them.
_STATE_KEYS: dict[str, dict[str, str]] = {
    instrument: {state_key(instrument, name): name for name in asdict(values)}
    for instrument, values in STATE_VALUES.items()
}


def _state_keys(of: Rated) -> dict[str, str]:
    """Those that are read for what a series is of: another instrument is read as the ORS."""
    return _STATE_KEYS.get(of.outcome, _STATE_KEYS[ORS.key])


def _read_by(rule: type[Rule], of: Rated) -> Iterator[str]:
    """The keys of the values that a rule reads, its own thresholds last."""
    for kind in rule.reads:
        yield from _SHARED[kind](of)
    yield from (value.key for value in VALUES if value.rule == rule.key and value.threshold and value.key != ALLIANCE)


# The keys of the values of a measure that rules read beside their own thresholds.
_SHARED: dict[str, Callable[[Rated], Iterable[str]]] = {
    CHANGE: lambda of: [change_key(of)],
    CUTOFF: lambda of: [cutoff_key(of)],
    ALLIANCE_CUTOFF: lambda of: [ALLIANCE],
    STATE: _state_keys,
}


def _thresholds(keys: Iterable[str], series: Series) -> Iterator[ThresholdShown]:
    own = series.model.state if isinstance(series.model, Trajectory) else {}
    state = _state_keys(series.of)
    read = {change_key(series.of): series.reliable_change, ALLIANCE: series.alliance_cutoff}
    for key in keys:
        value, learnt = BY_KEY[key], False
        if key in state:
            name = state[key]
            number = round(getattr(series.state, name) * SCALE[value.unit])
            learnt = name in own and round(own[name] * SCALE[value.unit]) == number
        elif key in read:
            number = read[key]
        else:
            number = series.rules.rule(value.rule).threshold(value.threshold) if value.rule else series.cutoff
        yield _threshold(value, number, learnt=learnt)


def _threshold(value: Value, number: int, *, learnt: bool) -> ThresholdShown:
    return ThresholdShown(
        name=str(value.name),
        value=f"{in_unit(value, number)} {value.unit.label}" if value.unit in SAID else in_unit(value, number),
        source=_(value.provenance.source),
        confidence=str(CONFIDENCE[value.provenance.confidence]),
        chosen_here=number != value.default and not learnt,
        default=in_unit(value, value.default),
        learnt=learnt,
    )
