"""Sentences of the documents that are put together from what was measured and agreed, in the active language."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.charts.compared_svg import ComparedSeries
from reports.client_page.document_tab import DocumentSession
from reports.client_page.goals_tab import GoalCard
from reports.record.content import RecordContent, RecordCourse
from sessions_app.measures.series import Measured
from sessions_app.models import Goal, GoalSetBy, GoalState, SessionDecision
from sessions_app.texts.instruments import curve_name
from sessions_app.texts.points import points, signed


def day_of(day) -> str:
    """A day with its year."""
    return date_format(day, "DATE_FORMAT")


def period_of(content: RecordContent) -> str:
    """From when to when, as it was chosen or as the sessions lie."""
    days = [one.session.held_on for one in content.sessions]
    since = content.choice.since or min(days, default=content.episode.started_on)
    until = content.choice.until or content.episode.ended_on or content.day
    return f"{day_of(since)} – {day_of(max(since, until))}"


def sessions_held(content: RecordContent) -> str:
    """How many sessions there were."""
    held = sum(one.number is not None for one in content.sessions)
    return ngettext("%(count)s session", "%(count)s sessions", held) % {"count": held}


def measure_lines(course: RecordCourse) -> list[str]:
    """A line for each curve: "Well-being, ORS: from 14.2 to 27.1 (cut-off 25)."."""
    series = course.series
    lines = [_line(course.chart.ors_label, series.ors_totals(), series.cutoff)]
    if course.with_srs:
        lines.append(_line(curve_name(series.of.alliance), series.srs_totals(), series.alliance_cutoff))
    return [line for line in lines if line]


def _line(name: str, totals: Sequence[tuple[Measured, int]], cutoff: int) -> str:
    if not totals:
        return ""
    first, last = totals[0][1], totals[-1][1]
    given = {
        "name": name,
        "first": points(first),
        "last": points(last),
        "change": signed(last - first),
        "limit": _("cut-off %(points)s") % {"points": points(cutoff)},
    }
    if len(totals) == 1:
        return _("%(name)s: %(last)s (%(limit)s).") % given
    return _("%(name)s: from %(first)s to %(last)s, %(change)s (%(limit)s).") % given


def other_line(one: ComparedSeries) -> str:
    """What a series that was measured besides says: "Mother, 0 to 40: 3 marks from 16 to 24."."""
    given = {"form": one.title, "count": len(one.measured), "first": one.measured[0][3], "last": one.measured[-1][3]}
    if len(one.measured) == 1:
        return _("%(form)s: %(last)s.") % given
    return _("%(form)s: %(count)s marks from %(first)s to %(last)s.") % given


def session_line(one: DocumentSession) -> str:
    """What a session is called: its number and with whom, or that nobody came."""
    if one.number is None:
        return str(one.session.get_attendance_display())
    given = {"number": one.number, "who": one.session.practitioner}
    return _("Session %(number)s with %(who)s") % given


def goal_agreed(goal: Goal) -> str:
    """Who set it and when."""
    day = {"day": date_format(goal.since, "MONTH_DAY_FORMAT")}
    if goal.set_by == GoalSetBy.CLIENT:
        said = _("The client's own proposal, %(day)s.") % day
    elif goal.set_by == GoalSetBy.AUTHORITY:
        said = _("Set by the authority, %(day)s.") % day
    else:
        said = _("Agreed together, %(day)s.") % day
    if goal.until and goal.is_open:
        said += " " + _("To be reached by %(until)s.") % {"until": day_of(goal.until)}
    return said


def goal_state(goal: Goal) -> str:
    """Where it stands."""
    if goal.ended_on is None:
        since = date_format(goal.since, "MONTH_DAY_FORMAT")
        return _("Not begun") if goal.state == GoalState.PLANNED else _("Under way since %(day)s") % {"day": since}
    day = {"day": date_format(goal.ended_on, "MONTH_DAY_FORMAT")}
    if goal.state == GoalState.REACHED:
        return _("Reached %(day)s") % day
    return _("Dropped %(day)s") % day if goal.state == GoalState.DROPPED else _("Replaced %(day)s") % day


def goal_about(card: GoalCard) -> str:
    """State, agreement and marks of a goal in a line."""
    marks = card.sentence
    if not marks and card.latest is not None:
        marks = _("The client's own rating: %(mark)s of 10.") % {"mark": card.latest}
    return " ".join(filter(None, (goal_state(card.goal) + ".", goal_agreed(card.goal), marks)))


def follow_up(decision: SessionDecision) -> str:
    """Who sees to a decision and until when, or that somebody has."""
    if decision.done_at is not None:
        return _("Followed up %(day)s") % {"day": date_format(decision.done_at, "MONTH_DAY_FORMAT")}
    if decision.follow_up_on is None:
        return ""
    given = {"who": decision.responsible, "day": date_format(decision.follow_up_on, "MONTH_DAY_FORMAT")}
    if decision.responsible is None:
        return _("To be followed up not later than %(day)s.") % given
    return _("%(who)s follows up not later than %(day)s.") % given


def words_kept_back() -> str:
    """Why a status does not quote the client."""
    return _("The client's own words are not here: there is no agreement to share them with the case worker.")
