"""Lots in permuted blocks of random sizes, one sequence for each stratum, all of them from one seed.

Block sizes are drawn too, so that who counts what came before does not know what comes next (Schulz and Grimes 2002,
Lancet 359: 966-970). The numbers are HMAC-SHA-256 of the seed, as any language can compute them: the sequence can be
checked by others, years later, whatever the random generator of a programming language has become.
"""

import hmac
from collections.abc import Iterator, Sequence
from itertools import count

SMALLEST_BLOCK = 4
SIZES = 3  # of how many sizes a block may be
_WORD = 8  # bytes of one number


def arm_at(seed: str, stratum: str, weights: Sequence[int], place: int) -> int:
    """Return the arm (its index in `weights`) of place `place` (from 0) in the sequence of a stratum.

    `weights` are the shares of the arms: (1, 1), or (2, 1) for two in the first arm to one in the second. ValueError
    for fewer than two arms, a share below 1, and a place below 0.
    """
    if place < 0:
        raise ValueError("a place is 0 or more")
    for arm in sequence(seed, stratum, weights):
        if place == 0:
            return arm
        place -= 1
    raise AssertionError("the sequence has no end")


def sequence(seed: str, stratum: str, weights: Sequence[int]) -> Iterator[int]:
    """The arms of a stratum in their order, without an end. ValueError as `arm_at`."""
    for number in count():
        yield from block(seed, stratum, weights, number)


def block(seed: str, stratum: str, weights: Sequence[int], number: int) -> list[int]:
    """Return one block: each arm as often as its share, times a number that is drawn, in an order that is drawn."""
    if len(weights) < 2 or min(weights) < 1:
        raise ValueError("a study has two arms or more, each with a share of 1 or more")
    numbers = _numbers(seed, f"{stratum}\n{number}")
    least = -(-SMALLEST_BLOCK // sum(weights))
    times = least + _below(SIZES, numbers)
    arms = [arm for arm, weight in enumerate(weights) for _ in range(weight * times)]
    for last in range(len(arms) - 1, 0, -1):  # Fisher and Yates
        other = _below(last + 1, numbers)
        arms[last], arms[other] = arms[other], arms[last]
    return arms


def _numbers(seed: str, message: str) -> Iterator[int]:
    """Numbers of 64 bits, each as likely as any other, without an end."""
    for counter in count():
        digest = hmac.digest(bytes.fromhex(seed), f"{message}\n{counter}".encode(), "sha256")
        for start in range(0, len(digest), _WORD):
            yield int.from_bytes(digest[start : start + _WORD], "big")


def _below(limit: int, numbers: Iterator[int]) -> int:
    """A number from 0 to below `limit`, each as likely: what would favour the small ones is drawn again."""
    whole = (1 << (8 * _WORD)) // limit * limit
    return next(number for number in numbers if number < whole) % limit
