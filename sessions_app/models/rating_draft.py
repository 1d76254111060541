"""Marks of a form that is not finished yet."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from clients.models import Client
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models import Practitioner, TenantModel
from organisations.roles import Role
from sessions_app.measures.instruments.form_key import FormKey


class DraftQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """As the client's sessions: never of an admin."""
        if practitioner.role == Role.ADMIN:
            return self.none()
        return self.filter(session__client__in=Client.objects.visible_to(practitioner))

    def of_counting_sessions(self):
        """Without those of sessions that were voided."""
        return self.filter(session__voided_at=None)


@data_classes(
    identity="recorded_by",
    score="marks entry_mode",
    technical="id organisation session instrument rater language pack kept_at kept_before_move",
)
@without_history("some marks on their way; with the rest they become a rating, which has its history")
@named_in_routes("draft_id")
class RatingDraft(TenantModel):
    """Some marks of one form of a session. Counted nowhere; gone once the form is answered or the draft deleted.

    `marks` has a place for each line of the instrument, empty where there is no mark yet.
    """

    session = models.ForeignKey("sessions_app.Session", models.CASCADE, related_name="drafts")
    instrument = models.CharField(max_length=10)
    rater = models.CharField(max_length=20)
    marks = ArrayField(models.PositiveSmallIntegerField(null=True))
    entry_mode = models.CharField(max_length=10)  # an EntryMode: who set the marks, and where
    language = models.CharField(max_length=5, blank=True, default="", db_default="")  # as the rating's
    pack = models.CharField(max_length=64, blank=True, default="", db_default="")
    kept_at = models.DateTimeField(default=timezone.now)
    # Its session was another client's then: staff see the marks, no form shows them.
    kept_before_move = models.BooleanField(default=False, db_default=False)
    recorded_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "session", "instrument", "rater"], name="draft_once"),
        ]

    @property
    def form(self) -> FormKey:
        """Which form it is the beginning of."""
        return FormKey(self.instrument, self.rater)

    @property
    def given(self) -> dict[str, int]:
        """The marks there are, by item key."""
        pairs = zip(self.form.instrument.items, self.marks, strict=True)
        return {key: mark for key, mark in pairs if mark is not None}
