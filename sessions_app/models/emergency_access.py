"""Clients that somebody who does not see them opened, for a reason and for hours: to read, never to write."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import Practitioner, TenantModel
from organisations.roles import Role


class EmergencyReason(models.TextChoices):
    """Why somebody opens a client that they do not see otherwise."""

    DANGER = "danger", _("Somebody may be in danger now")
    CONTACT = "contact", _("The client has turned to me, and nobody who helps them can be reached")
    COVER = "cover", _("I stand in for a colleague who is away")
    DUTY = "duty", _("I am on duty, and the client is here")
    OTHER = "other", _("Something else")


class EmergencyAccessQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """A lead's those of clients whom they see; an administrator's all of them, without the client and the words."""
        own = self.filter(organisation=practitioner.organisation_id)
        if not practitioner.is_active:
            return self.none()
        if practitioner.role == Role.ADMIN:
            return own
        if practitioner.role != Role.TEAM_LEAD:
            return self.none()
        return own.filter(client__in=Client.objects.visible_to(practitioner))

    def of(self, practitioner):
        """What this person has opened themselves."""
        return self.filter(organisation=practitioner.organisation_id, practitioner=practitioner)

    def open_at(self, now):
        """Those that are open at a moment."""
        return self.filter(ended_at=None, until__gt=now)

    def newest_first(self):
        return self.order_by("-opened_at", "pk")


@data_classes(
    identity="client practitioner looked_by",
    words="words",
    score="reason",
    technical="id organisation opened_at until ended_at looked_at",
)
@keep_history(found_by=("client",))
@never_deleted
@named_in_routes("emergency_access_id")
class EmergencyAccess(TenantModel):
    """One opening. `looked_by`: the lead or administrator who has looked at it since."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="emergency_accesses")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="emergency_accesses")
    reason = models.CharField(_("reason"), max_length=10, choices=EmergencyReason)
    words = models.CharField(_("what has happened"), max_length=400)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField(editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    looked_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    looked_at = models.DateTimeField(null=True, editable=False)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "client", "practitioner"],
                condition=Q(ended_at=None),
                name="emergency_access_once",
            ),
            models.CheckConstraint(condition=Q(until__gt=models.F("opened_at")), name="emergency_access_ends"),
            models.CheckConstraint(
                condition=Q(looked_at=None, looked_by=None) | Q(looked_at__isnull=False, looked_by__isnull=False),
                name="emergency_access_looked_at_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-opened_at"], name="emergency_access_newest")]
