"""Short ways to write a series in tests: totals in tenths, one session a week."""

from datetime import date, timedelta

from sessions_app.measures.series import Measured, Series

START = date(2026, 1, 5)


def series_of(ors=(), srs=(), **values):
    """Return a series: session number n, with key "n", has the n-th totals; None is not measured."""
    sessions = (
        Measured(
            key=str(at + 1),
            held_on=START + timedelta(weeks=at),
            order=(f"{at:03}",),
            ors=ors[at] if at < len(ors) else None,
            srs=srs[at] if at < len(srs) else None,
        )
        for at in range(max(len(ors), len(srs)))
    )
    return Series(tuple(sessions), **values)


def sessions_hit(hits, rule):
    """Return the keys of the sessions at which a rule hit."""
    return [hit.session for hit in hits if hit.rule == rule]
