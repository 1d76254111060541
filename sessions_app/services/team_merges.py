"""What hangs on a team that is merged into another one goes over: its meetings and its questions."""

from organisations.models import Team
from sessions_app.services.questions import move_questions
from sessions_app.services.team_meetings import move_meetings


def move_team(team: Team, into: Team) -> None:
    """Let the meetings and questions of a team be those of the one that it is merged into."""
    move_meetings(team, into)
    move_questions(team, into)
