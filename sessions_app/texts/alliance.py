"""What client and practitioner read together right after the SRS."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.rules.alliance import AllianceDrop
from sessions_app.measures.series import Series
from sessions_app.texts.verdict import ITEMS, points


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
    return AllianceSaid(_headline(series, totals), _detail(totals), _questions(series, totals))


def _headline(series: Series, totals: list[int]) -> str:
    """Different from last time is what rule S3 calls a fall, in either direction."""
    change, noticed = totals[-1] - totals[-2] if len(totals) > 1 else 0, _noticed(series)
    if change <= -noticed:
        return _("This meeting fitted you less than the last one. Good that you say so.")
    if totals[-1] < series.alliance_cutoff:
        return _("Something could fit you better. Good that you say so.")
    if change >= noticed:
        return _("This meeting fitted you better than the last one.")
    return _("Thank you. The meeting fitted you well.")


def _noticed(series: Series) -> int:
    return series.rules.rule(AllianceDrop.key).threshold("fall")


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
