"""The clinical cut-offs by instrument, age band and rater, each with its source. Below is clinical, at is not."""

from dataclasses import dataclass

from sessions_app.measures.provenance import Confidence, Provenance, gettext_noop

ADULT, ADOLESCENT, CHILD, YOUNG_CHILD = "adult", "adolescent", "child", "young_child"
_YOUNG = (YOUNG_CHILD, CHILD, ADOLESCENT)
_ALL = (*_YOUNG, ADULT)


@dataclass(frozen=True)
class Cutoff:
    """One cut-off in tenths; `client` tells whether the client rates, or somebody about the client."""

    key: str
    bands: tuple[str, ...]
    client: bool
    value: int
    provenance: Provenance


_ADULT = Provenance(gettext_noop("Miller et al. 2003; ORS pages of three vendors: 25"), Confidence.SOURCED)
_CHILD = Provenance(gettext_noop("reliable change page of OpenFIT: 32 for children"), Confidence.SOURCED)
_13_TO_17 = Provenance(gettext_noop("general knowledge: 28; verify against the licensed manual"), Confidence.HIGH)
_CARETAKER_6_12 = Provenance(gettext_noop("general knowledge: caretaker about a child 28"), Confidence.MEDIUM)
_CARETAKER_13_17 = Provenance(
    gettext_noop("general knowledge: caretaker about 13-17 28 (27 is also remembered)"), Confidence.LOW
)
_OTHERS = Provenance(gettext_noop("none published: the caretaker's value"), Confidence.PROPOSAL)
_SRS = Provenance(gettext_noop("OpenFIT dashboard; SRS manual as quoted: 36"), Confidence.SOURCED)
_SRS_FAMILY = Provenance(gettext_noop("general knowledge: as the SRS, 36"), Confidence.MEDIUM)

# The first row that fits holds.
CUTOFFS: tuple[Cutoff, ...] = (
    Cutoff("ors", (ADULT,), True, 250, _ADULT),
    Cutoff("ors", _YOUNG, True, 280, _13_TO_17),
    Cutoff("ors", _YOUNG, False, 280, _CARETAKER_13_17),
    Cutoff("ors", (ADULT,), False, 280, _OTHERS),
    Cutoff("cors", _ALL, True, 320, _CHILD),
    Cutoff("cors", _ALL, False, 280, _CARETAKER_6_12),
    Cutoff("srs", _ALL, True, 360, _SRS),
    Cutoff("csrs", _ALL, True, 360, _SRS_FAMILY),
    Cutoff("gsrs", _ALL, True, 360, _SRS_FAMILY),
    Cutoff("cgsrs", _ALL, True, 360, _SRS_FAMILY),
)


def find_cutoff(key: str, band: str, rater: str) -> Cutoff | None:
    """Return the cut-off with its source; None where there is none (LASS, unscored forms, WHO-5).

    The SRS family has one cut-off, whoever rates.
    """
    alliance = key in ("srs", "csrs", "gsrs", "cgsrs")
    client = alliance or rater == "client"
    return next(
        (one for one in CUTOFFS if one.key == key and band in one.bands and one.client is client),
        None,
    )
