"""Why the records of a client are not erased although their time is over."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import Practitioner, TenantModel


class LegalHoldQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those on clients that a person may see."""
        return self.filter(client__in=Client.objects.visible_to(practitioner))

    def standing(self, day: date):
        """Those that keep records on a day."""
        return self.filter(Q(until=None) | Q(until__gte=day), lifted_at=None)


@data_classes(
    identity="client made_by lifted_by",
    words="reason",
    technical="id organisation exception until made_at lifted_at",
)
@keep_history()
@never_deleted
@named_in_routes("hold_id")
class LegalHold(TenantModel):
    """Nothing of the client is erased while it stands. `exception` names what the law itself keeps for good."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="legal_holds")
    exception = models.CharField(_("what the law keeps"), max_length=20, blank=True, default="")
    reason = models.CharField(_("why"), max_length=200)
    until = models.DateField(_("until"), null=True, blank=True)
    made_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "client"], condition=Q(lifted_at=None), name="hold_standing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="legal_hold_lifted_by_somebody",
            )
        ]
