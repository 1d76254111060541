"""The instruments of the FIT family: lines, ranges, ages, cut-offs. Keys only: wording is data, not code."""

from dataclasses import dataclass, field

from sessions_app.measures.instruments.cutoffs import ADOLESCENT, ADULT, CHILD, YOUNG_CHILD, find_cutoff
from sessions_app.measures.provenance import Confidence, Provenance

__all__ = [
    "ADOLESCENT",
    "ADULT",
    "CGSRS",
    "CHILD",
    "CORS",
    "CSRS",
    "FAMILY",
    "GSRS",
    "LASS",
    "ORS",
    "RELIABLE_CHANGE",
    "SRS",
    "WHO5",
    "YCORS",
    "YCSRS",
    "YOUNG_CHILD",
    "Instrument",
    "age_band",
    "cutoff_for",
]

# FIT convention: five points; it needs SD 6.8 with reliability .93 (1.96·√2·6.8·√(1-.93) = 4.99).
RELIABLE_CHANGE = 50

CLIENT = "client"
COLLATERAL = ("mother", "father", "caretaker", "teacher", "professional", "network")
# What is shown or spoken: the same four lines, the same numbers.
PAPER_OR_SCREEN, ORAL, RELATIONAL = "visual", "oral", "relational"


@dataclass(frozen=True)
class Instrument:
    """One instrument: keys of its lines, range, ages in whole years (None = no upper limit), when and by whom.

    `mark_max`, `total_max` and `reliable_change` are tenths of a point, but raw points where `unit` is "raw"
    (WHO-5: raw 0-25; its percentage is `who5.percentage`). `interval_days` is the rhythm, None for every session.
    `lookback_days` is what the client looks back over, None where it is the session itself.
    """

    key: str
    items: tuple[str, ...]
    mark_max: int
    total_max: int
    ages: tuple[int, int | None]
    timing: str
    scored: bool = True
    higher_is_better: bool = True
    unit: str = "tenths"
    raters: tuple[str, ...] = (CLIENT,)
    uses: tuple[str, ...] = (PAPER_OR_SCREEN,)
    lookback_days: int | None = None
    interval_days: int | None = None
    reliable_change: int | None = None
    provenance: Provenance = field(default_factory=lambda: Provenance("", Confidence.PROPOSAL))

    @property
    def is_choice(self) -> bool:
        """Whether an answer is chosen in each row (marks are raw numbers), instead of a mark set on a line."""
        return self.unit == "raw"

    @property
    def has_drawn_ends(self) -> bool:
        """Whether drawn faces stand at the ends of our own lines: on the scored forms of children."""
        return self.scored and self.ages[1] is not None and self.ages[1] <= 12


_FIVE_POINTS = RELIABLE_CHANGE
_CORC = "Child Outcomes Research Consortium (CORC): ORS/CORS and SRS pages"

ORS = Instrument(
    "ors",
    ("individual", "relations", "social", "overall"),
    100,
    400,
    (13, None),
    "start",
    raters=(CLIENT, *COLLATERAL),
    uses=(PAPER_OR_SCREEN, ORAL, RELATIONAL),
    lookback_days=7,
    reliable_change=_FIVE_POINTS,
    provenance=Provenance(f"{_CORC}; Miller et al. 2003", Confidence.SOURCED),
)
CORS = Instrument(
    "cors",
    ("me", "family", "school", "everything"),
    100,
    400,
    (6, 12),
    "start",
    raters=(CLIENT, *COLLATERAL),
    uses=(PAPER_OR_SCREEN, ORAL),
    lookback_days=7,
    reliable_change=_FIVE_POINTS,
    provenance=Provenance(f"{_CORC}; Duncan et al. 2006; line names to check", Confidence.HIGH),
)
YCORS = Instrument(
    "ycors",
    ("face",),
    4,
    0,
    (0, 5),
    "start",
    scored=False,
    unit="raw",
    provenance=Provenance(f"{_CORC}; not validated, use a collateral rater; format to check", Confidence.MEDIUM),
)
SRS = Instrument(
    "srs",
    ("relation", "goals", "approach", "overall"),
    100,
    400,
    (13, None),
    "end",
    uses=(PAPER_OR_SCREEN, ORAL, RELATIONAL),
    provenance=Provenance(f"{_CORC}; Duncan et al. 2003", Confidence.SOURCED),
)
CSRS = Instrument(
    "csrs",
    ("listening", "importance", "what_we_did", "overall"),
    100,
    400,
    (6, 12),
    "end",
    uses=(PAPER_OR_SCREEN, ORAL),
    provenance=Provenance(f"{_CORC}; line names to check", Confidence.HIGH),
)
YCSRS = Instrument(
    "ycsrs",
    ("face",),
    4,
    0,
    (0, 5),
    "end",
    scored=False,
    unit="raw",
    provenance=Provenance(f"{_CORC}: no psychometric properties", Confidence.SOURCED),
)
GSRS = Instrument(
    "gsrs",
    ("relation", "goals", "approach", "overall"),
    100,
    400,
    (13, None),
    "end_of_group",
    provenance=Provenance("Quirk et al. 2013", Confidence.SOURCED),
)
CGSRS = Instrument(
    "cgsrs",
    ("listening", "importance", "what_we_did", "overall"),
    100,
    400,
    (6, 12),
    "end_of_group",
    provenance=Provenance(f"{_CORC}; line names to check", Confidence.MEDIUM),
)
LASS = Instrument(
    "lass",
    ("approach", "relation", "needs"),
    100,
    300,
    (18, None),
    "end_of_supervision",
    raters=("supervisee",),
    provenance=Provenance("O'Donovan, three lines; no cut-off is known; line names to check", Confidence.HIGH),
)
WHO5 = Instrument(
    "who5",
    ("cheerful", "calm", "active", "rested", "interested"),
    5,
    25,
    (9, None),
    "periodic",
    unit="raw",
    lookback_days=14,
    interval_days=56,
    provenance=Provenance("Topp et al. 2015; ages and rhythm to check", Confidence.MEDIUM),
)

# Every instrument there is a definition of.
FAMILY: dict[str, Instrument] = {
    instrument.key: instrument for instrument in (ORS, CORS, YCORS, SRS, CSRS, YCSRS, GSRS, CGSRS, LASS, WHO5)
}


def age_band(age: int | None) -> str:
    """Return young_child (under 6), child (6-12), adolescent (13-17) or adult (18 on, and unknown)."""
    if age is None or age >= 18:
        return ADULT
    if age >= 13:
        return ADOLESCENT
    return CHILD if age >= 6 else YOUNG_CHILD


def cutoff_for(key: str, age: int | None, rater: str = CLIENT) -> int | None:
    """Return the cut-off in tenths for an instrument, the client's age at intake and the rater; None if none.

    Below the cut-off is clinical (ORS family) or a concern (SRS family). An ORS of a client under 18 always has
    the cut-off of 13-17. Raters other than the client: the caretaker's value. WHO-5 has its own in `who5`.
    KeyError for an unknown instrument.
    """
    found = find_cutoff(FAMILY[key].key, age_band(age), rater)
    return None if found is None else found.value
