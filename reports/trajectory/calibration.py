"""What is known about how far an expected course can be trusted, as its page shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from sessions_app.measures.instruments.registry import CLIENT
from sessions_app.measures.trajectory.check import BucketShare
from sessions_app.measures.trajectory.model import CALIBRATION_SHOWN_FROM, QUANTILES, Model
from sessions_app.models import TrajectoryFit
from sessions_app.services.explanations import trajectory_words_of
from sessions_app.standards.trajectories import Trajectory
from sessions_app.texts.instruments import BAND_NAMES, rater_words, short_name
from sessions_app.texts.verdict import points


@dataclass(frozen=True)
class Share:
    """One cell: the share of held-out scores below a band in per cent, and whether it is within tolerance."""

    percent: str
    holds: bool


@dataclass(frozen=True)
class Trust:
    """One stratum: who, what it was learnt from, the calibration by bucket, the limits of the middle by intake.

    `who` rates, "" for the client.
    """

    instrument: str
    who: str
    band: Promise
    words: str
    n: int
    calibrated: tuple[tuple[BucketShare, tuple[Share, ...]], ...]
    sessions: tuple[int, ...]
    limits: tuple[tuple[str, tuple[str, ...]], ...]
    wanted: tuple[str, ...] = tuple(f"{100 * quantile:.0f}\N{NO-BREAK SPACE}%" for quantile in QUANTILES)

    @property
    def needs(self) -> int:
        """How many closed episodes are missing before the bands can be checked."""
        return max(0, CALIBRATION_SHOWN_FROM - self.n)


def trust_rows(fits: Iterable[TrajectoryFit]) -> list[Trust]:
    """The newest fit of each stratum that has one of its own."""
    return [_row(fit) for fit in fits if fit.model]


def _row(fit: TrajectoryFit) -> Trust:
    trust: Mapping[str, Any] = fit.trust or {}
    model = Model.from_json(fit.model or {})
    limits = trust.get("uncertainty") or {"intakes": [], "sessions": [], "limits": []}
    return Trust(
        instrument=short_name(fit.instrument),
        who="" if fit.rater == CLIENT else rater_words(fit.rater, {}),
        band=BAND_NAMES[fit.age_band],
        words=trajectory_words_of(Trajectory(model, fit.version)),
        n=fit.n_closed,
        calibrated=tuple(_bucket(row) for row in trust.get("calibration", ())),
        sessions=tuple(limits["sessions"]),
        limits=tuple(
            (points(intake), tuple(_plus_minus(low, high) for low, high in row))
            for intake, row in zip(limits["intakes"], limits["limits"], strict=True)
        ),
    )


def _bucket(row: Mapping[str, Any]) -> tuple[BucketShare, tuple[Share, ...]]:
    found = BucketShare(row["name"], row["scores"], row["episodes"], tuple(row["shares"]))
    cells = (
        Share(f"{100 * share:.0f}\N{NO-BREAK SPACE}%", found.holds(place)) for place, share in enumerate(found.shares)
    )
    return found, tuple(cells)


def _plus_minus(low: float, high: float) -> str:
    return f"±\N{NO-BREAK SPACE}{points(round((high - low) / 2))}"
