"""The file in which an expected course travels, and what of it is believed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sessions_app.measures.trajectory.model import CALIBRATION_SHOWN_FROM, QUANTILES, Model

FORMAT, FORMAT_VERSION = "medspil-expected-course", 1
# Closed episodes that a published course needs: as many as its calibration.
PUBLISHED_FROM = CALIBRATION_SHOWN_FROM
SHARED = "shared"  # how the version of a pooled course begins
# Where every course of a file is looked at, and the points (a little beyond the scale) between which it lies there.
TRIED = tuple((intake, session) for intake in (50, 150, 250, 350) for session in (2, 5, 10, 20))
LOWEST, HIGHEST = -10.0, 60.0


@dataclass(frozen=True)
class SharedFile:
    """What a file of a published course says: the stratum, who published it, and the course."""

    instrument: str
    rater: str
    age_band: str
    publisher: str
    model: Model

    @property
    def stratum(self) -> tuple[str, str, str]:
        """Which clients the course is for: instrument, rater, age band."""
        return self.instrument, self.rater, self.age_band


def read_shared(data: object) -> SharedFile:
    """Return what a published file says. ValueError where it is no such file, or a number of it is no finite one."""
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise ValueError("not a file of an expected course")
    if data.get("format_version") != FORMAT_VERSION:
        raise ValueError("another version of the format")
    try:
        names = {name: str(data[name]) for name in ("instrument", "rater", "age_band", "publisher")}
        start, end = data["years"]
        course = {**data["course"], "version": SHARED, "source": SHARED, "prior": "", "prior_rows": 0}
        model = Model.from_json(
            course | {"window": [str(int(start)), str(int(end))], "shared_by": [names["publisher"]]}
        )
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError("a part of the file is missing or has another form") from error
    if not names["publisher"].strip():
        raise ValueError("the file does not say who published it")
    _require_sound(model)
    return SharedFile(**names, model=model)


def _require_sound(model: Model) -> None:
    """ValueError for a course that no scores could have taught: it would be drawn on every chart."""
    rows = (model.beta, model.gamma, model.alpha, *model.quantiles, *model.gram)
    if not all(math.isfinite(number) for row in rows for number in row):
        raise ValueError("a coefficient is no number")
    if model.closed_episodes < PUBLISHED_FROM or not model.closed_episodes <= model.episodes <= model.rows:
        raise ValueError("the counts of the file do not fit together")
    if not _is_design(model.gram):
        raise ValueError("the file's matrix is none of a design")
    if any(len(row) != len(QUANTILES) or list(row) != sorted(row) for row in model.quantiles):
        raise ValueError("the file's quantiles are not in order")
    if not all(LOWEST <= model.middle(intake, session) <= HIGHEST for intake, session in TRIED):
        raise ValueError("the file's course lies outside the scale")


def _is_design(gram: Sequence[Sequence[float]]) -> bool:
    """Whether a matrix can be the mean of z zᵀ: symmetric, and positive definite by Cholesky's way."""
    size = len(gram)
    if any(len(row) != size for row in gram):
        return False
    low = [[0.0] * size for _ in gram]
    for row in range(size):
        for column in range(row + 1):
            if not math.isclose(gram[row][column], gram[column][row], abs_tol=1e-9):
                return False
            left = gram[row][column] - sum(low[row][at] * low[column][at] for at in range(column))
            if row == column and left <= 0:
                return False
            low[row][column] = math.sqrt(left) if row == column else left / low[column][column]
    return True
