"""Whether another service might fit better: nothing has moved although there was time for it."""

from sessions_app.measures.series import Series
from sessions_app.measures.verdict.verdict import EARLY


def has_not_moved(series: Series) -> bool:
    """From the third score on: no reliable gain since the first one, and the latest is below the cut-off.

    Own proposal, after the question "are we the right service for this person's needs"; it decides nothing.
    """
    totals = [total for _session, total in series.ors_totals()]
    if len(totals) < EARLY:
        return False
    return totals[-1] - totals[0] < series.reliable_change and totals[-1] < series.cutoff
