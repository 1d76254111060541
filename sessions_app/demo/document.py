"""What is written of the demo's Nils: remarks, decisions and goals, in the language of the place, and invented."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from clients.models import Episode
from organisations.models import Practitioner
from sessions_app.models import Goal, GoalMark, GoalSetBy, GoalState, Note, NoteKind, Session, SessionDecision

REFERENCE = "N-014"
TRINE, LARS = "Trine Holm", "Lars Bech"

# By the number of the session.
NOTES: dict[int, dict[NoteKind, str]] = {
    1: {
        NoteKind.DEVELOPMENT: "Første måling. Søvnen fylder mest.",
        NoteKind.FOCUS: "Faste sengetider, og én aftale om ugen uden for huset.",
        NoteKind.BETTER: "Lidt færre spørgsmål.",
    },
    4: {
        NoteKind.DEVELOPMENT: "Et lille dyk efter nætter med larm.",
        NoteKind.NEXT_TIME: "Vi begynder med søvnen næste gang.",
    },
    6: {
        NoteKind.DEVELOPMENT: "Over 20 for anden gang. Nils peger selv på haven.",
        NoteKind.FOCUS: "Flytningen: hvad skal være på plads?",
    },
    8: {
        NoteKind.DEVELOPMENT: "Nils ville se kurven to gange.",
        NoteKind.FOCUS: "Hvad skal være på plads før flytningen?",
        NoteKind.BETTER: "Vi kunne tage det svære først.",
        NoteKind.NEXT_TIME: "Flytningen kommer først næste gang.",
    },
}
# (session, decided, change of support, who, days until, followed up)
DECISIONS = (
    (1, "Nils og Trine laver en plan for aftenerne.", "Støtte om aftenen tre gange om ugen.", TRINE, 14, True),
    (6, "Nils går i klubben hver torsdag. Lars følger med de første to gange.", "", LARS, 14, True),
    (
        8,
        "Nils og Trine ser på en lejlighed i Vestergade.",
        "Støtte til indkøb én gang om ugen i stedet for to.",
        TRINE,
        14,
        False,
    ),
)
# (wording, goal of the service, set by, from session, marks by session, end: state and session; steps)
GOALS: tuple[dict[str, Any], ...] = (
    {
        "wording": "Min egen lejlighed inden sommer",
        "aim": "Nils bor i egen bolig med støtte",
        "set_by": GoalSetBy.TOGETHER,
        "since": 1,
        "marks": {1: 2, 2: 2, 3: 3, 4: 3, 5: 4, 6: 5, 7: 6, 8: 6},
        "steps": (
            ("Betale regninger i netbank", GoalState.REACHED, 6),
            ("Lave mad to gange om ugen", GoalState.ACTIVE, None),
            ("Se på to lejligheder til", GoalState.PLANNED, None),
        ),
    },
    {
        "wording": "En ven, jeg kan ringe til",
        "aim": "Nils har kontakt med andre uden for botilbuddet",
        "set_by": GoalSetBy.CLIENT,
        "since": 3,
        "marks": {3: 3, 4: 3, 5: 4, 6: 4, 7: 3, 8: 5},
        "steps": (
            ("I klubben hver torsdag", GoalState.ACTIVE, None),
            ("Ringe til min bror om søndagen", GoalState.REPLACED, 5),
            ("Skrive med Jonas fra klubben", GoalState.ACTIVE, None),
        ),
    },
    {
        "wording": "Sove igennem om natten",
        "set_by": GoalSetBy.TOGETHER,
        "since": 1,
        "marks": {1: 2, 3: 4, 4: 3, 6: 6, 7: 8},
        "end": (GoalState.REACHED, 7),
    },
    {
        "wording": "Værkstedet tre dage om ugen",
        "set_by": GoalSetBy.AUTHORITY,
        "since": 1,
        "marks": {1: 2, 2: 1, 3: 1},
        "end": (GoalState.DROPPED, 4),
    },
)


def write_document(episode: Episode, people: Mapping[str, Practitioner]) -> None:
    """Give an episode of Nils what is written of him; its sessions are stored already."""
    sessions = list(Session.objects.filter(episode=episode).order_by("held_on"))
    by_number = dict(enumerate(sessions, start=1))
    own = {"organisation": episode.organisation}
    for number, written in NOTES.items():
        session = by_number[number]
        about = {"session": session, "updated_by": session.practitioner, "updated_at": _at(session, 30), **own}
        Note.objects.bulk_create(Note(kind=kind, text=text, **about) for kind, text in written.items())
    for number, text, support, who, days, done in DECISIONS:
        _decide(by_number[number], text, support, people[who], days, done=done)
    for told in GOALS:
        _agree(episode, told, by_number)


def _decide(session: Session, text: str, support: str, who: Practitioner, days: int, *, done: bool) -> None:
    seen_to = {"done_at": _at(session, days * 24 * 60), "done_by": who} if done else {}
    SessionDecision.objects.create(
        organisation=session.organisation,
        session=session,
        text=text,
        support=support,
        responsible=who,
        follow_up_on=session.held_on + timedelta(days=days),
        created_at=_at(session, 50),
        **seen_to,
    )


def _agree(episode: Episode, told: dict[str, Any], sessions: Mapping[int, Session]) -> None:
    own = {"organisation": episode.organisation, "episode": episode}
    state, ended = told.get("end", (GoalState.ACTIVE, None))
    goal = Goal.objects.create(
        wording=told["wording"],
        aim=told.get("aim", ""),
        set_by=told["set_by"],
        since=sessions[told["since"]].held_on,
        state=state,
        ended_on=sessions[ended].held_on if ended else None,
        **own,
    )
    for wording, step_state, number in told.get("steps", ()):
        Goal.objects.create(
            parent=goal,
            wording=wording,
            set_by=told["set_by"],
            since=goal.since,
            state=step_state,
            ended_on=sessions[number].held_on if number else None,
            is_rated=False,
            shown_to_client=False,
            **own,
        )
    marks = [GoalMark(goal=goal, session=sessions[number], mark=mark) for number, mark in told["marks"].items()]
    for mark in marks:
        mark.organisation = episode.organisation
    GoalMark.objects.bulk_create(marks)


def _at(session: Session, minutes: int) -> datetime:
    """A moment after the session's beginning."""
    begun = session.started_at or datetime.combine(session.held_on, time(10), ZoneInfo(session.time_zone))
    return begun + timedelta(minutes=minutes)
