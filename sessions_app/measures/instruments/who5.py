"""WHO-5: five items of 0-5, raw 0-25, percentage raw × 4. Another scale: never in one curve with ORS."""

from collections.abc import Sequence


def percentage(marks: Sequence[int]) -> int:
    """Return the percentage, 4 × the raw sum, of five marks of 0-5. ValueError for anything else."""
    if len(marks) != 5 or not all(0 <= mark <= 5 for mark in marks):
        raise ValueError("five marks of 0 to 5 are needed")
    return 4 * sum(marks)
