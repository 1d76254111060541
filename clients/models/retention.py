"""Which rule of retention an organisation has chosen for a service; the rules stand in clients.retention."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.row_rights import append_only
from organisations.history.tracking import without_history
from organisations.models import Practitioner, Service, TenantModel
from organisations.models.organisation import OrganisationQuerySet

MOST_YEARS = 100


class RetentionChoiceQuerySet(OrganisationQuerySet):
    def newest(self):
        """Of each service the last one: that is the rule it has."""
        return self.order_by("service", "-chosen_at", "-id").distinct("service")


@data_classes(identity="chosen_by", technical="id organisation service rule years archives_first chosen_at")
@without_history("only ever grows; the newest row of a service counts")
@append_only
class RetentionChoice(TenantModel):
    """How long a service keeps records, by the key of a rule; "" is no rule: nothing is erased."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="retention_choices")
    rule = models.CharField(_("rule"), max_length=30, blank=True, default="")
    years = models.PositiveSmallIntegerField(
        _("years"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_YEARS)]
    )
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
