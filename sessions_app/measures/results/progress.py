"""How many sessions it takes to make progress: the first session whose score is so far above the first score."""

from collections.abc import Sequence

Scores = Sequence[tuple[int, int]]


def sessions_to_progress(scores: Scores, *, limit: int, cutoff: int | None = None) -> tuple[int, bool] | None:
    """Return (session, whether progress was made at it) of an episode; without progress the last one measured.

    `scores` are (number of the session, total in tenths), the oldest first; progress is a gain of `limit` or more over
    the first. With `cutoff` the score has to be there too, and only who began below it counts. None under two scores,
    or for who does not count.
    """
    if len(scores) < 2:
        return None
    _number, first = scores[0]
    if cutoff is not None and first >= cutoff:
        return None
    needed = max(first + limit, cutoff or 0)
    made = next((number for number, total in scores[1:] if total >= needed), None)
    return (scores[-1][0], False) if made is None else (made, True)
