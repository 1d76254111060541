"""The team meetings of the demo's Rødt team: one that was held, with what it decided, and one prepared for today."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clients.models import Episode
from organisations.models import Practitioner, Team
from sessions_app.models import (
    CaseReason,
    Session,
    SessionDecision,
    TeamMeeting,
    TeamMeetingAttendance,
    TeamMeetingCase,
)
from sessions_app.services.team_meeting_cases import add_case, ask_question
from sessions_app.services.team_meetings import create_meeting

LEAD, THERE = "Hanne Dam", ("Hanne Dam", "Trine Holm", "Lars Bech")
AGO, AT, MINUTES = 21, time(9), 45
# (reference, reason, heard, decided, who, days until it is done)
HELD = (
    (
        "K-131",
        CaseReason.UNCHANGED,
        "Kurven svinger, og ingen af os ved, hvad der er anderledes i de gode uger.",
        "Spørg, hvad der er anderledes i de gode uger.",
        "Lars Bech",
        14,
    ),
    (
        "N-014",
        CaseReason.SUCCESS,
        "Nils går i klubben nu. Faste aftaler om aftenen har hjulpet.",
        "Kortere samtaler, én gang om ugen.",
        "Trine Holm",
        10,
    ),
)
ASKED = {
    "M-102": (
        "Trine Holm",
        "Hun kommer, men siger mindre for hver gang. Er det os, det, vi laver, eller noget derhjemme?",
    )
}


def write_meetings(
    team: Team, episodes: Mapping[str, Episode], people: Mapping[str, Practitioner], today: date
) -> None:
    """Give a team its meetings; `episodes` by reference. Sessions and alerts are stored already."""
    _held(team, episodes, people, today - timedelta(days=AGO))
    meeting = create_meeting(team=team, held_on=today, starts_at=AT, minutes=MINUTES, by=people[LEAD])
    for reference, (who, question) in ASKED.items():
        case = meeting.cases.filter(episode=episodes[reference]).first() or add_case(
            meeting=meeting, episode=episodes[reference], reason=CaseReason.BROUGHT, by=people[who]
        )
        ask_question(case=case, question=question, by=people[who])


def _held(team: Team, episodes: Mapping[str, Episode], people: Mapping[str, Practitioner], day: date) -> None:
    own = {"organisation": team.organisation}
    began = datetime.combine(day, AT, ZoneInfo(team.organisation.time_zone))
    ended = began + timedelta(minutes=MINUTES)
    meeting = TeamMeeting.objects.create(
        team=team, held_on=day, starts_at=AT, minutes=MINUTES, planned_by=people[LEAD], started_at=began,
        ended_at=ended, **own,
    )  # fmt: skip
    for name in THERE:
        TeamMeetingAttendance.objects.create(meeting=meeting, practitioner=people[name], created_at=began, **own)
    for place, (reference, reason, heard, decided, who, days) in enumerate(HELD, start=1):
        session = Session.objects.filter(episode=episodes[reference], held_on__lte=day).order_by("-held_on").first()
        if session is None:
            continue
        decision = SessionDecision.objects.create(
            session=session, text=decided, responsible=people[who], follow_up_on=day + timedelta(days=days),
            created_at=ended, **own,
        )  # fmt: skip
        TeamMeetingCase.objects.create(
            meeting=meeting, episode=episodes[reference], reason=reason, place=place, minutes=10, heard=heard,
            session=session, decision=decision, discussed_at=ended, **own,
        )  # fmt: skip
