"""How the minutes of a meeting are spent: as a bar and in a sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.charts.markup import Markup, number
from reports.team_meetings.rows import MeetingRows
from sessions_app.models import TeamMeeting
from sessions_app.services.team_meeting_agenda import FOR_DECISIONS, FOR_TOPIC

WIDE, HIGH, GAP = 1000, 12, 3


@dataclass(frozen=True)
class AgendaBar:
    """`svg` for those who see it, `said` for everybody; `is_over` where it all takes more than there is."""

    svg: Markup
    said: str
    is_over: bool


def agenda_bar(meeting: TeamMeeting, rows: MeetingRows, *, topics: int = 0) -> AgendaBar:
    """What is planned, beside what there is; `topics` are questions that are about no case."""
    parts = [("b-due", FOR_DECISIONS)] if rows.due else []
    parts += [("b-case", row.case.minutes) for row in rows.cases]
    parts += [("b-topic", FOR_TOPIC)] * topics
    planned = sum(minutes for _kind, minutes in parts)
    left = meeting.minutes - planned
    said = ngettext("%d minute", "%d minutes", meeting.minutes) % meeting.minutes
    spent = [_("%d for decisions") % FOR_DECISIONS] if rows.due else []
    if rows.cases:
        spent.append(_("%d for the cases") % sum(row.case.minutes for row in rows.cases))
    if topics:
        spent.append(_("%d for questions of the team") % (FOR_TOPIC * topics))
    spent.append(_("%d left") % left if left >= 0 else _("%d too many") % -left)
    return AgendaBar(_svg(parts, max(planned, meeting.minutes)), f"{said}: {', '.join(spent)}", left < 0)


def _svg(parts: list[tuple[str, int]], of: int) -> Markup:
    found, at = [f'<rect class="b-free" width="{WIDE}" height="{HIGH}" rx="4"/>'], 0.0
    for kind, minutes in parts:
        width = WIDE * minutes / of
        found.append(
            f'<rect class="{kind}" x="{number(at)}" width="{number(max(width - GAP, 1))}" height="{HIGH}" rx="4"/>'
        )
        at += width
    picture = "".join(found)
    return Markup(
        f'<svg class="agenda-bar" viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" aria-hidden="true">'
        f"{picture}</svg>"
    )
