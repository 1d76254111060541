"""What people did about an alert, step by step."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import SealedCharField
from organisations.history.privacy import data_classes
from organisations.history.row_rights import append_only
from organisations.history.tracking import without_history
from organisations.models import Practitioner, TenantModel
from sessions_app.models.alert import Alert
from sessions_app.models.visibility import OfClient


class StepKind(models.TextChoices):
    DECIDED = "decided", _("Decided")
    ASKED = "asked", _("Asked a colleague")
    SET_ASIDE = "set_aside", _("Set aside")
    TAKEN_UP = "taken_up", _("Taken up again")


class Decision(models.TextChoices):
    TALKED = "talked", _("We talked about it")
    GOAL = "goal", _("Another goal or way of working")
    SUPPORT = "support", _("Other or more support")
    CLOSER = "closer", _("Closer contact for a while")
    MEETING = "meeting", _("To the team meeting")
    SUPERVISION = "supervision", _("To supervision")
    WAIT = "wait", _("Wait for the next measures")


class AlertStepQuerySet(OfClient):
    client_path = "alert__episode__client"


@data_classes(
    identity="by asked",
    words="words",
    score="decision outcome_then count_then",
    technical="id organisation alert kind at",
)
@append_only
@without_history("written once and never changed")
class AlertStep(TenantModel):
    """One thing that somebody did about an alert; what came of it is read from the measures that followed."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    decision = models.CharField(_("what was decided"), max_length=12, choices=Decision, blank=True, default="")
    words = SealedCharField(
        _("in your own words"), words_of="alert.episode.client_id", max_length=400, blank=True, default=""
    )
    asked = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # The episode's latest outcome total (tenths) and how many there were: what followed is compared with them.
    outcome_then = models.PositiveSmallIntegerField(null=True)
    count_then = models.PositiveIntegerField(default=0)

    objects = AlertStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=StepKind.DECIDED) ^ models.Q(decision=""), name="alert_step_decision"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=StepKind.ASKED) ^ models.Q(asked=None), name="alert_step_asked"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=StepKind.SET_ASIDE) | ~models.Q(words=""), name="alert_step_reason"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "alert", "at"])]
