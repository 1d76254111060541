"""Which expected course holds for which clients: the stratum's own, the documented default, or none."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sessions_app.measures.cutoffs import ADULT
from sessions_app.measures.trajectory_default import DEFAULT
from sessions_app.measures.trajectory_model import Model

Stratum = tuple[str, str, str]  # instrument, rater, age band
DEFAULT_STRATUM: Stratum = ("ors", "client", ADULT)
_REMEMBERED = 20_000


class Trajectory:
    """A model that remembers its bands: an import and a page of 50 clients ask for the same ones again and again.

    `version` is the number of the stratum's fit, 0 for the documented default.
    """

    def __init__(self, model: Model, version: int = 0) -> None:
        self.model, self.version = model, version
        self._band = lru_cache(_REMEMBERED)(model.band)

    @property
    def amber_at_most(self) -> bool:
        """Whether it rests on too few episodes for a red alert."""
        return self.model.amber_at_most

    def band(self, intake: int, session: int, quantile: float) -> float:
        """The quantile of scores at a session from 2 on, in unrounded tenths."""
        return self._band(intake, session, quantile)

    def target(self, intake: int) -> float:
        """The expected last score, in tenths."""
        return self.model.target(intake)


DESIGN_DEFAULT = Trajectory(DEFAULT)


def trajectory_for(stratum: Stratum, fitted: Mapping[Stratum, Trajectory]) -> Trajectory | None:
    """The stratum's own trajectory; without one the default for adults' own ORS, none for others."""
    return fitted.get(stratum) or (DESIGN_DEFAULT if stratum == DEFAULT_STRATUM else None)


def read(stored: Mapping[str, Any], version: int) -> Trajectory:
    """A stored fit as a trajectory."""
    return Trajectory(Model.from_json(stored), version)
