"""Exports of a study: who wanted the data out and for what, who agreed, what went out, and whose it was."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models import LabelField, Practitioner, TenantModel
from organisations.roles import Can
from sessions_app.models.study import Study


class ExportColumn(models.TextChoices):
    """What goes along only where it is asked for: each makes people easier to know again."""

    PRACTITIONER = "practitioner", _("Practitioner, as a number")
    SERVICE = "service", _("Service, as a number")
    SERVICE_KIND = "service_kind", _("Kind of service")
    AGE_BAND = "age_band", _("Age at the start, in groups")
    ENDING = "ending", _("How the help ended")
    WEEKS = "weeks", _("Weeks since the start")


class ExportStep(models.TextChoices):
    WAITING = "waiting", _("Waits for a second person")
    REFUSED = "refused", _("Not allowed")
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Not made")
    CLOSED = "closed", _("Closed")


class ExportEnd(models.TextChoices):
    """Why a file is not there any more."""

    DAYS = "days", _("Its days are over")
    CONSENT = "consent", _("Somebody in it took their consent back")
    REMOVED = "removed", _("It was removed")


class StudyExportQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those of one's organisation, for whoever makes studies or agrees to what leaves them."""
        own = self.filter(organisation=practitioner.organisation_id)
        verbs = (Can.MANAGE_STUDIES, Can.CONFIRM_EXPORTS)
        return own if any(practitioner.can(verb) for verb in verbs) else self.none()

    def without_content(self):
        """For a list: what is in the files stays in the database."""
        return self.defer("content")


@data_classes(
    identity="asked_by decided_by recipient approver",
    words="purpose",
    score="content report",
    technical="id organisation study columns language approval_reference asked_at decided_at step made_at taken_at "
    "taken_times ended_at end file_name fault",
)
@without_history("each step stands in its own columns; who asked, agreed and took it is in the access log")
class StudyExport(TenantModel):
    """Data of a study on their way out. The row outlives the file: what left the house, for what, by whose leave.

    `content` is the ZIP while the step is READY; `report` what was counted when it was made (reports.research.report).
    `approver` and `approval_reference` are the study's as they were on the day it was asked for.
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="exports")
    purpose = models.TextField(_("what the data are for"), max_length=1000)
    recipient = LabelField(_("who gets them"), max_length=120)
    columns = ArrayField(models.CharField(max_length=12, choices=ExportColumn), blank=True, default=list)
    language = models.CharField(max_length=5)
    approver = LabelField(max_length=120)
    approval_reference = LabelField(max_length=60)
    asked_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=10, choices=ExportStep, default=ExportStep.WAITING)
    content = models.BinaryField(null=True)
    file_name = LabelField(max_length=60, blank=True, default="")
    report = models.JSONField(null=True)
    fault = models.CharField(max_length=200, blank=True, default="")  # why it could not be made, in words
    made_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)  # last
    taken_times = models.PositiveIntegerField(default=0)
    end = models.CharField(max_length=8, choices=ExportEnd, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    objects = StudyExportQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "study", "-asked_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="study_export_by_two_people"
            ),
            models.CheckConstraint(
                condition=Q(step__in=[ExportStep.WAITING, ExportStep.CLOSED]) | Q(decided_by__isnull=False),
                name="study_export_decided",
            ),
            models.CheckConstraint(
                condition=Q(step=ExportStep.READY, content__isnull=False) | ~Q(step=ExportStep.READY) & Q(content=None),
                name="study_export_file_while_ready",
            ),
        ]


@data_classes(identity="client", technical="id organisation export")
@without_history("written once with the file; who took it is in the access log")
class StudyExportClient(TenantModel):
    """Whose data are in a file: whom a no concerns, and about whom its recipient is to be told then."""

    export = models.ForeignKey(StudyExport, models.CASCADE, related_name="members")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "export", "client"], name="study_export_client_once")
        ]
