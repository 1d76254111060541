"""The alliance forms: SRS, CSRS, under 6 a face without a score, and those of groups."""

from sessions_app.measures.instruments.base import (
    ALLIANCE,
    END,
    END_OF_GROUP,
    ORAL,
    PAPER_OR_SCREEN,
    RAW,
    RELATIONAL,
    Instrument,
)
from sessions_app.measures.instruments.cutoffs import ADOLESCENT, ADULT, ALL_AGES, CHILD, YOUNG_CHILD, Cutoff
from sessions_app.measures.instruments.outcome import CORC
from sessions_app.measures.provenance import Confidence, Provenance, gettext_noop

_SRS = Provenance(gettext_noop("OpenFIT dashboard; SRS manual as quoted: 36"), Confidence.SOURCED)
_SRS_FAMILY = Provenance(gettext_noop("general knowledge: as the SRS, 36"), Confidence.MEDIUM)


class Srs(Instrument):
    """The Session Rating Scale, from 13 years on."""

    key, part, timing = "srs", ALLIANCE, END
    items = ("relation", "goals", "approach", "overall")
    ages, bands = (13, None), (ADOLESCENT, ADULT)
    uses = (PAPER_OR_SCREEN, ORAL, RELATIONAL)
    cutoffs = (Cutoff(ALL_AGES, True, 360, _SRS),)
    provenance = Provenance(f"{CORC}; Duncan et al. 2003", Confidence.SOURCED)


class Csrs(Instrument):
    """The Child Session Rating Scale, 6 to 12 years."""

    key, part, timing = "csrs", ALLIANCE, END
    items = ("listening", "importance", "what_we_did", "overall")
    ages, bands = (6, 12), (CHILD,)
    uses = (PAPER_OR_SCREEN, ORAL)
    cutoffs = (Cutoff(ALL_AGES, True, 360, _SRS_FAMILY),)
    provenance = Provenance(f"{CORC}; line names to check", Confidence.HIGH)


class Ycsrs(Instrument):
    """The Young Child Session Rating Scale: one of five faces, without a score."""

    key, part, timing = "ycsrs", ALLIANCE, END
    items, mark_max, total_max, unit, scored = ("face",), 4, 0, RAW, False
    ages, bands = (0, 5), (YOUNG_CHILD,)
    provenance = Provenance(f"{CORC}: no psychometric properties", Confidence.SOURCED)


class Gsrs(Instrument):
    """The Group Session Rating Scale, from 13 years on; its lines are those of the SRS."""

    key, part, timing = "gsrs", ALLIANCE, END_OF_GROUP
    items, ages = Srs.items, (13, None)
    cutoffs = (Cutoff(ALL_AGES, True, 360, _SRS_FAMILY),)
    provenance = Provenance("Quirk et al. 2013", Confidence.SOURCED)


class Cgsrs(Instrument):
    """The Child Group Session Rating Scale, 6 to 12 years; its lines are those of the CSRS."""

    key, part, timing = "cgsrs", ALLIANCE, END_OF_GROUP
    items, ages = Csrs.items, (6, 12)
    cutoffs = (Cutoff(ALL_AGES, True, 360, _SRS_FAMILY),)
    provenance = Provenance(f"{CORC}; line names to check", Confidence.MEDIUM)
