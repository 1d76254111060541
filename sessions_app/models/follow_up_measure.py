"""How it went afterwards: measures some months after an episode ended. They are no sessions and count in no course."""

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Episode
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import Practitioner, TenantModel
from sessions_app.models.visibility import OfClient

OPEN_FOR = timedelta(days=42)
"""So long after its day a measure is still asked for."""


class FollowUpState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    DUE = "due", _("Due")
    SENT = "sent", _("Sent")
    ANSWERED = "answered", _("Answered")
    EXPIRED = "expired", _("Not answered")
    CANCELLED = "cancelled", _("Cancelled")


class FollowUpMeasureQuerySet(OfClient):
    client_path = "episode__client"

    def waiting(self):
        """Those that are neither answered nor cancelled, of clients who are not for practice."""
        return self.filter(answered_at=None, cancelled_at=None, episode__client__is_practice=False)

    def due(self, today: date):
        """Those that somebody should see to now."""
        return self.waiting().filter(due_on__lte=today, due_on__gt=today - OPEN_FOR)


@data_classes(
    identity="email planned_by cancelled_by",
    score="due_on marks total answered_at device_time late",
    technical="id organisation episode months instrument submission_id language pack planned_at sent_at cancelled_at",
)
@keep_history(without=("email", "submission_id"))
@never_deleted
@named_in_routes("follow_up_measure_id")
class FollowUpMeasure(TenantModel):
    """One measure after the end of an episode, on the client's own device. It is the episode's, not of its course.

    `email` is the client's own address, for one mail; it is emptied as soon as that has left, or is not needed.
    """

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="follow_up_measures")
    months = models.PositiveSmallIntegerField(_("months after the end"))
    due_on = models.DateField(_("due on"))
    instrument = models.CharField(max_length=10)
    email = models.EmailField(_("the client's e-mail address"), blank=True, default="")
    planned_at = models.DateTimeField(default=timezone.now)
    planned_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", verbose_name=_("planned by"))
    sent_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, related_name="+", verbose_name=_("cancelled by")
    )
    answered_at = models.DateTimeField(null=True)
    marks = ArrayField(models.PositiveSmallIntegerField(), size=5, null=True)
    total = models.PositiveSmallIntegerField(null=True)
    submission_id = models.UUIDField(null=True)
    device_time = models.CharField(max_length=40, blank=True, default="")  # a claim; answered_at is the record
    language = models.CharField(max_length=5, blank=True, default="")
    pack = models.CharField(max_length=64, blank=True, default="")
    late = models.BooleanField(default=False)

    objects = FollowUpMeasureQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "episode", "months"],
                condition=Q(cancelled_at=None),
                name="follow_up_measure_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, marks=None) | Q(answered_at__isnull=False, marks__isnull=False),
                name="follow_up_measure_answer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_on"],
                condition=Q(answered_at=None, cancelled_at=None),
                name="follow_up_measure_waiting",
            )
        ]

    def state_on(self, today: date) -> FollowUpState:
        """How far it is."""
        if self.answered_at is not None:
            return FollowUpState.ANSWERED
        if self.cancelled_at is not None:
            return FollowUpState.CANCELLED
        if today >= self.due_on + OPEN_FOR:
            return FollowUpState.EXPIRED
        if self.sent_at is not None:
            return FollowUpState.SENT
        return FollowUpState.DUE if today >= self.due_on else FollowUpState.PLANNED
