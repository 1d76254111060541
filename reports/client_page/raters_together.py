"""The raters of one session read together, as the client's page and the result page say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sessions_app.measures.raters import RaterTotal, read_together
from sessions_app.services.courses import Curve
from sessions_app.texts.raters import say_together


@dataclass(frozen=True)
class SaidTogether:
    """What the raters of a session say together; `sentences` is empty where they say nothing to ask about."""

    held_on: date
    sentences: tuple[str, ...]


def raters_together(curves: Sequence[Curve], labels: Mapping[str, str], *, key: str = "") -> SaidTogether | None:
    """The latest session of one period that more than one has rated, or the one with this `key`; None without one.

    `curves` are those of the period: each holds the same sessions, whoever has rated at them.
    """
    for rows in reversed(list(zip(*(curve.series.sorted() for curve in curves), strict=True))):
        if key not in ("", rows[0].key):
            continue
        totals: dict[str, RaterTotal] = {}
        for curve, one in zip(curves, rows, strict=True):
            if one.ors is not None:  # who has filled in two forms is read by the first, the main one
                totals.setdefault(curve.form.rater, RaterTotal(curve.form.rater, one.ors, curve.series.cutoff))
        if len(totals) > 1:
            together = read_together(tuple(totals.values()))
            return SaidTogether(rows[0].held_on, tuple(say_together(together, labels)))
    return None
