"""What an administrator looks through: the sample of a month, and bursts of look-ups without a relation."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.belonging import says_of_access
from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.models import AccessEvent, OrganisationQuerySet, Practitioner, TenantModel


@data_classes(identity="signed_by", technical="id organisation month looks unrelated drawn_at signed_at")
@keep_history()
class AccessSample(TenantModel):
    """Look-ups of one month, drawn at random; closed when somebody signed it."""

    month = models.DateField()  # its first day
    looks = models.PositiveIntegerField()  # look-ups of one client in that month, by people
    unrelated = models.PositiveIntegerField()  # of these, without a relation when the sample was drawn
    drawn_at = models.DateTimeField(default=timezone.now)
    signed_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "month"], name="access_sample_once_a_month"),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="access_sample_signed_by_somebody",
            ),
        ]


class ReviewVerdict(models.TextChoices):
    RIGHT = "right", _("Looks right")
    ASK = "ask", _("Ask about this")


@data_classes(words="note", technical="id organisation sample event has_relation verdict")
@keep_history()
@says_of_access("event", "note")
class SampledAccess(TenantModel):
    """One look-up of a sample, and what was thought of it."""

    sample = models.ForeignKey(AccessSample, models.CASCADE, related_name="sampled")
    # No foreign key: one to a table of months would have to hold the moment as well. A row goes with its look
    # (clients/services/forgotten_accesses.py).
    event = models.ForeignKey(AccessEvent, models.PROTECT, related_name="+", db_constraint=False)
    has_relation = models.BooleanField()  # when the sample was drawn
    verdict = models.CharField(max_length=5, choices=ReviewVerdict, blank=True, default="")
    note = models.CharField(_("note"), max_length=400, blank=True, default="")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sample", "event"], name="sampled_access_once"),
        ]


@data_classes(
    identity="practitioner handled_by",
    words="note",
    technical="id organisation clients_count since until raised_at handled_at",
)
@keep_history()
class AccessAlarm(TenantModel):
    """Somebody opened many clients within minutes without a relation to them."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    clients_count = models.PositiveIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    raised_at = models.DateTimeField(default=timezone.now)
    handled_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)
    note = models.CharField(_("what came of it"), max_length=400, blank=True, default="")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "practitioner", "until"])]
