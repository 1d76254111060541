"""An episode with words, remarks, decisions and goals, and the worker that makes its files."""

import datetime

import pytest

from organisations.models import Outbox
from organisations.tenancy.context import tenant
from reports import tasks
from sessions_app.models import Goal, GoalMark, GoalSetBy, Note, SessionDecision
from sessions_app.services import record_files
from tests.reports.test_pages import held


@pytest.fixture
def sessions(ann, episode):
    """Three sessions from 2 August, with words, a remark, a decision and goals; the sessions, the oldest first."""
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        sessions = held(episode, ann, 140, 150, 200, srs=(330, 340, 350))
        for session, kind, text in (
            (sessions[0], "after_ors", "I garden <b>now</b>"),
            (sessions[1], "development", "He sleeps better"),
            (sessions[2], "better", "The hard things first"),
        ):
            Note.objects.create(**own, session=session, kind=kind, text=text, updated_by=ann)
        SessionDecision.objects.create(
            **own,
            session=sessions[2],
            text="Cook on Tuesdays",
            support="Less help with shopping",
            responsible=ann,
            follow_up_on=datetime.date(2026, 12, 8),
        )
        goal = Goal.objects.create(
            **own, episode=episode, wording="My own key", aim="Lives by himself", since=sessions[0].held_on
        )
        Goal.objects.create(**own, episode=episode, parent=goal, wording="Pay the rent", since=sessions[0].held_on)
        Goal.objects.create(
            **own, episode=episode, wording="Attend the course", set_by=GoalSetBy.AUTHORITY, since=sessions[0].held_on
        )
        for session, mark in zip(sessions[:2], (3, 7), strict=True):
            GoalMark.objects.create(**own, goal=goal, session=session, mark=mark)
    return sessions


@pytest.fixture
def staff(browser, ann, sessions):
    browser.force_login(ann.user)
    return browser


def work(organisation) -> None:
    """What the relay and a worker do with what was asked for."""
    with tenant(organisation.pk):
        rows = list(Outbox.objects.filter(task=record_files.MAKE_FILE, done_at=None))
    for row in rows:
        ids = {"outbox_id": row.pk, "organisation_id": row.organisation_id, "object_id": row.object_id}
        tasks.make_record_file(**{name: str(value) for name, value in ids.items()})
