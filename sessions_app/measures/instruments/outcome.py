"""The outcome forms: ORS, CORS and, under 6, a face without a score."""

from sessions_app.measures.instruments.base import (
    CLIENT,
    COLLATERAL,
    ORAL,
    OUTCOME,
    PAPER_OR_SCREEN,
    RAW,
    RELATIONAL,
    START,
    Instrument,
)
from sessions_app.measures.instruments.cutoffs import ADOLESCENT, ADULT, ALL_AGES, CHILD, UNDER_18, YOUNG_CHILD, Cutoff
from sessions_app.measures.provenance import Confidence, Provenance, gettext_noop

# FIT convention: five points; it needs SD 6.8 with reliability .93 (1.96·√2·6.8·√(1-.93) = 4.99).
RELIABLE_CHANGE = 50
CORC = "Child Outcomes Research Consortium (CORC): ORS/CORS and SRS pages"

_ADULT = Provenance(gettext_noop("Miller et al. 2003; ORS pages of three vendors: 25"), Confidence.SOURCED)
_CHILD = Provenance(gettext_noop("reliable change page of OpenFIT: 32 for children"), Confidence.SOURCED)
_13_TO_17 = Provenance(gettext_noop("general knowledge: 28; verify against the licensed manual"), Confidence.HIGH)
_CARETAKER_6_12 = Provenance(gettext_noop("general knowledge: caretaker about a child 28"), Confidence.MEDIUM)
_CARETAKER_13_17 = Provenance(
    gettext_noop("general knowledge: caretaker about 13-17 28 (27 is also remembered)"), Confidence.LOW
)
_OTHERS = Provenance(gettext_noop("none published: the caretaker's value"), Confidence.PROPOSAL)


class Ors(Instrument):
    """The Outcome Rating Scale, from 13 years on."""

    key, part, timing = "ors", OUTCOME, START
    items = ("individual", "relations", "social", "overall")
    ages, bands, others_in = (13, None), (ADOLESCENT, ADULT), (ADOLESCENT, ADULT)
    raters = (CLIENT, *COLLATERAL)
    uses = (PAPER_OR_SCREEN, ORAL, RELATIONAL)
    lookback_days = 7
    reliable_change = RELIABLE_CHANGE
    cutoffs = (
        Cutoff((ADULT,), True, 250, _ADULT),
        Cutoff(UNDER_18, True, 280, _13_TO_17),
        Cutoff(UNDER_18, False, 280, _CARETAKER_13_17),
        Cutoff((ADULT,), False, 280, _OTHERS),
    )
    provenance = Provenance(f"{CORC}; Miller et al. 2003", Confidence.SOURCED)


class Cors(Instrument):
    """The Child Outcome Rating Scale, 6 to 12 years; others rate a younger child with it."""

    key, part, timing = "cors", OUTCOME, START
    items = ("me", "family", "school", "everything")
    ages, bands, others_in = (6, 12), (CHILD,), (YOUNG_CHILD, CHILD)
    raters = (CLIENT, *COLLATERAL)
    uses = (PAPER_OR_SCREEN, ORAL)
    lookback_days = 7
    reliable_change = RELIABLE_CHANGE
    cutoffs = (Cutoff(ALL_AGES, True, 320, _CHILD), Cutoff(ALL_AGES, False, 280, _CARETAKER_6_12))
    provenance = Provenance(f"{CORC}; Duncan et al. 2006; line names to check", Confidence.HIGH)


class Ycors(Instrument):
    """The Young Child Outcome Rating Scale: one of five faces, without a score."""

    key, part, timing = "ycors", OUTCOME, START
    items, mark_max, total_max, unit, scored = ("face",), 4, 0, RAW, False
    ages, bands = (0, 5), (YOUNG_CHILD,)
    provenance = Provenance(f"{CORC}; not validated, use a collateral rater; format to check", Confidence.MEDIUM)
