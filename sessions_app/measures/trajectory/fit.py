"""Learning the expected trajectory from sessions: least squares, shrunk to a prior, with residual quantiles.

The only module of the measures that uses numpy. `Model` and the default live beside it and do without.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sessions_app.measures.trajectory.design_default import DEFAULT
from sessions_app.measures.trajectory.model import (
    BUCKET_ENDS,
    CODE_VERSION,
    OWN_TRAJECTORY_FROM,
    QUANTILES,
    SURVIVOR_NOTE,
    Model,
    Row,
    bucket,
    tier,
)

__all__ = [
    "DEFAULT",
    "PRIOR_ROWS",
    "SURVIVOR_NOTE",
    "Model",
    "Row",
    "choose",
    "fit",
    "tier",
]

Floats = npt.NDArray[np.float64]

# Own rows that the default is worth when a fit is shrunk to it.
PRIOR_ROWS = 120
# Rows that pooled quantiles are worth inside a bucket, and the rows below which a bucket has none of its own.
POOLED_ROWS = 100
OWN_BUCKET_FROM = 20
# Below so many rows the spread is the prior's: four coefficients and five quantiles need more than that.
OWN_SPREAD_FROM = 20

# What a fit without a prior starts from, before its spread is learnt.
_FLAT = Model(
    version="",
    source="",
    beta=(0.0,) * 5,
    gamma=(1.0, 0.0, 0.0, 0.0),
    quantiles=((0.0,) * len(QUANTILES),) * (len(BUCKET_ENDS) + 1),
    alpha=(0.0, 0.0),
    gram=((0.0,) * 5,) * 5,
)


@dataclass(frozen=True)
class _Design:
    """The rows from session 2 on, of episodes whose session 1 is known; points."""

    intake: Floats
    log: Floats
    session: npt.NDArray[np.int64]
    score: Floats

    def terms(self) -> Floats:
        """Return one row of (1, x̃, l, x̃ l, l²) each."""
        return np.column_stack([np.ones_like(self.log), self.intake, self.log, self.intake * self.log, self.log**2])

    def spread_terms(self) -> Floats:
        """Return one row of (1, l, l², x̃) each."""
        return np.column_stack([np.ones_like(self.log), self.log, self.log**2, self.intake])


def fit(
    rows: Iterable[Row],
    prior: Model | None = None,
    prior_rows: int = 0,
    *,
    closed: Collection[Hashable] | None = None,
    successful: Callable[[int, int], bool] | None = None,
    centre: int = 190,
    version: str = "",
    window: tuple[str, str] = ("", ""),
) -> Model:
    """Return the trajectory learnt from rows of (episode, session number from 1, total in tenths).

    β̂ = (XᵀX + n₀G)⁻¹ (XᵀX b + n₀ G β_prior) with n₀ = `prior_rows` and G the prior's `gram`; without a
    prior plain least squares on the rows from session 2 on. Episodes without a session 1 are left out. The
    service target is learnt from the `closed` episodes (all, if not given) with two scores, of these only
    the `successful` ones if a test of (intake, last) is given. The order of the rows does not matter.
    ValueError for a row twice, a total outside 0-400, too few rows without a prior, or a prior's other centre.
    """
    episodes = _episodes(rows)
    shrink = _shrunk_to(prior, prior_rows, centre)
    design = _design(episodes, centre)
    terms = design.terms()
    beta = _least_squares(terms, design.score, shrink, prior_rows)
    usable = {key: scores for key, scores in episodes.items() if len(scores) > 1}
    ended = {key: usable[key] for key in usable if closed is None or key in closed}
    bare = replace(
        shrink or _FLAT,
        version=version or f"fit-{CODE_VERSION}",
        beta=tuple(beta.tolist()),
        alpha=_target_line(ended, centre, shrink, prior_rows, successful),
        gram=_as_tuples(terms.T @ terms / max(len(terms), 1)),
        centre=centre,
        rows=len(terms),
        episodes=len(usable),
        closed_episodes=len(ended),
        window=window,
        **_origin(shrink, prior_rows),
    )
    return bare if shrink and len(terms) < OWN_SPREAD_FROM else _with_spread(bare, design, terms, beta)


def choose(
    rows: Iterable[Row], closed: Collection[Hashable], *, default: Model | None = DEFAULT, version: str = ""
) -> Model | None:
    """Return what the tiers allow: the default, or from 30 closed episodes on a fit shrunk to it.

    `default` is None in strata that the default was not made for (others than adult self-rated ORS): there is
    no trajectory below 30 closed episodes there, and plain least squares from 30 on.
    """
    listed = list(rows)
    usable = {key for key, scores in _episodes(listed).items() if len(scores) > 1 and key in closed}
    if tier(len(usable)) == tier(0):
        return default
    return fit(listed, default, PRIOR_ROWS if default else 0, closed=closed, version=version)


def successful_line(
    rows: Iterable[Row], closed: Collection[Hashable], successful: Callable[[int, int], bool], *, centre: int = 190
) -> tuple[float, ...]:
    """Return α of the closed episodes with two scores for which `successful(intake, last)` holds, in points.

    Plain least squares. Empty with fewer than 30 of them, or where all have the same intake.
    """
    usable = {key: scores for key, scores in _episodes(rows).items() if len(scores) > 1 and key in closed}
    good = {key: scores for key, scores in usable.items() if successful(scores[1], scores[max(scores)])}
    if len(good) < OWN_TRAJECTORY_FROM or len({scores[1] for scores in good.values()}) < 2:
        return ()
    return _target_line(good, centre, None, 0, None)


def _episodes(rows: Iterable[Row]) -> dict[Hashable, dict[int, int]]:
    """Return each episode with a session 1 as {session number: total}, in an order of its own."""
    found: dict[Hashable, dict[int, int]] = defaultdict(dict)
    for episode, session, total in rows:
        if session < 1 or not 0 <= total <= 400:
            raise ValueError(f"not a session and a total in tenths: {session}, {total}")
        if session in found[episode]:
            raise ValueError(f"session {session} of an episode is there twice")
        found[episode][session] = total
    return {key: dict(sorted(found[key].items())) for key in sorted(found, key=repr) if 1 in found[key]}


def _design(episodes: dict[Hashable, dict[int, int]], centre: int) -> _Design:
    later = [
        (scores[1] - centre, session, total)
        for scores in episodes.values()
        for session, total in scores.items()
        if session > 1
    ]
    table = np.array(later, dtype=np.float64).reshape(-1, 3)
    session = table[:, 1].astype(np.int64)
    return _Design(table[:, 0] / 10, np.log(table[:, 1]), session, table[:, 2] / 10)


def _shrunk_to(prior: Model | None, prior_rows: int, centre: int) -> Model | None:
    """Return the prior if it has any weight. ValueError if x̃ is 0 elsewhere in it."""
    if prior is None or prior_rows <= 0:
        return None
    if prior.centre != centre:
        raise ValueError("a prior has the same centre")
    return prior


def _origin(shrink: Model | None, prior_rows: int) -> dict[str, Any]:
    """Return what a model says of where it comes from."""
    if shrink is None:
        return {"source": "own episodes", "prior": "", "prior_rows": 0, "shared_by": ()}
    return {
        "source": f"own episodes, shrunk to {shrink.version}",
        "prior": shrink.version,
        "prior_rows": prior_rows,
        "shared_by": (),
    }


def _least_squares(terms: Floats, score: Floats, prior: Model | None, prior_rows: int) -> Floats:
    if prior is None:
        if np.linalg.matrix_rank(terms) < terms.shape[1]:
            raise ValueError("too few different rows for a fit without a prior")
        return np.asarray(np.linalg.lstsq(terms, score, rcond=None)[0], dtype=np.float64)
    weight = prior_rows * np.array(prior.gram)
    right = terms.T @ score + weight @ np.array(prior.beta)
    return np.asarray(np.linalg.solve(terms.T @ terms + weight, right), dtype=np.float64)


def _target_line(
    ended: dict[Hashable, dict[int, int]],
    centre: int,
    prior: Model | None,
    prior_rows: int,
    successful: Callable[[int, int], bool] | None,
) -> tuple[float, ...]:
    """Return α of last = α₀ + α₁ x̃, shrunk like β with the first two rows and columns of G."""
    pairs = [(scores[1], scores[max(scores)]) for scores in ended.values()]
    if successful is not None:
        pairs = [pair for pair in pairs if successful(*pair)]
    table = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    terms = np.column_stack([np.ones(len(table)), (table[:, 0] - centre) / 10])
    last = table[:, 1] / 10
    if prior is None:
        if not pairs:
            raise ValueError("no closed episode to learn a target from")
        return tuple(np.linalg.lstsq(terms, last, rcond=None)[0].tolist())
    weight = prior_rows * np.array(prior.gram)[:2, :2]
    right = terms.T @ last + weight @ np.array(prior.alpha)
    return tuple(np.linalg.solve(terms.T @ terms + weight, right).tolist())


def _with_spread(model: Model, design: _Design, terms: Floats, beta: Floats) -> Model:
    """Return the model with γ learnt from absolute residuals and quantiles of the standardised ones."""
    residuals = np.abs(design.score - terms @ beta)
    gamma = np.linalg.lstsq(design.spread_terms(), residuals, rcond=None)[0]
    model = replace(model, gamma=tuple(gamma.tolist()))
    intakes = np.rint(design.intake * 10).astype(np.int64) + model.centre
    standardised = np.array(
        [
            (score - model.middle(int(intake), int(session))) / model.spread(int(intake), int(session))
            for intake, session, score in zip(intakes, design.session, design.score, strict=True)
        ]
    )
    buckets = np.array([bucket(int(session)) for session in design.session])
    pooled = np.quantile(standardised, QUANTILES)
    learnt = []
    for index in range(len(BUCKET_ENDS) + 1):
        own = standardised[buckets == index]
        values = pooled
        if len(own) >= OWN_BUCKET_FROM:
            own_weight = len(own) / (len(own) + POOLED_ROWS)
            values = own_weight * np.quantile(own, QUANTILES) + (1 - own_weight) * pooled
        learnt.append(tuple(values.tolist()))
    return replace(model, quantiles=tuple(learnt))


def _as_tuples(matrix: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in matrix.tolist())
