"""What first and last scores would look like if nobody's state had changed: regression to the mean, gains by chance."""

from statistics import NormalDist

from sessions_app.measures.results.change import jacobson_truax


def expected_without_change(intake: float, mean: float, reliability: float) -> float:
    """Return the change to expect of clients with this mean intake if no true state changed: -(1 - r)(intake - mean).

    A low first score was in part low by chance, and the next is higher; of all together it is nought. All in one unit.
    ValueError unless 0 <= reliability <= 1.
    """
    if not 0 <= reliability <= 1:
        raise ValueError("reliability must be from 0 to 1")
    return -(1 - reliability) * (intake - mean)


def share_by_chance(reliable_change: float, sd: float, reliability: float) -> float:
    """Return which share of clients whose state does not change gain `reliable_change` or more from first to last.

    All in one unit; ValueError as `jacobson_truax`, and where scores have no error at all.
    """
    spread = jacobson_truax(sd, reliability).s_diff
    if spread == 0:
        raise ValueError("scores without error do not change by chance")
    return 1 - NormalDist().cdf(reliable_change / spread)
