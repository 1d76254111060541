"""A client who was handed over to another practitioner, team or service."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from clients.models.client_block import ClientBlock
from clients.models.sealed_text import SealedCharField
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import LabelField, Practitioner, TenantModel
from organisations.roles import Role


class TransferQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Of clients that a person may see, and those that they gave away and see no more; never an admin's."""
        if practitioner.role == Role.ADMIN:
            return self.none()
        shut = ClientBlock.objects.shutting_out(practitioner).values("client")
        given = (Q(made_by=practitioner.pk) | Q(from_contact=practitioner.pk)) & ~Q(client__in=shut)
        return self.filter(Q(client__in=Client.objects.visible_to(practitioner)) | given)

    def standing(self):
        """Those that nobody has taken back."""
        return self.filter(undone_at=None)


@data_classes(
    identity="client from_contact to_contact made_by undone_by",
    words="note rows",  # notes that stood before, among ids
    score="since",
    technical="id organisation came_from went_to state made_at giver_saw_at taker_saw_at undone_at",
)
@keep_history(without=("rows", "state", "giver_saw_at", "taker_saw_at"))
@never_deleted
@named_in_routes("transfer_id")
class Transfer(TenantModel):
    """Who gave a client to whom, from which day on, with a word for whoever takes over.

    `came_from` and `went_to` name team and service as they were called then. `rows` says what stood before in each row
    that was touched (organisations.edits.row_changes), `state` whose the client was afterwards: what was changed since
    is not taken back.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="transfers")
    from_contact = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, related_name="+", verbose_name=_("contact person before")
    )
    to_contact = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, related_name="+", verbose_name=_("contact person afterwards")
    )
    came_from = LabelField(max_length=400, blank=True, default="")
    went_to = LabelField(max_length=400, blank=True, default="")
    since = models.DateField(_("from"))
    note = SealedCharField(_("note of the hand-over"), words_of="client_id", max_length=400, blank=True, default="")
    rows = models.JSONField(default=list)
    state = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", verbose_name=_("transferred by"))
    giver_saw_at = models.DateTimeField(null=True)
    taker_saw_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, related_name="+", verbose_name=_("taken back by")
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "client"])]
