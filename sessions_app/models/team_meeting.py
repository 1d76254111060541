"""A team meets over some of its cases: the agenda, what was heard and decided of each, and who was there."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Episode, Restriction, SealedTextField
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history, without_history
from organisations.history.updated_at import touch, updated_at
from organisations.models import Practitioner, Team, TenantModel
from organisations.roles import Role
from sessions_app.models.decision import SessionDecision
from sessions_app.models.session import Session
from sessions_app.models.visibility import OfClient

SHORTEST, LONGEST = 15, 240


class TeamMeetingQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those of the teams that somebody is in; never an admin's."""
        if not practitioner.is_active or practitioner.role == Role.ADMIN:
            return self.none()
        teams = practitioner.memberships.values("team")
        return self.filter(organisation=practitioner.organisation_id, team__in=teams)

    def standing(self):
        """Without those that were called off."""
        return self.filter(cancelled_at=None)

    def open(self):
        """Those that are still to come or under way."""
        return self.standing().filter(ended_at=None)

    def newest_first(self):
        return self.order_by("-held_on", "-starts_at")


@data_classes(
    identity="presenter planned_by",
    score="held_on starts_at minutes",
    technical="id organisation team shown shown_since started_at ended_at cancelled_at created_at updated_at",
)
@keep_history(
    without=("presenter", "shown", "shown_since", "updated_at")
)  # what is on the screen from minute to minute
@never_deleted
class TeamMeeting(TenantModel):
    """One meeting of a team on one day. While it runs, `shown` is the case on the screen (none: all of them)."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="meetings", verbose_name=_("team"))
    held_on = models.DateField(_("date"))
    starts_at = models.TimeField(_("time"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=45, validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)]
    )
    planned_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    presenter = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    shown = models.ForeignKey(
        "sessions_app.TeamMeetingCase", models.PROTECT, null=True, editable=False, related_name="+"
    )
    shown_since = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = updated_at()

    objects = TeamMeetingQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "team", "held_on"],
                condition=Q(cancelled_at=None, ended_at=None),
                name="team_meeting_once_a_day",
                violation_error_message=_("The team already has a meeting that day."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(SHORTEST, LONGEST)), name="team_meeting_minutes_in_range"
            ),
        ]
        triggers = [touch()]

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.ended_at is None


class CaseReason(models.TextChoices):
    """Why a case stands on the agenda, in the order of need."""

    RED = "red", _("Needs somebody")
    WORSE = "worse", _("Going down")
    ASKED = "asked", _("Sent here by an alert")
    UNCHANGED = "unchanged", _("Unchanged for long")
    LONG_AGO = "long_ago", _("Longest since last time")
    WATCH = "watch", _("To talk about")
    SUCCESS = "success", _("Something to learn from")
    BROUGHT = "brought", _("Brought by the team")
    AGAIN = "again", _("Taken up again")


class TeamMeetingCaseQuerySet(OfClient):
    client_path = "episode__client"

    def visible_to(self, practitioner):
        """Of the meetings of one's own teams, as far as one may see the client and the client's data are used."""
        meetings = TeamMeeting.objects.visible_to(practitioner)
        seen = super().visible_to(practitioner).filter(meeting__in=meetings)
        return seen.exclude(episode__client__in=Restriction.objects.standing().values("client"))

    def standing(self):
        """Those that are on the agenda, of meetings that were not called off."""
        return self.filter(removed_at=None, meeting__cancelled_at=None)

    def in_order(self):
        return self.order_by("place", "created_at", "pk")


@data_classes(
    identity="asked_by",
    words="question heard",
    score="reason review_on discussed_at",
    technical="id organisation meeting episode session decision place minutes removed_at created_at updated_at",
)
@keep_history(without=("place", "updated_at"))
@never_deleted
@named_in_routes("meeting_case_id")
class TeamMeetingCase(TenantModel):
    """A client's episode at a meeting; what was decided is a decision of the latest session (`session`) by then."""

    meeting = models.ForeignKey(TeamMeeting, models.PROTECT, related_name="cases")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="meeting_cases")
    reason = models.CharField(max_length=10, choices=CaseReason)
    place = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    question = SealedTextField(_("question"), words_of="episode.client_id", max_length=400, blank=True, default="")
    asked_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    heard = SealedTextField(_("what we heard"), words_of="episode.client_id", max_length=2000, blank=True, default="")
    review_on = models.DateField(_("looked at again on"), null=True, blank=True)
    session = models.ForeignKey(Session, models.PROTECT, null=True, editable=False, related_name="meeting_cases")
    decision = models.OneToOneField(
        SessionDecision, models.PROTECT, null=True, editable=False, related_name="meeting_case"
    )
    discussed_at = models.DateTimeField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = updated_at()

    objects = TeamMeetingCaseQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "meeting", "episode"],
                name="team_meeting_case_once",
            ),
            models.CheckConstraint(
                condition=Q(discussed_at=None) | ~Q(session=None), name="team_meeting_case_at_a_session"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "episode"])]
        triggers = [touch()]


class TeamMeetingAttendanceQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Of the meetings of one's own teams."""
        return self.filter(meeting__in=TeamMeeting.objects.visible_to(practitioner))


@data_classes(identity="practitioner", technical="id organisation meeting created_at")
@without_history("who was there is corrected in one go; about no client")
class TeamMeetingAttendance(TenantModel):
    """Somebody was at a meeting."""

    meeting = models.ForeignKey(TeamMeeting, models.CASCADE, related_name="attendances")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = TeamMeetingAttendanceQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "meeting", "practitioner"], name="team_meeting_attended_once"
            ),
        ]
