"""Photographs of confirmed sheets, where an organisation keeps them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models import TenantModel
from sessions_app.models.note import reads_words
from sessions_app.models.rating import Rating
from sessions_app.models.visibility import OfClient


class KeptPhotoQuerySet(OfClient):
    client_path = "rating__session__client"

    def visible_to(self, practitioner):
        """Of sessions that count, for whoever may read the client's own words: what is written on a sheet may be some.
        Whoever confirmed the sheet has seen it already."""
        may_read = Q(rating__recorded_by=practitioner) | reads_words(practitioner, f"{self.client_path}__")
        return super().visible_to(practitioner).filter(may_read, rating__session__voided_at=None)

    def without_content(self):
        """For a page that only links to them: the pictures stay in the database."""
        return self.defer("content")


@data_classes(
    identity="content",  # a person's handwriting
    technical="id organisation rating kept_at",
)
@without_history("a copy in the history would outlive the days; who confirmed, looked and deleted is on record")
@named_in_routes("kept_photo_id")
class KeptPhoto(TenantModel):
    """The straightened picture of the sheet that a rating was confirmed from: a JPEG that our own reader made.

    It stays with that first answer when the answer is corrected, and goes after the organisation's `sheet_photo_days`.
    """

    rating = models.OneToOneField(Rating, models.CASCADE, related_name="+")
    content = models.BinaryField()
    kept_at = models.DateTimeField(default=timezone.now)

    objects = KeptPhotoQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "kept_at"])]

    def __str__(self):
        return str(self.kept_at)
