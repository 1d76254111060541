"""What is measured: sessions, ratings, the client's own words, alerts."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Episode, SealedCharField
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history, without_history
from organisations.history.updated_at import touch, updated_at
from organisations.models import Practitioner, TenantModel
from sessions_app.models.session import Session
from sessions_app.models.visibility import OfClient


class AlertLevel(models.TextChoices):
    INFO = "info", _("For information")
    AMBER = "amber", _("Talk about it")
    RED = "red", _("Act")


class AlertQuerySet(OfClient):
    client_path = "episode__client"

    def open(self):
        """Those that count: not closed, and of an episode that counts."""
        return self.filter(closed_on=None, episode__in=Episode.objects.counting())


@data_classes(
    identity="acknowledged_by",
    words="acknowledgement",
    score="rule level numbers raised_on closed_on",
    technical="id organisation episode session last_session created_at updated_at acknowledged_at",
)
@keep_history(without=("numbers", "last_session", "updated_at"))  # worked out anew at each evaluation
@named_in_routes("alert_id")
class Alert(TenantModel):
    """A rule's condition held at a session. The page's sentence is made in the request, never from this row."""

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="alerts")
    rule = models.CharField(max_length=4)
    level = models.CharField(max_length=6, choices=AlertLevel)
    numbers = models.JSONField(default=dict)
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="alerts_raised")
    raised_on = models.DateField()
    last_session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = updated_at()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    acknowledgement = SealedCharField(_("note"), words_of="episode.client_id", max_length=400, blank=True, default="")

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            # A rule without a session of its own (overdue: M2) is told apart by its date.
            models.UniqueConstraint(
                fields=["organisation", "episode", "rule", "session", "raised_on"],
                nulls_distinct=False,
                name="alert_once",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "updated_at"])]
        triggers = [touch()]


@data_classes(identity="practitioner", technical="id organisation alert created_at sent_at")
@without_history("written once, when a mail went out")
class Notice(TenantModel):
    """One alert told to one person by mail: at most once."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="notices")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class NoticeQuerySet(OfClient):
        client_path = "alert__episode__client"

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "alert", "practitioner"], name="notice_once")]
