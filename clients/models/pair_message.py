"""What the contact persons of one client tell each other."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from clients.models.sealed_text import SealedTextField
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import Practitioner, TenantModel
from organisations.roles import Can


class PairMessageQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those about clients whose contact person somebody is now: whoever takes over reads on."""
        if not practitioner.can(Can.VIEW_CLIENT):
            return self.none()
        own = Q(contact=practitioner) | Q(second_contact=practitioner)
        return self.filter(client__in=Client.objects.visible_to(practitioner).filter(own))

    def unread_by(self, practitioner):
        """What others wrote about clients who count, and this person has not taken note of."""
        about = {"client__archived_at": None, "client__is_practice": False}
        return self.visible_to(practitioner).filter(read_at=None, **about).exclude(written_by=practitioner)


@data_classes(identity="client written_by read_by", words="text", technical="id organisation written_at read_at")
@keep_history()
@never_deleted
@named_in_routes("message_id")
class PairMessage(TenantModel):
    """A message about one client to the other contact person. It stands on pages only; no mail holds a word of it."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="pair_messages")
    text = SealedTextField(_("message"), words_of="client_id", max_length=1000)
    written_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(default=timezone.now)
    read_by = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, related_name="+", verbose_name=_("read by"), editable=False
    )
    read_at = models.DateTimeField(null=True, editable=False)

    objects = PairMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(read_at=None, read_by=None) | Q(read_at__isnull=False, read_by__isnull=False),
                name="pair_message_read_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "client"], condition=Q(read_at=None), name="pair_message_unread"),
        ]
