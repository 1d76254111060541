"""An expected course that travels: coefficients with n and noise to publish, and the pool of those of others.

No row leaves an organisation. What is published was learnt from a random resample of the episodes, so that every
coefficient carries noise of the size of its own standard error and nobody can tell whether one episode was in it.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np

from sessions_app.measures.trajectory import fit as fitting
from sessions_app.measures.trajectory.model import Model
from sessions_app.measures.trajectory.shared_file import PUBLISHED_FROM, SHARED

ROUNDED_TO = 10  # counts are published down to whole tens
DIGITS = 4
COEFFICIENTS = ("beta", "gamma", "quantiles", "alpha", "gram")


def publishable(
    rows: Iterable[fitting.Row], closed: Collection[Hashable], *, centre: int, random: Random
) -> dict[str, Any]:
    """Return the coefficients to publish, with n and the size of the noise, as plain data.

    `rows` as for `fit`; `random` draws the resample of whole episodes and must not be known to a reader of the file.
    Without a prior: what is pooled must not hold the same default several times. ValueError with fewer than
    PUBLISHED_FROM closed episodes with two scores, or scores that are too much alike.
    """
    courses: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for episode, session, total in rows:
        courses[episode].append((session, total))
    usable = [key for key in sorted(courses, key=repr) if len(courses[key]) > 1]
    if len([key for key in usable if key in closed]) < PUBLISHED_FROM:
        raise ValueError("too few closed episodes to publish")
    own = fitting.fit(_rows(courses, usable), closed=closed, centre=centre)
    drawn = random.choices(usable, k=len(usable))
    copies = dict(enumerate(drawn))
    again = [(copy, session, total) for copy, key in copies.items() for session, total in courses[key]]
    noisy = fitting.fit(again, closed={copy for copy, key in copies.items() if key in closed}, centre=centre)
    return {
        **{name: _rounded(getattr(noisy, name)) for name in COEFFICIENTS},
        "centre": centre,
        "rows": _tens(own.rows),
        "episodes": _tens(own.episodes),
        "closed_episodes": _tens(own.closed_episodes),
        "noise": _rounded(standard_errors(_rows(courses, usable), own)),
    }


def standard_errors(rows: Sequence[fitting.Row], model: Model) -> tuple[float, ...]:
    """Return the standard error of each β in points, with whole episodes as the independent units.

    The sandwich (XᵀX)⁻¹ (Σ XᵢᵀeᵢeᵢᵀXᵢ) (XᵀX)⁻¹ of Liang and Zeger (1986) over episodes i.
    """
    intakes = {episode: total for episode, session, total in rows if session == 1}
    scores: dict[Hashable, Any] = defaultdict(lambda: np.zeros(5))
    gram = np.zeros((5, 5))
    for episode, session, total in rows:
        if session > 1 and episode in intakes:
            intake, log = (intakes[episode] - model.centre) / 10, math.log(session)
            terms = np.array([1.0, intake, log, intake * log, log**2])
            gram += np.outer(terms, terms)
            scores[episode] += terms * (total / 10 - terms @ np.array(model.beta))
    bread = np.linalg.inv(gram)
    meat = sum((np.outer(score, score) for score in scores.values()), np.zeros((5, 5)))
    return tuple(np.sqrt(np.diag(bread @ meat @ bread)).tolist())


def pooled(models: Sequence[Model]) -> Model:
    """Return one course of several with the same centre; of one the same coefficients.

    β = (Σ rₖGₖ)⁻¹ Σ rₖGₖβₖ with rₖ rows and Gₖ = XᵀX / rₖ: what least squares on all rows together would give. α in
    the same way by closed episodes; spread and quantiles are means by rows. ValueError for none or other centres.
    """
    if not models or len({model.centre for model in models}) > 1:
        raise ValueError("courses are pooled that have the same centre")
    rows = np.array([model.rows for model in models], dtype=float)
    closed = np.array([model.closed_episodes for model in models], dtype=float)
    grams = np.array([model.gram for model in models])
    share = rows / rows.sum()
    names = sorted({name for model in models for name in model.shared_by})
    return replace(
        models[0],
        version=f"{SHARED}-{len(models)}",
        beta=_weighted([model.beta for model in models], rows, grams),
        gamma=tuple((share @ np.array([model.gamma for model in models])).tolist()),
        quantiles=tuple(
            tuple(row) for row in np.tensordot(share, np.array([model.quantiles for model in models]), 1).tolist()
        ),
        alpha=_weighted([model.alpha for model in models], closed, grams[:, :2, :2]),
        gram=tuple(tuple(row) for row in np.tensordot(share, grams, 1).tolist()),
        rows=int(rows.sum()),
        episodes=sum(model.episodes for model in models),
        closed_episodes=int(closed.sum()),
        window=(min(model.window[0] for model in models), max(model.window[1] for model in models)),
        alpha_successful=(),
        shared_by=tuple(names),
    )


def _weighted(coefficients: Sequence[tuple[float, ...]], counts: Any, grams: Any) -> tuple[float, ...]:
    weights = counts[:, None, None] * grams
    right = np.einsum("kij,kj->i", weights, np.array(coefficients))
    return tuple(np.linalg.solve(weights.sum(axis=0), right).tolist())


def _rows(courses: Mapping[Hashable, list[tuple[int, int]]], keys: Iterable[Hashable]) -> list[fitting.Row]:
    return [(key, session, total) for key in keys for session, total in courses[key]]


def _tens(count: int) -> int:
    return count // ROUNDED_TO * ROUNDED_TO


def _rounded(values: Any) -> Any:
    return np.round(np.array(values), DIGITS).tolist()
