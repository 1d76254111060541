"""The cases of a team meeting: brought, put in order, taken off, and what was heard and decided of each."""

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Episode
from organisations.audit.record import record_access
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.models import Practitioner
from organisations.web import news
from sessions_app.models import CaseReason, SessionDecision, TeamMeeting, TeamMeetingCase
from sessions_app.services.decisions import save_decision
from sessions_app.services.locking import lock_countable
from sessions_app.services.summary import lock_episode
from sessions_app.services.team_meeting_agenda import MINUTES
from sessions_app.services.team_meetings import mark_discussed, tell_pages

OWN = ("heard", "review_on")
DECIDED = ("text", "responsible", "follow_up_on")
FEWEST, MOST = 1, 60
"""Minutes of a case."""


@transaction.atomic
def add_case(
    *, meeting: TeamMeeting, episode: Episode, reason: str, question: str = "", by: Practitioner
) -> TeamMeetingCase:
    """Bring a case, last on the agenda; one that was taken off comes back. ValidationError without any session."""
    TeamMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    episode = Episode.objects.get(pk=episode.pk)
    record_access("team_meeting.case", [episode.client_id])
    if episode.last_session_on is None:
        raise ValidationError({"episode": _("There is no session yet to look at.")})
    case = TeamMeetingCase.objects.filter(meeting=meeting, episode=episode).first()
    asked = {"question": question, "asked_by": by if question else None}
    if case is None:
        about: dict[str, Any] = {"meeting": meeting, "episode": episode, "organisation_id": meeting.organisation_id}
        case = TeamMeetingCase(
            **about, reason=CaseReason(reason), minutes=MINUTES[CaseReason(reason)], place=_next_place(meeting), **asked
        )
        case.save(force_insert=True)
    elif case.removed_at is not None:
        _save(case, removed_at=None, place=_next_place(meeting), **(asked if question else {}))
    elif question:
        _save(case, **asked)
    tell_pages(meeting)
    return case


@transaction.atomic
def ask_question(
    *, case: TeamMeetingCase, question: str, by: Practitioner, version: RowVersion | None = None
) -> TeamMeetingCase:
    """What a practitioner asks the team about a case; StoredMeanwhile as in `merge`."""
    case = _locked(case)
    record_access("team_meeting.case", [case.episode.client_id])
    chosen = merge(version, {"question": case.question}, {"question": question})
    if chosen["question"] != case.question:
        case.asked_by = by if chosen["question"] else None
        write(case, chosen, also=["asked_by"], exclude=["episode", "session"], validate_constraints=False)
        tell_pages(case.meeting)
    return case


@transaction.atomic
def remove_case(*, case: TeamMeetingCase, by: Practitioner) -> None:
    """Take a case off the agenda; ValidationError for one of which something is written."""
    case = _locked(case)
    record_access("team_meeting.case", [case.episode.client_id])
    if case.heard or case.decision_id or case.discussed_at:
        raise ValidationError(_("It was discussed already and stays in the minutes."))
    _save(case, removed_at=case.removed_at or timezone.now())
    TeamMeeting.objects.filter(pk=case.meeting_id, shown=case).update(shown=None, shown_since=timezone.now())
    tell_pages(case.meeting)


@transaction.atomic
def restore_case(*, case: TeamMeetingCase, by: Practitioner) -> None:
    """Put a case back that was taken off, where it stood."""
    case = _locked(case)
    record_access("team_meeting.case", [case.episode.client_id])
    _save(case, removed_at=None)
    tell_pages(case.meeting)


@transaction.atomic
def give_minutes(*, case: TeamMeetingCase, more: int, by: Practitioner) -> TeamMeetingCase:
    """So many minutes more (or less) for a case, within what a case can have."""
    case = _locked(case)
    record_access("team_meeting.case", [case.episode.client_id])
    _save(case, minutes=min(max(case.minutes + more, FEWEST), MOST))
    tell_pages(case.meeting)
    return case


