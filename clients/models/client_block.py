"""Clients who are blocked for other units: only those who are named see them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import Practitioner, TenantModel
from organisations.roles import CARING


class BlockWish(models.TextChoices):
    """Whose wish a block is."""

    CLIENT = "client", _("The client's")
    GUARDIAN = "guardian", _("The guardian's, for the client")
    SERVICE = "service", _("Ours, to protect the client")


class ClientBlockQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those of the clients that a person may see; nobody but whoever helps a client knows of a block."""
        if practitioner.role not in CARING:
            return self.none()
        own = self.filter(organisation=practitioner.organisation_id)
        teams = practitioner.memberships.values("team")
        return (
            own.filter(client__client_teams__team__in=teams).exclude(pk__in=own.shutting_out(practitioner)).distinct()
        )

    def standing(self):
        """Those that nobody has lifted."""
        return self.filter(lifted_at=None)

    def newest_first(self):
        return self.order_by("-made_at", "pk")

    def shutting_out(self, practitioner):
        """The standing ones that leave a person out: neither contact person nor named, nor in a team that is named."""
        here = self.standing().filter(organisation=practitioner.organisation_id)
        if practitioner.role not in CARING:
            return here
        contact = Q(client__contact=practitioner) | Q(client__second_contact=practitioner)
        teams = ArraySubquery(practitioner.memberships.values("team"))
        # exclude() of a whole condition: a client without a contact person is shut, not unknown.
        return here.exclude(contact | Q(people__contains=[practitioner.pk]) | Q(teams__overlap=teams))


@data_classes(
    identity="client people made_by lifted_by",
    words="reason lift_reason",
    technical="id organisation teams wish made_at lifted_at",
)
@keep_history(found_by=("client",))
@never_deleted
class ClientBlock(TenantModel):
    """From when until when a client was blocked for others than the teams and people that are named, and why.

    It narrows what `visible_to` says and widens nothing: who is named still has to be in a team of the client.
    """

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="blocks")
    # Keys, and no rows of their own: what was named at a time is one line of the history.
    teams = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name=_("teams"))
    people = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name=_("people"))
    wish = models.CharField(_("whose wish it is"), max_length=10, choices=BlockWish)
    reason = models.CharField(_("why"), max_length=400)
    made_by = models.ForeignKey(Practitioner, models.PROTECT, editable=False, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    lifted_at = models.DateTimeField(null=True, editable=False)
    lift_reason = models.CharField(_("why it is lifted"), max_length=400, blank=True, default="")

    objects = ClientBlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "client"],
                condition=Q(lifted_at=None),
                name="client_blocked_once",
                violation_error_message=_("The client is blocked already."),
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="client_block_lifted_by_somebody",
            ),
        ]
