"""Cases that are shown to a consultant from outside, without identities, for a time."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientBlock, Consent, ConsentPurpose, ConsentState, Episode
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import Practitioner, TenantModel
from organisations.roles import Can, Role


class OpenedCaseQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """A consultant's own while they are open and the client agrees; of others whoever may see the client, and an
        admin all of them (of a client the reference alone). None of a client who is blocked for them.
        """
        if not practitioner.is_active:
            return self.none()
        own = self.filter(organisation=practitioner.organisation_id)
        own = own.exclude(episode__client__in=ClientBlock.objects.shutting_out(practitioner).values("client"))
        if practitioner.role == Role.ADMIN:
            return own
        if practitioner.can(Can.READ_OPENED_CASES):
            today = practitioner.organisation.day_of(timezone.now())
            return own.filter(consultant=practitioner.pk).open_on(today).agreed()
        return own.filter(episode__client__in=Client.objects.visible_to(practitioner))

    def standing(self):
        """Those that nobody has closed."""
        return self.filter(closed_at=None)

    def open_on(self, today):
        """Those that are open on a day."""
        return self.standing().filter(until__gte=today)

    def agreed(self):
        """Those of clients who have said yes to a consultant, and have not taken it back."""
        answers = Consent.objects.filter(purpose=ConsentPurpose.CONSULTANT).newest()
        return self.filter(episode__client__in=answers.filter(state=ConsentState.GIVEN).values("client"))

    def newest_first(self):
        return self.order_by("-opened_at", "pk")


@data_classes(
    identity="consultant opened_by",
    score="until",
    technical="id organisation episode number opened_at closed_at",
)
@keep_history()
@never_deleted
@named_in_routes("opened_case_id")
class OpenedCase(TenantModel):
    """An episode that one consultant may read until a day. `number` is what they know it by, and nothing else names it.

    What is asked of them are questions of the team that name this row.
    """

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="opened_cases", verbose_name=_("case"))
    consultant = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="opened_cases", verbose_name=_("consultant")
    )
    number = models.PositiveSmallIntegerField(editable=False)
    opened_by = models.ForeignKey(Practitioner, models.PROTECT, editable=False, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateField(_("until"))
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = OpenedCaseQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "episode", "consultant"],
                condition=Q(closed_at=None),
                name="case_opened_once",
                violation_error_message=_("The case is open to this consultant already."),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "consultant", "closed_at"])]
