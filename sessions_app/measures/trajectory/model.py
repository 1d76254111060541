"""An expected trajectory as data: bands of later ORS totals given the intake, and the service target.

With x̃ = intake - centre and l = ln(session number), both in points, the line is

    m = β₀ + β₁ x̃ + β₂ l + β₃ x̃ l + β₄ l²,    from session 2 on, and m̃ its running maximum (no expected
    fall), s = √(π/2) · max(γ₀ + γ₁ l + γ₂ l² + γ₃ x̃, 1),    band = m̃ + s · z(quantile, session), from 0
    to 40.

Bands describe clients *still in treatment* at a session: who does well often leaves early, so they may fall
late.
"""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Row = tuple[Hashable, int, int]  # an episode, the number of a session among its measured ones, a total in tenths
CODE_VERSION = "4"  # of the code that learns (fit): a fit of another one is learnt anew

# The last session of each bucket in which quantiles are pooled: 2, 3, 4-5, 6-9, 10 and later.
BUCKET_ENDS: tuple[int, ...] = (2, 3, 5, 9)
QUANTILES: tuple[float, ...] = (0.10, 0.25, 0.50, 0.75, 0.90)
# From this intake (tenths) the ceiling of the scale makes bands above the middle wrong: they are not drawn.
NO_UPPER_BAND_FROM = 300
# What a chart must say beside the bands; the application translates the key.
SURVIVOR_NOTE = "clients_still_in_treatment"
# Closed episodes with two scores or more that a trajectory of one's own needs.
OWN_TRAJECTORY_FROM = 30
CALIBRATION_SHOWN_FROM = 200
SPLIT_FROM = 400

DESIGN_DEFAULT, SHRUNK, CALIBRATED, SPLITTABLE = "design_default", "shrunk", "calibrated", "splittable"


def tier(closed_episodes: int) -> str:
    """Return what may be shown for so many closed episodes with at least two scores in the stratum."""
    if closed_episodes < OWN_TRAJECTORY_FROM:
        return DESIGN_DEFAULT
    if closed_episodes < CALIBRATION_SHOWN_FROM:
        return SHRUNK
    return CALIBRATED if closed_episodes < SPLIT_FROM else SPLITTABLE


def bucket(session: int) -> int:
    """Return the index of the bucket of a session number from 2 on."""
    return sum(session > end for end in BUCKET_ENDS)


