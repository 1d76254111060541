"""Words about somebody else that stay out of what a client is given about themselves."""

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


class HeldBackPassageQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those of clients that a person may see."""
        return self.filter(client__in=Client.objects.visible_to(practitioner))

    def standing(self):
        """Those that nobody has given free."""
        return self.filter(given_free_at=None)


@data_classes(
    identity="client held_by given_free_by",
    words="passage reason",
    technical="id organisation held_at given_free_at",
)
@keep_history()
@never_deleted
@named_in_routes("held_back_passage_id")
class HeldBackPassage(TenantModel):
    """A passage, as it stands in one or more texts about the client, and the reason that the client is told."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="held_back_passages")
    passage = SealedTextField(_("words that are held back"), words_of="client_id", max_length=4000)
    reason = models.TextField(_("reason that the client is told"), max_length=400)
    held_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", verbose_name=_("held back by"))
    held_at = models.DateTimeField(default=timezone.now, editable=False)
    given_free_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+", editable=False)
    given_free_at = models.DateTimeField(null=True, editable=False)

    objects = HeldBackPassageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_free_at=None, given_free_by=None)
                | Q(given_free_at__isnull=False, given_free_by__isnull=False),
                name="held_back_passage_given_free_by_somebody",
            ),
        ]
