"""Which expected course holds for which clients: the stratum's own, the documented default, or none."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sessions_app.measures.instruments.cutoffs import ADULT
from sessions_app.measures.trajectory.design_default import DEFAULT
from sessions_app.measures.trajectory.model import Model
from sessions_app.standards.methods import (
    EXPECTED_COURSE,
    HELD,
    LATE_BANDS,
    OF_SUCCESSFUL,
    ONLY_DEFAULT,
    ONLY_OWN,
    OWN_THEN_DEFAULT,
    TARGET,
)

Stratum = tuple[str, str, str]  # instrument, rater, age band
DEFAULT_STRATUM: Stratum = ("ors", "client", ADULT)
# Where x̃ is 0 in each instrument that has an expected course, in tenths: near the mean intake.
CENTRES = {"ors": 190, "cors": 240}
_REMEMBERED = 20_000  # bands


class Trajectory:
    """A model that remembers its bands: an import and a page of 50 clients ask for the same ones again and again.

    `version` is the number of the stratum's fit, 0 for the documented default. `limits` is what is stored of how
    far its middle may lie elsewhere, empty with enough episodes; `state` what the filter of changes has learnt with
    it, empty with too few. `held` keeps each quantile at the highest it has reached, so that no line falls;
    `successful` aims at what successful episodes reached.
    """

    def __init__(
        self,
        model: Model,
        version: int = 0,
        *,
        held: bool = False,
        successful: bool = False,
        limits: Mapping[str, Any] | None = None,
        state: Mapping[str, float] | None = None,
    ) -> None:
        self.model, self.version, self.held, self.successful = model, version, held, successful
        self.limits, self.state = limits or {}, state or {}
        self._band = lru_cache(_REMEMBERED)(self._highest if held else model.band)

    @property
    def amber_at_most(self) -> bool:
        """Whether it rests on too few episodes for a red alert."""
        return self.model.amber_at_most

    @property
    def is_own(self) -> bool:
        """Whether it was learnt from the organisation's own clients."""
        return not self.model.is_design_default and not self.model.is_shared

    def band(self, intake: int, session: int, quantile: float) -> float:
        """The quantile of scores at a session from 2 on, in unrounded tenths."""
        return self._band(intake, session, quantile)

    def target(self, intake: int) -> float:
        """The expected last score, in tenths."""
        return self.model.target(intake, successful=self.successful)

    def _highest(self, intake: int, session: int, quantile: float) -> float:
        here = self.model.band(intake, session, quantile)
        # Through the memory, so that each session is worked out once.
        return here if session <= 2 else max(here, self._band(intake, session - 1, quantile))


DESIGN_DEFAULT = Trajectory(DEFAULT)


def trajectory_for(
    stratum: Stratum, fitted: Mapping[Stratum, Trajectory], values: Mapping[str, int] | None = None
) -> Trajectory | None:
    """The stratum's own trajectory or a shared one; without one the default for adults' own ORS, none for others.

    `values` are the organisation's, where they choose otherwise.
    """
    chosen = values or {}
    course = chosen.get(EXPECTED_COURSE, OWN_THEN_DEFAULT)
    learnt = fitted.get(stratum)
    own = learnt if learnt and (course == OWN_THEN_DEFAULT or (course == ONLY_OWN and learnt.is_own)) else None
    default = DESIGN_DEFAULT if stratum == DEFAULT_STRATUM and course in (OWN_THEN_DEFAULT, ONLY_DEFAULT) else None
    found = own or default
    held, successful = chosen.get(LATE_BANDS) == HELD, chosen.get(TARGET) == OF_SUCCESSFUL
    return _read_as(found, held, successful) if found and (held or successful) else found


@lru_cache(_REMEMBERED)
def _read_as(trajectory: Trajectory, held: bool, successful: bool) -> Trajectory:
    """The same for the same trajectory, so that its memory of bands lasts."""
    return Trajectory(
        trajectory.model,
        trajectory.version,
        held=held,
        successful=successful,
        limits=trajectory.limits,
        state=trajectory.state,
    )


def read(stored: Mapping[str, Any], version: int, trust: Mapping[str, Any] | None = None) -> Trajectory:
    """A stored fit as a trajectory."""
    found = trust or {}
    return Trajectory(Model.from_json(stored), version, limits=found.get("uncertainty"), state=found.get("state"))
