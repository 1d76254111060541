"""What is known about how far an expected course can be trusted, as its page shows it."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from sessions_app.measures.instruments.registry import CLIENT
from sessions_app.measures.trajectory.check import BandHolding, BucketShare, Calibration, Holding, held, places_drawn
from sessions_app.measures.trajectory.model import CALIBRATION_SHOWN_FROM, QUANTILES, Model
from sessions_app.models import TrajectoryFit
from sessions_app.services.trajectory_words import trajectory_words_of
from sessions_app.standards.trajectories import Trajectory
from sessions_app.texts.instruments import BAND_NAMES, rater_words, short_name
from sessions_app.texts.points import points

EN_DASH = "\N{EN DASH}"


def percent(share: float) -> str:
    """A share of 1 in whole per cent."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


HOLDING: dict[Holding, Promise] = {
    Holding.YES: lazy(
        "Yes, they can be trusted: of 100 scores that the course had not seen %(inside)s lay in the middle half, where"
        " 50 should."
    ),
    Holding.MOSTLY: lazy(
        "On the whole they can be trusted: of 100 scores that the course had not seen %(inside)s lay in the middle"
        " half, where 50 should. Be careful where a sign stands."
    ),
    Holding.NARROW: lazy(
        "No, they are too narrow: of 100 scores that the course had not seen only %(inside)s lay in the middle half,"
        " where 50 should."
    ),
    Holding.WIDE: lazy(
        "No, they are too wide: of 100 scores that the course had not seen %(inside)s lay in the middle half, where"
        " 50 should."
    ),
    Holding.HIGH: lazy(
        "No, they lie too high: of 100 scores that the course had not seen %(below)s lay below the middle, where"
        " 50 should."
    ),
    Holding.LOW: lazy(
        "No, they lie too low: of 100 scores that the course had not seen only %(below)s lay below the middle, where"
        " 50 should."
    ),
}
TRUSTED = (Holding.YES, Holding.MOSTLY)


@dataclass(frozen=True)
class Share:
    """One cell: the share of held-out scores below a band in per cent, its interval, and whether it is near enough."""

    percent: str
    interval: str
    holds: bool


@dataclass(frozen=True)
class Line:
    """A group of held-out scores: its name, a cell for each band (None where no such band is drawn), and counts."""

    name: str
    cells: tuple[Share | None, ...]
    scores: int
    episodes: int


@dataclass(frozen=True)
class Table:
    """The lines of one way of grouping, with what they are grouped by."""

    by: Promise
    caption: Promise
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Trust:
    """One stratum: who, what it was learnt from, whether its bands hold, the limits of the middle by intake.

    `who` rates, "" for the client. `said` is one sentence: whether the bands can be trusted; `trusted` None where
    nobody can tell.
    """

    instrument: str
    who: str
    band: Promise
    words: str
    said: str
    trusted: bool | None
    tables: tuple[Table, ...]
    sessions: tuple[int, ...]
    limits: tuple[tuple[str, tuple[str, ...]], ...]
    wanted: tuple[str, ...] = tuple(percent(quantile) for quantile in QUANTILES)


def trust_rows(fits: Iterable[TrajectoryFit]) -> list[Trust]:
    """The newest fit of each stratum that has one of its own."""
    return [_row(fit) for fit in fits if fit.model]


def _row(fit: TrajectoryFit) -> Trust:
    trust: Mapping[str, Any] = fit.trust or {}
    model = Model.from_json(fit.model or {})
    limits = trust.get("uncertainty") or {"intakes": [], "sessions": [], "limits": []}
    found = Calibration(_shares(trust, "calibration"), _shares(trust, "calibration_by_intake"))
    judged = held(found)
    return Trust(
        instrument=short_name(fit.instrument),
        who="" if fit.rater == CLIENT else rater_words(fit.rater, {}),
        band=BAND_NAMES[fit.age_band],
        words=trajectory_words_of(Trajectory(model, fit.version)),
        said=_said(judged) if judged else _untold(CALIBRATION_SHOWN_FROM - fit.n_closed),
        trusted=judged.holding in TRUSTED if judged else None,
        tables=tuple(_tables(found)) if judged else (),
        sessions=tuple(limits["sessions"]),
        limits=tuple(
            (points(intake), tuple(_plus_minus(low, high) for low, high in row))
            for intake, row in zip(limits["intakes"], limits["limits"], strict=True)
        ),
    )


def _shares(trust: Mapping[str, Any], key: str) -> tuple[BucketShare, ...]:
    return tuple(BucketShare(**{**row, "shares": tuple(row["shares"])}) for row in trust.get(key, ()))


def _said(judged: BandHolding) -> str:
    """Whether the bands can be trusted, in one sentence."""
    numbers = {"inside": round(100 * judged.inside), "below": round(100 * judged.below_middle)}
    return str(HOLDING[judged.holding]) % numbers


def _untold(needed: int) -> str:
    """Why nobody can tell yet: so many closed episodes are missing, or the scores taught nothing."""
    if needed <= 0:
        return _("Nobody can tell: the scores are too much alike to be checked.")
    return ngettext(
        "Too few closed episodes to tell: it is checked from %(from)s on, %(needed)s is missing.",
        "Too few closed episodes to tell: it is checked from %(from)s on, %(needed)s are missing.",
        needed,
    ) % {"from": CALIBRATION_SHOWN_FROM, "needed": needed}


def _tables(found: Calibration) -> Iterator[Table]:
    lines = tuple(_line(row.name.replace("-", EN_DASH), row, found) for row in found.by_session)
    yield Table(lazy("Measurement"), lazy("Share of scores below each band, by measurement"), lines)
    if found.by_intake:
        lines = tuple(_line(_intakes(row.name), row, found) for row in found.by_intake)
        yield Table(lazy("First score"), lazy("Share of scores below each band, by first score"), lines)


def _intakes(name: str) -> str:
    """The first scores of a group, from its name in tenths: "120-179" is "12–17.9"."""
    return EN_DASH.join(points(int(end)) for end in name.split("-"))


def _line(name: str, row: BucketShare, found: Calibration) -> Line:
    """One group; a band that is not drawn for it, or a group without scores, has no cell."""
    cells = tuple(
        Share(percent(share), EN_DASH.join(_hundredths(row.interval(place))), found.holds(row, place))
        if place in places_drawn(row.name) and row.episodes
        else None
        for place, share in enumerate(row.shares)
    )
    return Line(name, cells, row.scores, row.episodes)


def _hundredths(limits: tuple[float, float]) -> Iterator[str]:
    """Both ends of an interval in per cent, rounded outwards."""
    low, high = limits
    yield str(math.floor(100 * low))
    yield str(math.ceil(100 * high))


def _plus_minus(low: float, high: float) -> str:
    return f"±\N{NO-BREAK SPACE}{points(round((high - low) / 2))}"
