"""How many sessions it takes to make progress, of the episodes chosen: the curve as far as it may be shown."""

from collections.abc import Sequence

from reports.results.figures import Duration, duration_of
from reports.results.rows import ResultRow
from reports.results.selection import Selection
from reports.results.small_numbers import BEGUN, BELOW, USED, ChangeLimits, Shown
from sessions_app.measures.results.aggregate import why_excluded
from sessions_app.measures.results.progress import sessions_to_progress
from sessions_app.services.outcome_courses import outcome_courses

CUTOFF = "cutoff"  # progress that ends above the cut-off too


def progress_of(
    rows: Sequence[ResultRow], chosen: Selection, shown: Shown, limits: ChangeLimits, aim: str
) -> Duration | None:
    """The time to progress in sessions, of those with two scores or more; those that go on count so far. Two queries.

    None where it may not be shown, or nobody made progress yet.
    """
    needed = (BEGUN, USED, BELOW) if aim == CUTOFF else (BEGUN, USED)
    if not all(shown.may_show(chosen, name) for name in needed):
        return None
    counted = [row for row in rows if row.episode and why_excluded(row.scores, closed_only=False) is None]
    courses = outcome_courses({row.episode: row.band for row in counted if row.episode})
    times = []
    for row in counted:
        cutoff = row.scores.cutoff if aim == CUTOFF else None
        scores = courses.get(row.episode, []) if row.episode else []
        times.append(sessions_to_progress(scores, limit=limits.points, cutoff=cutoff))
    return duration_of([one for one in times if one is not None], shown)
