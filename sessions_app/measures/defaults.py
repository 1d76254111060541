"""The main defaults in one table: value, unit, source, confidence, and from when. What `show_measures` prints."""

from collections.abc import Iterator
from dataclasses import dataclass

from sessions_app.measures import state_filter
from sessions_app.measures.instruments.registry import FAMILY, ORS, RELIABLE_CHANGE, periodic_instruments
from sessions_app.measures.provenance import Confidence, Provenance
from sessions_app.measures.results import funnel, suppression
from sessions_app.measures.rules import RULES
from sessions_app.measures.rules.base import PERCENT, POINTS, SESSION, TIMES, Threshold
from sessions_app.measures.trajectory import model
from sessions_app.measures.trajectory.design_default import SOURCE


@dataclass(frozen=True)
class Default:
    """One default; `value` is text, points written with a dot."""

    key: str
    value: str
    unit: str
    provenance: Provenance


_OWN = "our proposal"
_CONVENTION = "FIT convention ±5; needs SD 6.8 with reliability .93 (Jacobson and Truax give 4.99)"


def defaults() -> tuple[Default, ...]:
    """Return the main defaults, in the order in which they are printed."""
    return (*_cutoffs(), *_change_and_alliance(), *_trajectory_and_numbers())


def _points(tenths: int) -> str:
    return f"{tenths / 10:.1f}"


def _cutoffs() -> Iterator[Default]:
    for about, cutoff in ((one, cutoff) for one in FAMILY.values() for cutoff in one.cutoffs):
        who = "client" if cutoff.client else "others"
        bands = "all ages" if len(cutoff.bands) == 4 else "under 18" if len(cutoff.bands) == 3 else cutoff.bands[0]
        yield Default(f"cut-off {about.short}, {bands}, {who}", _points(cutoff.value), "points", cutoff.provenance)


_UNITS = {POINTS: "points", SESSION: "measurement", TIMES: "times in a row", PERCENT: "per cent"}


def _change_and_alliance() -> Iterator[Default]:
    yield Default(
        "reliable change ORS, CORS", _points(RELIABLE_CHANGE), "points", Provenance(_CONVENTION, Confidence.SOURCED)
    )
    yield from _state()
    for rule in RULES:
        for threshold in rule.declared:
            if threshold.label:
                about = Provenance(rule.source, rule.confidence)
                unit = _UNITS[threshold.unit]
                yield Default(f"{rule.key} {threshold.label}", _as_read(threshold), unit, about)
    for one in periodic_instruments():
        yield Default(f"{one.short} rhythm", str(one.interval_days), "days", Provenance(_OWN, Confidence.PROPOSAL))
    yield Default("ORS looks back over", str(ORS.lookback_days), "days", ORS.provenance)


def _state() -> Iterator[Default]:
    """What the filter of changes reads, by instrument."""
    units = {"sd": "points", "reliability": "r", "drift": "points²", "mean": "points", "critical": "z"}
    for instrument, values in state_filter.VALUES.items():
        for name, unit in units.items():
            about = state_filter.SOURCES[instrument][name]
            yield Default(f"change filter {instrument.upper()}, {name}", f"{getattr(values, name):.2f}", unit, about)


def _as_read(threshold: Threshold) -> str:
    return _points(threshold.value) if threshold.unit == POINTS else str(threshold.value)


def _trajectory_and_numbers() -> Iterator[Default]:
    own = Provenance(_OWN, Confidence.PROPOSAL)
    yield Default("red below, amber below", "0.10, 0.25", "quantile", own)
    yield Default("trajectory until own episodes", "default-1", SOURCE, own)
    yield Default("own trajectory from", str(model.OWN_TRAJECTORY_FROM), "closed episodes", own)
    nhs = Provenance("NHS Digital: counts of 1-7 are not shown", Confidence.SOURCED)
    yield Default("hidden counts below, inside", str(suppression.INSIDE), "persons", nhs)
    ons = Provenance("Office for National Statistics: ten", Confidence.SOURCED)
    yield Default("hidden counts below, export", str(suppression.EXPORT), "persons", ons)
    yield Default("a practitioner in the funnel from", str(funnel.FUNNEL_FROM), "episodes", own)
