"""Photographed sheets on their way: read by a worker, confirmed by a person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.audit.route_arguments import named_in_routes
from organisations.history.belonging import belongs_by
from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models import LabelField, Practitioner, TenantModel
from sessions_app.models.printed_sheet import PrintedSheet
from sessions_app.models.rating import Rating
from sessions_app.models.session import Session


class PhotoStep(models.TextChoices):
    READING = "reading", _("Being read")
    READ = "read", _("To be confirmed")
    FAILED = "failed", _("Not read")
    STORED = "stored", _("Stored")


class SheetPhotoQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """One's own: whose client is on a picture is known only when it was confirmed."""
        return self.filter(organisation=practitioner.organisation_id, taken_by=practitioner)

    def waiting(self):
        """Those that a person has to confirm, the oldest first."""
        return self.filter(step=PhotoStep.READ).order_by("created_at", "page")

    def newest_first(self):
        """For a list: the last files first, the pages of one in their order."""
        return self.order_by("-created_at", "page", "pk")

    def without_pictures(self):
        """For a list: the pictures stay in the database."""
        return self.defer("content", "overview", "cut_outs")


@data_classes(
    identity="taken_by content overview cut_outs digest",  # a person's handwriting
    words="file_name",
    score="proposal rating",
    technical="id organisation page size step fault sheet session created_at",
)
@without_history("a picture on its way; what it becomes is a rating, which has its history")
@belongs_by("session", "rating")
@named_in_routes("sheet_photo_id")
class SheetPhoto(TenantModel):
    """One page of a file. `content` goes when it was read, all that is left of the picture when it is confirmed.

    `proposal` has [mark in tenths or null, notice] for each line, `cut_outs` a JPEG of each; `fault` is a word of
    paper_reading.faults or of services.sheet_photos. `session` is set where the sheet was printed for one.
    """

    taken_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    file_name = LabelField(max_length=120)
    page = models.PositiveSmallIntegerField(default=1)
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32, null=True)  # of the file: the same one twice is seen
    step = models.CharField(max_length=10, choices=PhotoStep, default=PhotoStep.READING)
    fault = models.CharField(max_length=12, blank=True, default="")
    sheet = models.ForeignKey(PrintedSheet, models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, null=True, related_name="+")
    proposal = models.JSONField(default=list)
    cut_outs = ArrayField(models.BinaryField(), default=list)
    overview = models.BinaryField(null=True)
    rating = models.ForeignKey(Rating, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = SheetPhotoQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"

    def __str__(self):
        return self.file_name
