"""Every instrument there is. A new one is a class beside this file; pages, API, standards and reports follow it."""

from sessions_app.measures.instruments.alliance import Cgsrs, Csrs, Gsrs, Srs, Ycsrs
from sessions_app.measures.instruments.base import CLIENT, COLLATERAL, PERIODIC, Instrument
from sessions_app.measures.instruments.cutoffs import ADOLESCENT, ADULT, CHILD, YOUNG_CHILD, Cutoff
from sessions_app.measures.instruments.lass import Lass
from sessions_app.measures.instruments.outcome import RELIABLE_CHANGE, Cors, Ors, Ycors
from sessions_app.measures.instruments.who5 import Who5

__all__ = [
    "ADOLESCENT",
    "ADULT",
    "CGSRS",
    "CHILD",
    "CLIENT",
    "COLLATERAL",
    "CORS",
    "CSRS",
    "FAMILY",
    "GSRS",
    "LASS",
    "ORS",
    "RELIABLE_CHANGE",
    "SRS",
    "YCORS",
    "YCSRS",
    "YOUNG_CHILD",
    "Instrument",
    "age_band",
    "cutoff_for",
    "find_cutoff",
    "periodic_instruments",
]

ORS, CORS, YCORS = Ors(), Cors(), Ycors()
SRS, CSRS, YCSRS, GSRS, CGSRS = Srs(), Csrs(), Ycsrs(), Gsrs(), Cgsrs()
LASS = Lass()

# By key; all else that is known about them is derived from here.
FAMILY: dict[str, Instrument] = {
    instrument.key: instrument for instrument in (ORS, CORS, YCORS, SRS, CSRS, YCSRS, GSRS, CGSRS, LASS, Who5())
}


def periodic_instruments() -> tuple[Instrument, ...]:
    """Return the instruments that are filled in now and then, in a rhythm of their own beside the sessions."""
    return tuple(one for one in FAMILY.values() if one.part == PERIODIC)


def age_band(age: int | None) -> str:
    """Return young_child (under 6), child (6-12), adolescent (13-17) or adult (18 on, and unknown)."""
    if age is None or age >= 18:
        return ADULT
    if age >= 13:
        return ADOLESCENT
    return CHILD if age >= 6 else YOUNG_CHILD


def find_cutoff(key: str, band: str, rater: str = CLIENT) -> Cutoff | None:
    """Return the cut-off with its source; None where there is none. KeyError for an unknown instrument."""
    return FAMILY[key].cutoff(band, rater)


def cutoff_for(key: str, age: int | None, rater: str = CLIENT) -> int | None:
    """Return the cut-off in tenths for an instrument, the client's age at intake and the rater; None if none.

    Below the cut-off is clinical (ORS family) or a concern (SRS family). An ORS of a client under 18 always has
    the cut-off of 13-17. Raters other than the client: the caretaker's value. KeyError for an unknown instrument.
    """
    found = find_cutoff(key, age_band(age), rater)
    return None if found is None else found.value
