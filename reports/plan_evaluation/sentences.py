"""What changed in a period and what did not, in sentences: only what the measurements say, and never why."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions_app.measures.series import Measured, Series
from sessions_app.measures.state_filter import is_better, is_worse
from sessions_app.models import Goal, GoalState
from sessions_app.texts.instruments import short_name
from sessions_app.texts.points import points, signed

Total = tuple[Measured, int]


@dataclass(frozen=True)
class GoalCounts:
    """How many goals (without their steps) are under way at the end of a period, and how many ended within."""

    active: int
    reached: int
    replaced: int
    dropped: int


def sentences(series: Series, counts: GoalCounts) -> list[str]:
    """What the series of a period says (its sessions are those of the period), then the goals."""
    return [*_outcome(series), *_alliance(series), _goals(counts)]


def counts_of(goals: list[Goal], since, until) -> GoalCounts:
    """How the goals stand at the end of a period."""

    def ended(state: str) -> int:
        return sum(1 for goal in goals if goal.state == state and goal.ended_on and since <= goal.ended_on <= until)

    active = sum(1 for goal in goals if goal.since <= until and (goal.ended_on is None or goal.ended_on > until))
    return GoalCounts(active, ended(GoalState.REACHED), ended(GoalState.REPLACED), ended(GoalState.DROPPED))


def _outcome(series: Series) -> Iterator[str]:
    form, totals = short_name(series.of.outcome), series.ors_totals()
    if len(totals) < 2:
        yield _too_few(form, totals)
        return
    yield _from_to(form, totals)
    yield _how_certain(series, [total for _session, total in totals])
    yield _beside_cutoff(form, totals[0][1], totals[-1][1], series.cutoff)


def _alliance(series: Series) -> Iterator[str]:
    form, totals = short_name(series.of.alliance), series.srs_totals()
    if len(totals) < 2:
        yield _too_few(form, totals)
        return
    yield _from_to(form, totals)
    yield _beside_cutoff(form, totals[0][1], totals[-1][1], series.alliance_cutoff)


def _too_few(form: str, totals: list[Total]) -> str:
    if not totals:
        return _("The %(form)s was not filled in during the period.") % {"form": form}
    measured, total = totals[0]
    given = {"form": form, "total": points(total), "day": _day(measured)}
    return _("The %(form)s was filled in once, %(total)s on %(day)s: one measurement shows no change.") % given


def _from_to(form: str, totals: list[Total]) -> str:
    (first, before), (last, after) = totals[0], totals[-1]
    given = {
        "form": form,
        "before": points(before),
        "first": _day(first),
        "after": points(after),
        "last": _day(last),
        "change": signed(after - before),
        "count": len(totals),
    }
    if after == before:
        return _("%(form)s: %(before)s on %(first)s and on %(last)s, in %(count)s measurements.") % given
    return (
        _("%(form)s: from %(before)s on %(first)s to %(after)s on %(last)s (%(change)s) in %(count)s measurements.")
        % given
    )


def _how_certain(series: Series, totals: list[int]) -> str:
    """By the reliable change, and by whether all measurements together bear it out."""
    change, given = totals[-1] - totals[0], {"threshold": points(series.reliable_change)}
    if abs(change) < series.reliable_change:
        return _("That is less than a reliable change (%(threshold)s points): no certain change.") % given
    confirmed = (is_better if change > 0 else is_worse)(series.state, totals)
    if not confirmed:
        return (
            _("That is %(threshold)s points or more, but the measurements together do not confirm a change yet.")
            % given
        )
    if change > 0:
        return _("That is a reliable change for the better (%(threshold)s points or more).") % given
    return _("That is a reliable change for the worse (%(threshold)s points or more).") % given


def _beside_cutoff(form: str, before: int, after: int, cutoff: int) -> str:
    given = {"form": form, "cutoff": points(cutoff)}
    if before < cutoff <= after:
        return _("The %(form)s was below the cut-off of %(cutoff)s and is above it now.") % given
    if after < cutoff <= before:
        return _("The %(form)s was above the cut-off of %(cutoff)s and is below it now.") % given
    if after < cutoff:
        return _("The %(form)s was below the cut-off of %(cutoff)s and still is.") % given
    return _("The %(form)s was above the cut-off of %(cutoff)s and still is.") % given


def _goals(counts: GoalCounts) -> str:
    said = [
        ngettext("%d goal under way", "%d goals under way", counts.active) % counts.active,
        ngettext("%d reached", "%d reached", counts.reached) % counts.reached,
        ngettext("%d replaced", "%d replaced", counts.replaced) % counts.replaced,
        ngettext("%d dropped", "%d dropped", counts.dropped) % counts.dropped,
    ]
    numbers = (counts.active, counts.reached, counts.replaced, counts.dropped)
    shown = [words for words, number in zip(said, numbers, strict=True) if number]
    return _("Goals: %(counts)s.") % {"counts": ", ".join(shown)} if shown else _("No goals were agreed.")


def _day(measured: Measured) -> str:
    return date_format(measured.held_on, "DATE_FORMAT")