@transaction.atomic
def order_cases(*, meeting: TeamMeeting, keys: Sequence[UUID], by: Practitioner) -> None:
    """Put these cases first, in this order; those that are not named (added meanwhile, unseen) follow as they stood."""
    TeamMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    cases = list(TeamMeetingCase.objects.select_for_update(of=("self",)).filter(meeting=meeting).in_order())
    wanted = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    cases.sort(key=lambda case: wanted.get(case.pk, len(wanted)))
    for place, case in enumerate(cases, start=1):
        case.place = place
    TeamMeetingCase.objects.bulk_update(cases, ["place"])
    tell_pages(meeting)


def move_case(*, case: TeamMeetingCase, places: int, by: Practitioner) -> None:
    """One place up (-1) or down (1) among the cases that somebody sees; at the ends nothing happens."""
    seen = TeamMeetingCase.objects.visible_to(by).standing().filter(meeting=case.meeting_id).in_order()
    keys = list(seen.values_list("pk", flat=True))
    here = keys.index(case.pk)
    there = min(max(here + places, 0), len(keys) - 1)
    keys.insert(there, keys.pop(here))
    order_cases(meeting=case.meeting, keys=keys, by=by)


def stored_minutes(case: TeamMeetingCase) -> dict[str, Any]:
    """What is written of a case and decided, by field; while nothing is decided it falls to the contact person."""
    none = {"text": "", "responsible": case.episode.client.contact, "follow_up_on": None}
    return values_of(case, OWN) | (values_of(case.decision, DECIDED) if case.decision else none)


@transaction.atomic
def save_minutes(
    *,
    case: TeamMeetingCase,
    heard: str,
    review_on: datetime.date | None,
    text: str,
    responsible: Practitioner | None,
    follow_up_on: datetime.date | None,
    by: Practitioner,
    version: RowVersion | None = None,
) -> TeamMeetingCase:
    """What was heard of a case, what was decided, who does it by when, and when the team looks at it again.

    The decision becomes one of the client's latest session and so stands in the document and among the follow-ups.
    StoredMeanwhile as in `merge`; ValidationError for a day without a decision, or a session that was voided.
    """
    case = _locked(case)
    given = {"heard": heard, "review_on": review_on, "text": text, "responsible": responsible}
    chosen = merge(version, stored_minutes(case), given | {"follow_up_on": follow_up_on})
    record_access("team_meeting.minutes", [case.episode.client_id])
    if not chosen["text"] and case.decision is None and (chosen["follow_up_on"] or chosen["review_on"]):
        raise ValidationError({"text": _("Write what was decided.")})
    if not (chosen["heard"] or chosen["text"] or case.discussed_at):
        return case
    mark_discussed(case)
    write(case, {name: chosen[name] for name in OWN}, exclude=["episode", "session", "decision"], **UNCHECKED)
    if chosen["text"] or case.decision is not None:
        _decide(case, {name: chosen[name] for name in DECIDED}, by)
    news.tell([case.pk])
    return case


UNCHECKED: dict[str, Any] = {"validate_unique": False, "validate_constraints": False}


def _decide(case: TeamMeetingCase, decided: dict[str, Any], by: Practitioner) -> None:
    decision = case.decision
    session = decision.session if decision else case.session
    if session is None:
        raise ValidationError({"text": _("There is no session yet to look at.")})
    support = decision.support if decision else ""
    key = decision.pk if decision else uuid4()
    made = save_decision(session=session, decision_id=key, support=support, by=by, **decided)
    if decision is None:
        _save(case, decision=made)


def _locked(case: TeamMeetingCase) -> TeamMeetingCase:
    """The row FOR UPDATE, after its episode's, with its decision as it stands under the lock of its session."""
    lock_episode(case.episode_id)
    rows = TeamMeetingCase.objects.select_for_update(of=("self",)).select_related(
        "episode__client__contact", "meeting", "session"
    )
    case = rows.get(pk=case.pk)
    if case.decision_id is not None:
        about = SessionDecision.objects.select_related("responsible", "session")
        lock_countable(about.get(pk=case.decision_id).session_id)
        case.decision = about.get(pk=case.decision_id)
    return case


def _save(case: TeamMeetingCase, **values: Any) -> None:
    for name, value in values.items():
        setattr(case, name, value)
    case.save(update_fields=list(values))


def _next_place(meeting: TeamMeeting) -> int:
    last = TeamMeetingCase.objects.filter(meeting=meeting).aggregate(last=Max("place"))["last"]
    return (last or 0) + 1
