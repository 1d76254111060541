"""A client with words in every sealed column, each of them twice: rows and their history."""

import datetime
from typing import Any

from clients.models import HeldBackPassage, PairMessage, SubjectRequest, Transfer
from clients.models.sealed_text import sealed_fields
from sessions_app.models import (
    Alert,
    AlertStep,
    Goal,
    Note,
    NoteKind,
    PlanEvaluation,
    SessionDecision,
    SupervisionCase,
    TeamMeeting,
    TeamMeetingCase,
)
from sessions_app.models.team_meeting import CaseReason
from tests.factories import SessionFactory

MARKER = "Silverxylophone"  # in no other word of the tests
DAY = datetime.date(2026, 2, 2)


def fill(episode: Any, ann: Any, team: Any, words: str = MARKER) -> dict[str, Any]:
    """Rows of a client, by the name of their model, with `words` and the column's name in each sealed column."""
    client, own = episode.client, {"organisation": episode.organisation}
    session = SessionFactory(**own, episode=episode, practitioner=ann)
    of = {**own, "session": session}
    alert = Alert(**own, episode=episode, rule="O1", level="red", raised_on=session.held_on)
    meeting = TeamMeeting.objects.create(**own, team=team, held_on=DAY, starts_at=datetime.time(9), planned_by=ann)
    rows = [
        client,
        Note(**of, kind=NoteKind.AFTER_ORS, updated_by=ann),
        SessionDecision(**of),
        Goal(**own, episode=episode, since=DAY),
        PlanEvaluation(**own, episode=episode, since=DAY, until=DAY, made_by=ann),
        alert,
        AlertStep(**own, alert=alert, kind="set_aside", by=ann),
        PairMessage(**own, client=client, written_by=ann),
        Transfer(**own, client=client, to_contact=ann, since=DAY, made_by=ann),
        TeamMeetingCase(
            **own, meeting=meeting, episode=episode, session=session, reason=CaseReason.BROUGHT, place=1, minutes=5
        ),
        SubjectRequest(**own, client=client, kind="correction", arrived_on=DAY, due_on=DAY, recorded_by=ann),
        HeldBackPassage(**own, client=client, reason="About another person", held_by=ann),
        SupervisionCase(**own, practitioner=ann, episode=episode, brought_on=DAY),
    ]
    for row in rows:
        _write(row, words)
        if not isinstance(row, AlertStep):  # which never changes
            _write(row, f"{words} again")
    return {type(row).__name__: row for row in rows}


def _write(row: Any, words: str) -> None:
    for field in sealed_fields():
        if isinstance(row, field.model):
            setattr(row, field.attname, f"{words} {field.name}")
    row.save()


def the(rows: Any, **columns: str) -> Any:
    """The one row that says this; the database cannot look for it."""
    model = getattr(rows, "model", rows)
    found = rows if rows is not model else model.objects.all()
    [row] = [row for row in found if all(getattr(row, name) == text for name, text in columns.items())]
    return row


def say(rows: Any, **columns: Any) -> None:
    """As `update`, row by row, so that words are sealed."""
    for row in rows:
        for name, value in columns.items():
            setattr(row, name, value)
        row.save(update_fields=list(columns))
