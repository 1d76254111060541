"""The instruments of the FIT family: lines, ranges, ages, cut-offs. Keys only: wording is data, not code."""

from dataclasses import dataclass

# FIT convention: five points; it needs SD 6.8 with reliability .93 (1.96·√2·6.8·√(1-.93) = 4.99).
RELIABLE_CHANGE = 50


@dataclass(frozen=True)
class Instrument:
    """One instrument; `mark_max` and `total_max` in tenths, ages in whole years (None = no upper limit)."""

    key: str
    items: tuple[str, ...]
    mark_max: int
    total_max: int
    ages: tuple[int, int | None]
    timing: str
    scored: bool = True
    higher_is_better: bool = True


ORS = Instrument("ors", ("individual", "relations", "social", "overall"), 100, 400, (13, None), "start")
SRS = Instrument("srs", ("relation", "goals", "approach", "overall"), 100, 400, (13, None), "end")

BY_KEY: dict[str, Instrument] = {instrument.key: instrument for instrument in (ORS, SRS)}

ADULT, ADOLESCENT, CHILD, YOUNG_CHILD = "adult", "adolescent", "child", "young_child"


def age_band(age: int | None) -> str:
    """Return young_child (under 6), child (6-12), adolescent (13-17) or adult (18 on, and unknown)."""
    if age is None or age >= 18:
        return ADULT
    if age >= 13:
        return ADOLESCENT
    return CHILD if age >= 6 else YOUNG_CHILD


def cutoff_for(key: str, age: int | None, rater: str = "client") -> int | None:
    """Return the cut-off in tenths for an instrument, the client's age at intake and the rater; None if none.

    Below the cut-off is clinical (ORS family) or a concern (SRS family). An ORS of a client under 18 always
    has the cut-off of 13-17. Raters other than the client: the caretaker's value. KeyError for an unknown
    instrument.
    """
    if key not in BY_KEY and key not in {"cors", "csrs", "gsrs", "cgsrs"}:
        raise KeyError(key)
    if key in {"srs", "csrs", "gsrs", "cgsrs"}:
        return 360
    if rater != "client":
        return 280
    if key == "cors":
        return 320
    return 250 if age_band(age) == ADULT else 280


def scored_form_for(age: int | None) -> Instrument | None:
    """Return the ORS form that fits the age at the session, or None under 13, where no ORS form is scored."""
    return ORS if age is None or age >= 13 else None
