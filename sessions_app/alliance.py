"""What client and practitioner read together right after the SRS."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sessions_app.measures.instruments import FAMILY
from sessions_app.measures.series import Series
from sessions_app.sentences import ITEMS, points

# A point in either direction is said to be different from last time; rule S3 (measures.rules) uses the same.
NOTICEABLE = 10


@dataclass(frozen=True)
class AllianceSaid:
    """The headline, the numbers, and the questions that fit."""

    result: str
    result_detail: str
    questions: tuple[str, ...]


def say_alliance(series: Series) -> AllianceSaid:
    """Of the latest SRS of a series; thanks alone where nothing was marked."""
    totals = [total for __, total in series.srs_totals()]
    if not totals:
        return AllianceSaid(_("Nothing was marked after this meeting."), "", ())
    return AllianceSaid(_headline(totals, series.alliance_cutoff), _detail(totals), _questions(series, totals))


def _headline(totals: list[int], cutoff: int) -> str:
    change = totals[-1] - totals[-2] if len(totals) > 1 else 0
    if change <= -NOTICEABLE:
        return _("This meeting fitted you less than the last one. Good that you say so.")
    if totals[-1] < cutoff:
        return _("Something could fit you better. Good that you say so.")
    if change >= NOTICEABLE:
        return _("This meeting fitted you better than the last one.")
    return _("Thank you. The meeting fitted you well.")


def _detail(totals: list[int]) -> str:
    if len(totals) == 1:
        return pgettext("result", "%(score)s today.") % {"score": points(totals[-1])}
    return pgettext("result", "%(score)s today. Last time %(previous)s.") % {
        "score": points(totals[-1]),
        "previous": points(totals[-2]),
    }


def _questions(series: Series, totals: list[int]) -> tuple[str, ...]:
    latest = [session for session, __ in series.srs_totals()][-1]
    low, rule = None, series.rules.get("S2")  # a line that invites a question
    if rule and latest.srs_marks and min(latest.srs_marks) < rule.threshold("mark"):
        low = ITEMS[FAMILY[series.of.alliance].items[latest.srs_marks.index(min(latest.srs_marks))]]
    if low:
        first = _("“%(item)s” got the lowest mark. What could we do differently there?") % {"item": low}
        return (first, _("What should we keep?"))
    return (_("What was most useful today?"), _("What small thing could be better next time?"))
