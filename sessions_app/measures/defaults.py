"""The main defaults in one table: value, unit, source, confidence, and from when. What `show_measures` prints."""

from collections.abc import Iterator
from dataclasses import dataclass

from sessions_app.measures import funnel, suppression, trajectory_model
from sessions_app.measures.cutoffs import CUTOFFS
from sessions_app.measures.instruments import ORS, RELIABLE_CHANGE, WHO5
from sessions_app.measures.rules import DEFAULT_RULES
from sessions_app.measures.sourced import Confidence, Provenance
from sessions_app.measures.trajectory_default import SOURCE
from sessions_app.measures.who5 import W1


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
    for cutoff in CUTOFFS:
        who = "client" if cutoff.client else "others"
        bands = "all ages" if len(cutoff.bands) == 4 else "under 18" if len(cutoff.bands) == 3 else cutoff.bands[0]
        yield Default(
            f"cut-off {cutoff.key.upper()}, {bands}, {who}", _points(cutoff.value), "points", cutoff.provenance
        )


def _threshold(rule: str, name: str) -> int:
    found = DEFAULT_RULES.get(rule)
    return 0 if found is None else found.threshold(name)


def _change_and_alliance() -> Iterator[Default]:
    yield Default(
        "reliable change ORS, CORS", _points(RELIABLE_CHANGE), "points", Provenance(_CONVENTION, Confidence.SOURCED)
    )
    for key, rule, name, source, confidence in (
        ("SRS line of concern below", "S2", "mark", "SRS manual as quoted", Confidence.SOURCED),
        ("SRS fall", "S3", "fall", "OpenFIT dashboard", Confidence.SOURCED),
        ("SRS falling, three in a row, in all", "S4", "fall", _OWN, Confidence.PROPOSAL),
    ):
        yield Default(key, _points(_threshold(rule, name)), "points", Provenance(source, confidence))
    secondary = Provenance("no gain by session 3-4: review; by 8: change (secondary source)", Confidence.MEDIUM)
    for key, name in (("no reliable gain: first session", "first_session"), ("… red from session", "late_session")):
        yield Default(key, str(_threshold("O6", name)), "session", secondary)
    topp = Provenance(W1.source, Confidence.SOURCED)
    yield Default("WHO-5 low, very low", f"{W1.threshold('low')}, {W1.threshold('very_low')}", "per cent", topp)
    yield Default("WHO-5 rhythm", str(WHO5.interval_days), "days", Provenance(_OWN, Confidence.PROPOSAL))
    yield Default("ORS looks back over", str(ORS.lookback_days), "days", ORS.provenance)


def _trajectory_and_numbers() -> Iterator[Default]:
    own = Provenance(_OWN, Confidence.PROPOSAL)
    yield Default("red below, amber below", "0.10, 0.25", "quantile", own)
    yield Default("trajectory until own episodes", "default-1", SOURCE, own)
    yield Default("own trajectory from", str(trajectory_model.OWN_TRAJECTORY_FROM), "closed episodes", own)
    nhs = Provenance("NHS Digital: counts of 1-7 are not shown", Confidence.SOURCED)
    yield Default("hidden counts below, inside", str(suppression.INSIDE), "persons", nhs)
    ons = Provenance("Office for National Statistics: ten", Confidence.SOURCED)
    yield Default("hidden counts below, export", str(suppression.EXPORT), "persons", ons)
    yield Default("a practitioner in the funnel from", str(funnel.FUNNEL_FROM), "episodes", own)
