"""A team meeting from its plan to its end: who presents, what is on the screen, who was there."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.record import record_access
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.models import Membership, Practitioner, Team
from organisations.services.local_day import today_in
from organisations.web import news
from sessions_app.models import Session, TeamMeeting, TeamMeetingAttendance, TeamMeetingCase
from sessions_app.services.team_meeting_agenda import FOR_DECISIONS, decisions_due, fitting, proposals_for

FACTS = ("held_on", "starts_at", "minutes")
LOOKED_AT = datetime.timedelta(seconds=60)
"""A case that was on the screen for so long was discussed; what was only passed by was not."""


@transaction.atomic
def plan_meeting(
    *, team: Team, held_on: datetime.date, starts_at: datetime.time, minutes: int, by: Practitioner
) -> TeamMeeting:
    """A meeting with its agenda as proposed; ValidationError for a day that is over or has one already."""
    if held_on < today_in(by.organisation):
        raise ValidationError({"held_on": _("That day is over.")})
    return create_meeting(team=team, held_on=held_on, starts_at=starts_at, minutes=minutes, by=by)


def create_meeting(
    *, team: Team, held_on: datetime.date, starts_at: datetime.time, minutes: int, by: Practitioner
) -> TeamMeeting:
    """The same for any day, in an open transaction; ValidationError for a day that has one already."""
    # Two who plan the same day at once: the second one is told, not refused by the database.
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    _refuse_second(team.pk, held_on)
    meeting = TeamMeeting.objects.create(
        organisation_id=by.organisation_id, team=team, held_on=held_on, starts_at=starts_at, minutes=minutes,
        planned_by=by,
    )  # fmt: skip
    proposals = proposals_for(team, by, held_on)
    kept = FOR_DECISIONS if decisions_due(meeting, by) else 0
    cases = [
        TeamMeetingCase(
            organisation_id=by.organisation_id, meeting=meeting, episode_id=one.key, reason=one.reason,
            minutes=one.minutes, place=place,
        )
        for place, one in enumerate(fitting(proposals, minutes - kept), start=1)
    ]  # fmt: skip
    TeamMeetingCase.objects.bulk_create(cases)
    clients = TeamMeetingCase.objects.filter(meeting=meeting).values_list("episode__client", flat=True)
    record_access("team_meeting.plan", clients)
    return meeting


@transaction.atomic
def change_meeting(
    *, meeting: TeamMeeting, by: Practitioner, version: RowVersion | None = None, **given
) -> TeamMeeting:
    """Another day, time or length; StoredMeanwhile as in `merge`, ValidationError as in `plan_meeting`."""
    meeting = _locked(meeting)
    chosen = merge(version, values_of(meeting, FACTS), given)
    if chosen["held_on"] != meeting.held_on:
        if meeting.started_at is not None:
            raise ValidationError({"held_on": _("The meeting has begun: its day stays.")})
        if chosen["held_on"] < today_in(by.organisation):
            raise ValidationError({"held_on": _("That day is over.")})
        _refuse_second(meeting.team_id, chosen["held_on"])
    write(meeting, chosen, validate_unique=False, validate_constraints=False)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: TeamMeeting, by: Practitioner) -> None:
    """Call a meeting off that has not begun; its agenda stays for whoever takes that back."""
    meeting = _locked(meeting)
    if meeting.started_at is not None:
        raise ValidationError(_("The meeting has begun already."))
    _set(meeting, cancelled_at=meeting.cancelled_at or timezone.now())


@transaction.atomic
def restore_meeting(*, meeting: TeamMeeting, by: Practitioner) -> None:
    """Let a meeting stand again that was called off; ValidationError where the day has another one by now."""
    Team.objects.select_for_update(no_key=True).get(pk=meeting.team_id)
    meeting = _locked(meeting)
    if meeting.cancelled_at is not None:
        _refuse_second(meeting.team_id, meeting.held_on)
        _set(meeting, cancelled_at=None)


@transaction.atomic
def start_meeting(*, meeting: TeamMeeting, by: Practitioner) -> None:
    """Begin, or go on after an end that was too early: whoever does it presents and is there."""
    meeting = _locked(meeting)
    if meeting.cancelled_at is not None:
        raise ValidationError(_("This meeting was called off."))
    if meeting.ended_at is not None:
        _refuse_second(meeting.team_id, meeting.held_on)
    began = {} if meeting.started_at else {"started_at": timezone.now(), "shown": None, "shown_since": timezone.now()}
    _set(meeting, presenter=by, ended_at=None, **began)
    attend(meeting=meeting, by=by)


@transaction.atomic
def end_meeting(*, meeting: TeamMeeting, by: Practitioner) -> None:
    """The meeting is over; what is written can still be put right."""
    meeting = _locked(meeting)
    if meeting.is_running:
        _note_discussed(meeting)
        _set(meeting, ended_at=timezone.now(), shown=None, shown_since=None, presenter=None)


@transaction.atomic
def take_over(*, meeting: TeamMeeting, by: Practitioner) -> None:
    """From now on somebody else presents, from the case that is on the screen."""
    meeting = _locked(meeting)
    if meeting.is_running:
        _set(meeting, presenter=by)
        attend(meeting=meeting, by=by)


@transaction.atomic
def show_case(*, meeting: TeamMeeting, case: TeamMeetingCase | None, by: Practitioner) -> None:
    """Put a case on the screen, or all of them; ValidationError for whoever does not present.

    The same again changes nothing, so two quick presses of one key do not skip a case.
    """
    meeting = _locked(meeting)
    if not meeting.is_running or meeting.presenter_id != by.pk:
        raise ValidationError(_("Somebody else presents now."))
    if meeting.shown_id != (case.pk if case else None):
        _note_discussed(meeting)
        _set(meeting, shown=case, shown_since=timezone.now())


def attend(*, meeting: TeamMeeting, by: Practitioner) -> None:
    """Somebody is there."""
    TeamMeetingAttendance.objects.get_or_create(
        organisation_id=meeting.organisation_id, meeting=meeting, practitioner=by
    )


@transaction.atomic
def set_attendance(
    *,
    meeting: TeamMeeting,
    practitioners: Iterable[Practitioner],
    by: Practitioner,
    version: RowVersion | None = None,
) -> None:
    """Who was there, of those who may have been; StoredMeanwhile as in `merge`. The same again changes nothing."""
    meeting = _locked(meeting)
    stored = stored_attendance(meeting)
    merged = merge(version, stored, {"practitioners": list(practitioners)})
    chosen, there = ({one.pk for one in values["practitioners"]} for values in (merged, stored))
    TeamMeetingAttendance.objects.filter(meeting=meeting, practitioner__in=there - chosen).delete()
    TeamMeetingAttendance.objects.bulk_create(
        TeamMeetingAttendance(organisation_id=meeting.organisation_id, meeting=meeting, practitioner_id=key)
        for key in sorted(chosen - there)
    )


def stored_attendance(meeting: TeamMeeting) -> dict[str, list[Practitioner]]:
    """What the form that puts it right shows."""
    return {"practitioners": [one.practitioner for one in attendances_of(meeting)]}


def attendances_of(meeting: TeamMeeting):
    """Who was there, in the order in which they came."""
    return meeting.attendances.select_related("practitioner").order_by("created_at", "pk")


def who_may_attend(meeting: TeamMeeting):
    """The people of the team who log in, and whoever was there and has left it since."""
    members = Membership.objects.filter(team=meeting.team_id).values("practitioner")
    here = Practitioner.objects.filter(organisation=meeting.organisation_id)
    there = meeting.attendances.values("practitioner")
    return (here.contacts().filter(pk__in=members) | here.filter(pk__in=there)).order_by("name")


def move_meetings(team: Team, into: Team) -> None:
    """The meetings of a team become those of the one that it is merged into; of two planned for a day its own goes."""
    own = TeamMeeting.objects.filter(team=team)
    days = TeamMeeting.objects.open().filter(team=into).values("held_on")
    own.open().filter(held_on__in=days).update(cancelled_at=timezone.now())
    own.update(team=into)


def tell_pages(meeting: TeamMeeting) -> None:
    """Let the pages of a meeting know that it goes on: they ask with a pass for the meeting (`news_pass`)."""
    news.tell([meeting.pk])


def mark_discussed(case: TeamMeetingCase) -> None:
    """It was spoken of, at the latest session of the episode; said once. The row is locked."""
    if case.discussed_at is not None:
        return
    sessions = Session.objects.valid().filter(episode=case.episode_id)
    latest = sessions.order_by("-held_on", "-started_at", "-created_at").first()
    if latest is not None:
        case.discussed_at, case.session = timezone.now(), case.session or latest
        case.save(update_fields=["discussed_at", "session"])


def _note_discussed(meeting: TeamMeeting) -> None:
    """What has been on the screen for long enough was discussed."""
    if meeting.shown_id is None or meeting.shown_since is None or timezone.now() - meeting.shown_since < LOOKED_AT:
        return
    mark_discussed(TeamMeetingCase.objects.select_for_update(of=("self",)).get(pk=meeting.shown_id))


def _locked(meeting: TeamMeeting) -> TeamMeeting:
    return TeamMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)


def _set(meeting: TeamMeeting, **values) -> None:
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=list(values))
    tell_pages(meeting)


def _refuse_second(team_id: UUID, held_on: datetime.date) -> None:
    if TeamMeeting.objects.open().filter(team=team_id, held_on=held_on).exists():
        raise ValidationError({"held_on": _("The team already has a meeting that day.")})
