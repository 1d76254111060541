"""A file of past sessions on its way into an organisation."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models import LabelField, Practitioner, TenantModel


class ImportStep(models.TextChoices):
    CHECKING = "checking", _("Being checked")
    ASKING = "asking", _("Waiting for an answer")
    CHECKED = "checked", _("Checked, not imported")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    NOTHING = "nothing", _("Nothing imported")
    FAILED = "failed", _("Could not be read")
    DISCARDED = "discarded", _("Discarded")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


WAITING = (ImportStep.ASKING, ImportStep.CHECKED)  # for somebody who says what the file means, or confirms it


class SessionImportQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """One's own: a report tells of marks, which other admins do not see."""
        return self.filter(organisation=practitioner.organisation_id, started_by=practitioner)

    def newest_first(self):
        return self.order_by("-created_at")


@data_classes(
    identity="started_by",
    words="file_name content report choices",  # lines of a file: references, marks and words; names of people
    technical="id organisation size step all_or_nothing created created_at changed_at",
)
@without_history("a file on its way; what it wrote has its history")
class SessionImport(TenantModel):
    """An uploaded file, its report, and how far it is; `content` goes when it is imported or discarded.

    `choices`: what was said about the file (imports.choices), and whether the next one is read so. `created`: the ids
    of what it wrote and what stood before in what it changed (imports.undo).
    """

    started_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    file_name = LabelField(max_length=120)
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    step = models.CharField(max_length=10, choices=ImportStep, default=ImportStep.CHECKING)
    all_or_nothing = models.BooleanField(default=False)
    report = models.JSONField(default=dict)
    choices = models.JSONField(default=dict, db_default={})
    created = models.JSONField(default=dict, db_default={})
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = SessionImportQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"

    def __str__(self):
        return self.file_name

    @property
    def is_running(self) -> bool:
        """Whether a worker has, or will have, it in hand."""
        return self.step in (ImportStep.CHECKING, ImportStep.IMPORTING, ImportStep.UNDOING)

    @property
    def is_waiting(self) -> bool:
        """Whether somebody may say what the file means, and throw it away."""
        return self.step in WAITING

    @property
    def counts(self) -> dict[str, Any]:
        """The report's counts; empty before it was checked."""
        return self.report.get("counts", {})