@dataclass(frozen=True)
class Model:
    """One trajectory; coefficients in points, `centre` and every intake and band in tenths.

    `gram` is the mean of z zᵀ over the design it was learnt from: what shrinking towards it needs. `window`
    is the first and last date of its data as ISO text, empty where there is none. `alpha_successful` is the
    target line of the successful episodes only, empty where none was learnt. `shared_by` names the other
    organisations whose published courses it was pooled from, empty where it was learnt from own episodes.
    """

    version: str
    source: str
    beta: tuple[float, ...]
    gamma: tuple[float, ...]
    quantiles: tuple[tuple[float, ...], ...]
    alpha: tuple[float, ...]
    gram: tuple[tuple[float, ...], ...]
    centre: int = 190
    rows: int = 0
    episodes: int = 0
    closed_episodes: int = 0
    prior: str = ""
    prior_rows: int = 0
    window: tuple[str, str] = ("", "")
    alpha_successful: tuple[float, ...] = ()
    shared_by: tuple[str, ...] = ()

    @property
    def tier(self) -> str:
        """What the number of closed episodes allows to show."""
        return tier(self.closed_episodes)

    @property
    def amber_at_most(self) -> bool:
        """Whether the trajectory rests on too few episodes for a red alert, or on other organisations' alone."""
        return self.tier == DESIGN_DEFAULT or self.is_shared

    @property
    def is_shared(self) -> bool:
        """Whether it was pooled from what other organisations have published."""
        return bool(self.shared_by)

    @property
    def is_design_default(self) -> bool:
        """Whether it was learnt from a simulation and not from clients."""
        return self.episodes == 0

    def middle(self, intake: int, session: int) -> float:
        """Return m̃ in points, unclipped. ValueError before session 2 or outside 0-400."""
        _require(intake, session)
        return max(self._line(intake, number) for number in range(2, session + 1))

    def spread(self, intake: int, session: int) -> float:
        """Return s in points. ValueError before session 2 or outside 0-400."""
        _require(intake, session)
        log = math.log(session)
        terms = (1.0, log, log**2, (intake - self.centre) / 10)
        expected = sum(coefficient * term for coefficient, term in zip(self.gamma, terms, strict=True))
        return math.sqrt(math.pi / 2) * max(expected, 1.0)

    def band(self, intake: int, session: int, quantile: float) -> float:
        """Return the score (unrounded tenths, 0-400) below which that share of clients still in treatment is.

        Quantiles between those that were learnt are interpolated. ValueError for session 1, where the score
        is the intake, for an intake outside 0-400 and for a quantile outside 0.10-0.90.
        """
        z = _interpolated(self.quantiles[bucket(max(session, 2))], quantile)
        points = self.middle(intake, session) + self.spread(intake, session) * z
        return min(max(points * 10, 0.0), 400.0)

    def target(self, intake: int, *, successful: bool = False) -> float:
        """Return the fitted last score of a closed episode in unrounded tenths, from 0 to 400.

        It may lie below a high intake: `Series.service_target` says how far that counts. With `successful` that of
        the successful episodes, where the model has learnt it; else of all.
        """
        _require(intake, 2)
        alpha = (successful and self.alpha_successful) or self.alpha
        fitted = alpha[0] + alpha[1] * (intake - self.centre) / 10
        return min(max(fitted * 10, 0.0), 400.0)

    def shows_upper_band(self, intake: int) -> bool:
        """Whether bands above the middle may be drawn for this intake (tenths)."""
        return intake < NO_UPPER_BAND_FROM

    def as_json(self) -> dict[str, Any]:
        """Return the model as plain data that `from_json` reads back exactly."""
        return {
            "version": self.version,
            "source": self.source,
            "beta": list(self.beta),
            "gamma": list(self.gamma),
            "quantiles": [list(row) for row in self.quantiles],
            "alpha": list(self.alpha),
            "gram": [list(row) for row in self.gram],
            "centre": self.centre,
            "rows": self.rows,
            "episodes": self.episodes,
            "closed_episodes": self.closed_episodes,
            "prior": self.prior,
            "prior_rows": self.prior_rows,
            "window": list(self.window),
            "alpha_successful": list(self.alpha_successful),
            "shared_by": list(self.shared_by),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Model":
        """Return the model that `as_json` wrote. KeyError, TypeError or ValueError when the data is not
        one.
        """
        shapes = {
            "beta": 5,
            "gamma": 4,
            "quantiles": len(BUCKET_ENDS) + 1,
            "alpha": 2,
            "gram": 5,
            "window": 2,
        }
        for name, length in shapes.items():
            if len(data[name]) != length:
                raise ValueError(f"{name} must have {length} values")
        start, end = data["window"]
        successful = data.get("alpha_successful", ())  # older fits have none
        if len(successful) not in (0, 2):
            raise ValueError("alpha_successful must have 2 values or none")
        return cls(
            version=str(data["version"]),
            source=str(data["source"]),
            beta=_floats(data["beta"]),
            gamma=_floats(data["gamma"]),
            quantiles=tuple(_floats(row) for row in data["quantiles"]),
            alpha=_floats(data["alpha"]),
            gram=tuple(_floats(row) for row in data["gram"]),
            centre=int(data["centre"]),
            rows=int(data["rows"]),
            episodes=int(data["episodes"]),
            closed_episodes=int(data["closed_episodes"]),
            prior=str(data["prior"]),
            prior_rows=int(data["prior_rows"]),
            window=(str(start), str(end)),
            alpha_successful=_floats(successful),
            shared_by=tuple(str(name) for name in data.get("shared_by", ())),
        )

    def _line(self, intake: int, session: int) -> float:
        intake_points, log = (intake - self.centre) / 10, math.log(session)
        terms = (1.0, intake_points, log, intake_points * log, log**2)
        return sum(coefficient * term for coefficient, term in zip(self.beta, terms, strict=True))


def _floats(values: list[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _require(intake: int, session: int) -> None:
    if session < 2:
        raise ValueError("there is no band at session 1: the score there is the intake")
    if not 0 <= intake <= 400:
        raise ValueError("an intake is 0 to 400 tenths")


def _interpolated(values: tuple[float, ...], quantile: float) -> float:
    """Return the value at a quantile, on straight lines between the learnt ones."""
    known = list(zip(QUANTILES, values, strict=True))
    for (left, low), (right, high) in pairwise(known):
        if left <= quantile <= right:
            return low + (high - low) * (quantile - left) / (right - left)
    raise ValueError(f"a quantile is {QUANTILES[0]} to {QUANTILES[-1]}")
