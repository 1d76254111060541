"""An episode as JSON, for another program: sessions with marks, texts, goals and decisions."""

import json
from collections.abc import Iterable
from typing import Any

from reports.charts.compared_svg import ComparedSeries
from reports.client_page.document_tab import DocumentSession, Text
from reports.client_page.goals_tab import GoalCard
from reports.record.content import RecordContent
from reports.record.staff_document import head_of
from sessions_app.measures.series import Measured
from sessions_app.models import Goal, SessionDecision

VERSION = 1


def episode_json(content: RecordContent) -> bytes:
    """UTF-8. Marks and totals are whole tenths of a point, days are 2026-11-29; own words and remarks stand apart."""
    episode, head = content.episode, head_of(content)
    made = {
        "format": "medspil-episode",
        "version": VERSION,
        "made_on": content.day.isoformat(),
        "organisation": head.organisation,
        "client_reference": head.reference,
        "service": "" if episode.client.is_protected else str(episode.service),
        "is_protected": episode.client.is_protected,
        "started_on": episode.started_on.isoformat(),
        "ended_on": _day(episode.ended_on),
        "ending": episode.ending,
        "rules_version": head.rules_version,
        "series": [_series(course) for course in content.courses],
        "others": [_other(one) for one in content.others],
        "sessions": [_session(one) for one in content.sessions],
        "goals": [_goal_card(card) for card in content.goals],
    }
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def _series(course) -> dict[str, Any]:
    series = course.series
    return {
        "outcome": series.of.outcome,
        "alliance": series.of.alliance,
        "rater": series.of.rater,
        "cutoff": series.cutoff,
        "alliance_cutoff": series.alliance_cutoff,
        "measured": [_measured(one) for one in series.sorted()],
    }


def _other(one: ComparedSeries) -> dict[str, Any]:
    """What was measured besides; `said` is the value on its own scale."""
    measured = [{"held_on": day.isoformat(), "session": key, "said": words} for day, key, _value, words in one.measured]
    return {"name": one.title, "measured": measured}


def _measured(one: Measured) -> dict[str, Any]:
    return {
        "session": one.key,
        "held_on": one.held_on.isoformat(),
        "outcome": one.ors,
        "outcome_marks": one.ors_marks,
        "alliance": one.srs,
        "alliance_marks": one.srs_marks,
    }


def _session(one: DocumentSession) -> dict[str, Any]:
    return {
        "id": str(one.session.pk),
        "held_on": one.session.held_on.isoformat(),
        "number": one.number,
        "attendance": one.session.attendance,
        "practitioner": str(one.session.practitioner),
        "own_words": list(_texts(text for part in one.parts for text in part.words)),
        "remarks": list(_texts(text for part in one.parts for text in part.remarks)),
        "decisions": [_decision(decision) for decision in one.decisions],
    }


def _texts(texts: Iterable[Text]) -> Iterable[dict[str, Any]]:
    return ({"field": text.about.key, "name": text.about.label, "text": text.note.text} for text in texts)


def _decision(decision: SessionDecision) -> dict[str, Any]:
    return {
        "text": decision.text,
        "support": decision.support,
        "follow_up_on": _day(decision.follow_up_on),
        "followed_up": decision.done_at is not None,
    }


def _goal_card(card: GoalCard) -> dict[str, Any]:
    marks = [{"held_on": day.isoformat(), "mark": mark} for day, mark, _key in card.marks]
    return _goal(card.goal) | {"steps": [_goal(step) for step in card.steps], "marks": marks}


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "wording": goal.wording,
        "is_own_words": goal.is_own_words,
        "aim": goal.aim,
        "set_by": goal.set_by,
        "state": goal.state,
        "since": goal.since.isoformat(),
        "until": _day(goal.until),
        "ended_on": _day(goal.ended_on),
    }


def _day(day) -> str | None:
    return day.isoformat() if day else None
