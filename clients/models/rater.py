"""Who is helped: clients and their episodes."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, refuse_national_id
from clients.models.relations import Relation, rater_name
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.models import LabelField, TenantModel
from organisations.roles import Role


class RaterQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those of the clients that a person may see; an admin sees none."""
        if practitioner.role == Role.ADMIN:
            return self.none()
        return self.filter(client__in=Client.objects.visible_to(practitioner))

    def active(self):
        """Who is asked at a session, in the order in which they came."""
        return self.filter(is_active=True).order_by("created_at", "key")


@data_classes(
    identity="client label",
    technical="id organisation key relation is_active created_at",
)
@keep_history()
@named_in_routes("rater_id")
class Rater(TenantModel):
    """Somebody else who rates how the client is, with a series of their own.

    `key` is what ratings name: the relation, with a number from the second on ("teacher-2"); no other person
    of the client ever gets it.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="raters")
    key = models.CharField(max_length=20, editable=False)
    relation = models.CharField(_("who"), max_length=12, choices=Relation)
    label = LabelField(
        _("called"),
        max_length=40,
        blank=True,
        default="",
        validators=[refuse_national_id],
        help_text=_("For example grandmother. It stands on the form."),
    )
    is_active = models.BooleanField(default=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RaterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "client", "key"], name="rater_key_once"),
        ]

    def __str__(self):
        return self.label or rater_name(self.key)
