"""Sheets of paper as they were printed: what the number in a sheet's code stands for."""

from django.db import models
from django.utils import timezone

from organisations.history.privacy import data_classes
from organisations.history.row_rights import append_only
from organisations.history.tracking import without_history
from organisations.models import Practitioner, TenantModel
from sessions_app.measures.instruments.form_key import FormKey


@data_classes(
    identity="printed_by",
    technical="id organisation number_hash instrument rater language pack printed_at",
)
@without_history("written once, when a sheet was printed")
@append_only
class PrintedSheet(TenantModel):
    """One print-out: which form in whose words; nothing of a client. Copies of it have the same number.

    A sheet that was printed for a session has a Capability of kind SHEET with the same number, which expires.
    """

    number_hash = models.BinaryField(max_length=32)  # sha-256 of the number in the code
    instrument = models.CharField(max_length=10)
    rater = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    pack = models.CharField(max_length=64, blank=True, default="")  # "id@version"; empty for our own wording
    printed_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    printed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number_hash"], name="printed_sheet_number_once")
        ]

    @property
    def form(self) -> FormKey:
        """Which form it is."""
        return FormKey(self.instrument, self.rater)
