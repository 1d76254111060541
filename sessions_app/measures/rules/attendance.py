"""The rule on what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions_app.measures.provenance import gettext_noop
from sessions_app.measures.rules.base import ATTENDANCE, Finding, Judged, Level, Rule

if TYPE_CHECKING:
    from sessions_app.measures.series import Series


@dataclass(frozen=True)
class MissingForm(Rule):
    """M1: attended, over, and a form that was due is not there."""

    key = "M1"
    measure = ATTENDANCE
    usual_level = Level.INFO
    condition = gettext_noop("The client came, and a form that was due is missing.")
    sentences = {
        "missing_ors": gettext_noop("The %(outcome)s is missing at an attended session."),
        "missing_srs": gettext_noop("The %(alliance)s is missing at an attended session."),
        "missing_both": gettext_noop("%(outcome)s and %(alliance)s are missing at an attended session."),
    }

    def judge(self, series: "Series") -> Iterator[Judged]:
        """Yield each attended session that is over and at which something was due."""
        for session in series.sorted():
            if not session.attended or session.running or not (session.outcome_due or session.alliance_due):
                continue
            no_ors = session.outcome_due and session.ors is None
            no_srs = session.alliance_due and session.srs is None
            found = None
            if no_ors or no_srs:
                which = "both" if no_ors and no_srs else "ors" if no_ors else "srs"
                found = Finding(f"missing_{which}", {"ors_missing": int(no_ors), "srs_missing": int(no_srs)})
            yield Judged(session, found)
