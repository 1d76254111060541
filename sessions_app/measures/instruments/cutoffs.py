"""Age bands, and what a clinical cut-off is. Below is clinical (or a concern), at is not."""

from dataclasses import dataclass

from sessions_app.measures.provenance import Provenance

ADULT, ADOLESCENT, CHILD, YOUNG_CHILD = "adult", "adolescent", "child", "young_child"
UNDER_18 = (YOUNG_CHILD, CHILD, ADOLESCENT)
ALL_AGES = (*UNDER_18, ADULT)


@dataclass(frozen=True)
class Cutoff:
    """One cut-off in tenths; `client` tells whether the client rates, or somebody about the client."""

    bands: tuple[str, ...]
    client: bool
    value: int
    provenance: Provenance
