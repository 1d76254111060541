"""A course with goals, words and decisions whose action plan is evaluated."""

import pytest
import time_machine

from clients.models import Episode
from organisations.tenancy.context import tenant
from sessions_app.models import Goal, GoalMark, Note, SessionDecision
from tests.reports.plan_evaluation.evaluations import NOON, WORDS
from tests.reports.test_pages import held


@pytest.fixture
def staff(browser, ann):
    with time_machine.travel(NOON, tick=False):
        browser.force_login(ann.user)
        yield browser


@pytest.fixture
def course(staff, ann, episode):
    """Eight sessions from 2 August to 8 November."""
    with tenant(ann.organisation_id):
        Episode.objects.filter(pk=episode.pk).update(started_on="2026-08-01")
        return held(
            episode,
            ann,
            *(142, 150, 178, 169, 204, 226, 241, 263),
            srs=(330, 342, 351, 364, 370, 372, 380, 376),
        )


@pytest.fixture
def written(ann, episode, course):
    """Goals with marks, words and decisions."""
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        about = {"episode": episode, "since": course[0].held_on, **own}
        flat = Goal.objects.create(**about, wording="My own flat", aim="Lives alone with support")
        Goal.objects.create(**about, wording="Pay bills", parent=flat)
        Goal.objects.create(**about, wording="Sleep all night", state="reached", ended_on=course[6].held_on)
        Goal.objects.create(**about, wording="Workshop", set_by="authority", state="dropped", ended_on="2026-08-20")
        for session, mark in ((course[0], 2), (course[4], 4), (course[7], 6)):
            GoalMark.objects.create(**own, goal=flat, session=session, mark=mark)
        Note.objects.create(**own, session=course[7], kind="after_ors", text=WORDS)
        Note.objects.create(**own, session=course[0], kind="after_ors", text="Long ago.")
        SessionDecision.objects.create(**own, session=course[7], text="Looks at a flat", support="Shopping once a week")
        SessionDecision.objects.create(**own, session=course[0], text="Evening plan")
