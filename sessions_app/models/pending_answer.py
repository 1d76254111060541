"""Answers that count for no session yet: sent ahead of one, or to a form that was closed by then."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Episode
from organisations.models import Practitioner, TenantModel


class PendingReason(models.TextChoices):
    AHEAD = "ahead", _("Sent ahead of the session")
    WITHDRAWN = "withdrawn", _("The form had been withdrawn")
    CLOSED = "closed", _("The hand-over was over")  # unlocked, handed over anew, the session taken out or moved
    ABSENT = "absent", _("The session is noted as not held")


class PendingAnswerQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        return self.filter(episode__in=Episode.objects.visible_to(practitioner))

    def undecided(self):
        return self.filter(decided_at=None).order_by("created_at")


class PendingAnswer(TenantModel):
    """A finished form, kept as it came. It becomes a rating by a session's start or by the practitioner's word."""

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="pending_answers")
    session = models.ForeignKey("sessions_app.Session", models.PROTECT, null=True, related_name="pending_answers")
    instrument = models.CharField(max_length=10)
    rater = models.CharField(max_length=20, default="client")
    marks = ArrayField(models.PositiveSmallIntegerField(), size=5)
    submission_id = models.UUIDField()
    device_time = models.CharField(max_length=40, blank=True, default="")  # a claim; created_at is the record
    language = models.CharField(max_length=5, blank=True, default="")
    pack = models.CharField(max_length=64, blank=True, default="")
    late = models.BooleanField(default=False)
    why = models.CharField(max_length=10, choices=PendingReason)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")  # null: by a start
    taken = models.BooleanField(default=False)  # it counts for `session` now

    objects = PendingAnswerQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "submission_id", "marks"], name="held_answer_once"),
            models.CheckConstraint(
                condition=models.Q(taken=False) | models.Q(decided_at__isnull=False, session__isnull=False),
                name="held_answer_taken_by_a_session",
            ),
        ]
