"""Files that are made for a record: asked for by a person, made by a worker, kept for an hour."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Episode
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models import LabelField, Practitioner, TenantModel
from organisations.roles import Role


class RecordFileKind(models.TextChoices):
    RECORD = "record", _("For the record")
    STATUS = "status", _("Status to the case worker")
    HOME = "home", _("For the client to take home")
    PICTURE = "picture", _("The curve as a picture")
    EPISODE = "episode", _("Everything of the episode")


class RecordFileStep(models.TextChoices):
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Not made")


class RecordFileQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """One's own, of clients whose curves one still sees."""
        if practitioner.role == Role.ADMIN:
            return self.none()
        clients = Client.objects.visible_to(practitioner)
        return self.filter(asked_by=practitioner, episode__client__in=clients)

    def without_content(self):
        """For a list: what is in the files stays in the database."""
        return self.defer("content")


@data_classes(
    identity="asked_by file_name",
    words="content",  # and marks: whatever was asked for
    technical="id organisation episode kind choice step with_shared_words media_type created_at ready_at",
)
@without_history("a file for an hour; who asked for it and took it is in the access log")
@named_in_routes("record_file_id")
class RecordFile(TenantModel):
    """A file of one episode. `choice` says what goes in (reports.record.choices); `content` is there when READY.

    `with_shared_words`: it holds the client's own words for somebody else by a consent, and closes with that.
    """

    asked_by = models.ForeignKey(Practitioner, models.CASCADE, related_name="+")
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=RecordFileKind)
    choice = models.JSONField(default=dict)
    step = models.CharField(max_length=10, choices=RecordFileStep, default=RecordFileStep.MAKING)
    with_shared_words = models.BooleanField(default=False)
    content = models.BinaryField(null=True)
    media_type = models.CharField(max_length=60, blank=True, default="")
    file_name = LabelField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True)

    objects = RecordFileQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "created_at"])]

    def __str__(self):
        return self.file_name
