"""How well the bands and signals do on simulated episodes: `python -m sessions_app.measures.simulation.calibrate`.

Prints, asserts nothing. The simulator does not hold real clients' behaviour: repeat on own data before claims.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from sessions_app.measures.results.intervals import wilson
from sessions_app.measures.simulation.simulator import THERAPIST_SD, simulate_episode
from sessions_app.measures.trajectory.check import BUCKET_NAMES, INTAKE_NAMES, BandCounts, BucketShare, count_below
from sessions_app.measures.trajectory.fit import DEFAULT, PRIOR_ROWS, Model, Row, fit
from sessions_app.measures.trajectory.model import QUANTILES

THERAPISTS = 40


def simulated(seed: int, episodes: int, *, like_demo: bool = False) -> list[list[int]]:
    """Return the ORS totals (tenths) of simulated episodes under 40 therapists, the same for the same seed."""
    rng = Random(seed)  # noqa: S311 - a simulation, nothing secret
    therapists = [rng.gauss(0, THERAPIST_SD) for _ in range(THERAPISTS)]
    return [
        simulate_episode(rng, sessions_like_demo=like_demo, therapist=rng.choice(therapists)).ors_totals()
        for _ in range(episodes)
    ]


def as_rows(episodes: Sequence[Sequence[int]]) -> list[Row]:
    """Return rows of (episode, session number, total) for `fit`."""
    return [
        (number, session, total)
        for number, totals in enumerate(episodes)
        for session, total in enumerate(totals, start=1)
    ]


def shares_below(model: Model, episodes: Sequence[Sequence[int]]) -> list[BucketShare]:
    """Return the shares of scores below each of `QUANTILES`, by session and then by intake (tenths)."""
    by_session, by_intake = BandCounts.of(len(BUCKET_NAMES)), BandCounts.of(len(INTAKE_NAMES))
    count_below(model, episodes, by_session, by_intake)
    return [*by_session.shares(BUCKET_NAMES), *by_intake.shares(INTAKE_NAMES)]


@dataclass(frozen=True)
class Signal:
    """A signal at a session against deterioration at a later one: counts of the four-fold table."""

    hits: int
    misses: int
    false_alarms: int
    quiet: int

    @property
    def flagged(self) -> float:
        """The share of episodes that were flagged."""
        return (self.hits + self.false_alarms) / max(1, self.hits + self.misses + self.false_alarms + self.quiet)


def signal(
    flags: Callable[[Sequence[int]], bool], episodes: Sequence[Sequence[int]], *, session: int = 4, fall: int = 50
) -> Signal:
    """Count a signal on the first `session` totals against a last total `fall` below the intake or worse.

    Only episodes with a later total count.
    """
    counts = {(flagged, worse): 0 for flagged in (True, False) for worse in (True, False)}
    for totals in episodes:
        if len(totals) > session:
            counts[bool(flags(totals[:session])), totals[-1] - totals[0] <= -fall] += 1
    return Signal(counts[True, True], counts[False, True], counts[True, False], counts[False, False])


def _below(model: Model, quantile: float) -> Callable[[Sequence[int]], bool]:
    return lambda totals: totals[-1] < model.band(totals[0], len(totals), quantile)


def _with_interval(name: str, successes: int, n: int) -> str:
    if n == 0:
        return f"{name} -"
    low, high = wilson(successes, n)
    return f"{name} {successes / n:.2f} ({low:.2f}-{high:.2f})"


def report(seed: int = 1) -> list[str]:
    """Return the printed lines: calibration on held-out episodes, then the signals at session 4."""
    train, test = simulated(seed, 2400), simulated(seed + 1, 1600)
    model = fit(as_rows(train), DEFAULT, PRIOR_ROWS)
    lines = [
        "Share of held-out scores below the band (simulated episodes)",
        "session  " + "  ".join(map(str, QUANTILES)),
    ]
    shares = shares_below(model, test)
    for one in shares:
        if one is shares[len(BUCKET_NAMES)]:
            lines.append("first score, in tenths of a point")
        lines.append(f"{one.name:8} " + "  ".join(f"{share:.3f}" for share in one.shares))
    lines.append("Signals at session 4, against a last score 5 points or more below the intake")
    for name, flags in (
        ("below q.10 (red)", _below(model, 0.10)),
        ("below q.25 (amber)", _below(model, 0.25)),
        ("O1 alone", lambda totals: totals[-1] - totals[0] <= -50),
        ("O6 alone", lambda totals: totals[-1] - totals[0] < 50 and totals[0] < 250),
    ):
        found = signal(flags, test)
        lines.append(
            f"{name:20} flags {found.flagged:.2f}  "
            + "  ".join(
                (
                    _with_interval("sensitivity", found.hits, found.hits + found.misses),
                    _with_interval("specificity", found.quiet, found.quiet + found.false_alarms),
                    _with_interval("predictive value", found.hits, found.hits + found.false_alarms),
                )
            )
        )
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(report()) + "\n")
