"""A practice client's answers: somebody who gets better, is stuck, gets worse, or always marks ten. Nobody's scores."""

from enum import StrEnum
from random import Random

from sessions_app.measures.instruments.base import OUTCOME

TOP = 100  # tenths of one line


class Partner(StrEnum):
    """How somebody answers over the sessions."""

    IMPROVING = "improving"
    STUCK = "stuck"
    WORSE = "worse"
    FULL = "full"


# Where a line of the outcome and of the alliance begins, how it moves from one session to the next, and how far the
# lines lie apart; in tenths.
_COURSES = {
    Partner.IMPROVING: ((42, 5), (88, 1)),
    Partner.STUCK: ((46, 0), (86, 0)),
    Partner.WORSE: ((58, -5), (88, -4)),
}
_APART = 6


def partner_of(seed: str) -> Partner:
    """Who somebody is if nobody chooses; the same for the same seed."""
    return _draws(seed, "partner").choice(list(Partner))


def marks_of(partner: Partner, part: str, lines: int, number: int, seed: str) -> tuple[int, ...]:
    """The marks of a form's lines (tenths) at the session of that number, from 0; the same for the same seed."""
    if partner is Partner.FULL:
        return (TOP,) * lines
    start, move = _COURSES[partner][0 if part == OUTCOME else 1]
    rng = _draws(seed, part, number)
    level = start + move * number
    return tuple(min(max(round(level + rng.uniform(-_APART, _APART)), 3), TOP - 2) for _line in range(lines))


def which_words(partner: Partner, part: str, number: int, seed: str, of: int) -> int:
    """Which of so many sentences is said at the session of that number."""
    first = _draws(seed, partner, part).randrange(of)
    return (first + number) % of


def _draws(*of: object) -> Random:
    return Random(" ".join(map(str, of)))  # noqa: S311 - a simulation, nothing secret
