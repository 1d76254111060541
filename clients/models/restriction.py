"""Data that are kept and not used: article 18 of the GDPR."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from clients.models.subject_request import SubjectRequest
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import Practitioner, TenantModel


class RestrictionQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those of clients that a person may see."""
        return self.filter(client__in=Client.objects.visible_to(practitioner))

    def standing(self):
        """Those that hold now."""
        return self.filter(lifted_at=None)


@data_classes(
    identity="client set_by lifted_by",
    words="reason lift_reason",
    score="set_on told_on",
    technical="id organisation request lifted_at created_at",
)
@keep_history()
@never_deleted
@named_in_routes("restriction_id")
class Restriction(TenantModel):
    """Since when a client's data are not used and why; `told_on`: the client was told that it will be lifted."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="restrictions")
    request = models.ForeignKey(SubjectRequest, models.PROTECT, null=True, related_name="restrictions")
    reason = models.TextField(_("why nothing is used for now"), max_length=1000)
    set_on = models.DateField(_("since"))
    set_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", verbose_name=_("set by"))
    told_on = models.DateField(_("the client was told on"), null=True, blank=True)
    lift_reason = models.TextField(_("why it is used again"), max_length=1000, blank=True, default="")
    lifted_by = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, related_name="+", verbose_name=_("lifted by"), editable=False
    )
    lifted_at = models.DateTimeField(_("lifted on"), null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "client"], condition=Q(lifted_at=None), name="client_restricted_once"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, told_on=None, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False, told_on__isnull=False) & ~Q(lift_reason="")),
                name="restriction_lifted_after_notice",
            ),
        ]
