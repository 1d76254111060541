"""Which rule of retention an organisation has chosen for a service; the rules stand in clients.retention."""

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.models import LabelField, Practitioner, Service, TenantModel
from organisations.models.organisation import OrganisationQuerySet

MOST_YEARS = 100


class RetentionChoiceQuerySet(OrganisationQuerySet):
    def newest(self):
        """Of each service the last one that was chosen."""
        return self.order_by("service", "-chosen_at", "-id").distinct("service")

    def begun_on(self, day):
        """Those that hold on a day unless a later choice does: what was chosen for later waits."""
        return self.filter(Q(holds_from=None) | Q(holds_from__lte=day))


@data_classes(
    identity="chosen_by",
    words="basis",
    technical="id organisation service rule years holds_from archives_first chosen_at",
)
@keep_history()
class RetentionChoice(TenantModel):
    """How long a service keeps records, by the key of a rule; "" is no rule: nothing is erased.

    Of those that have begun the one that was chosen last counts. No row is changed, and it goes with its service alone.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="retention_choices")
    rule = models.CharField(_("rule"), max_length=30, blank=True, default="")
    years = models.PositiveSmallIntegerField(
        _("years"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_YEARS)]
    )
    basis = LabelField(_("what it stands on"), max_length=300, blank=True, default="", db_default="")
    holds_from = models.DateField(_("holds from"), null=True, blank=True)
    archives_first = models.BooleanField(_("hand records to the archive first"), default=False)
    chosen_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    objects = RetentionChoiceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "service", "-chosen_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(years=None) | Q(years__gte=1, years__lte=MOST_YEARS), name="retention_years_in_limits"
            )
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]
