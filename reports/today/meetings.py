"""The next meeting of each team: today's is mentioned to everybody of it, a lead is told of the later ones too."""

import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery

from organisations.database.statements import written_once
from organisations.models import Practitioner
from sessions_app.models import TeamMeeting


def next_meetings(by: Practitioner, today: datetime.date) -> dict[UUID, TeamMeeting]:
    """By team, each with `prepared`: how many cases stand on the agenda. One query."""
    return {meeting.team_id: meeting for meeting in _coming(by, today)}


@written_once
def _coming(by: Practitioner, today: datetime.date):
    coming = TeamMeeting.objects.visible_to(by).open().filter(held_on__gte=today).select_related("team")
    prepared = Count("cases", filter=Q(cases__removed_at=None))
    first = coming.filter(team=OuterRef("team")).order_by("held_on", "starts_at").values("pk")[:1]
    return coming.filter(pk=Subquery(first)).annotate(prepared=prepared).order_by("starts_at", "team__name")
