"""What a client agrees to: each yes and each no is a row of its own, and no row is ever changed."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, refuse_national_id
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import append_only
from organisations.history.tracking import keep_history
from organisations.models import LabelField, Practitioner, TenantModel
from organisations.roles import Role


class ConsentPurpose(models.TextChoices):
    """What a client is asked about; each is answered by itself."""

    TEAM = "team", _("Share with the team")
    CASE_WORKER = "case_worker", _("Share with the case worker")
    CONSULTANT = "consultant", _("Share with a consultant")
    STATISTICS = "statistics", _("Count in statistics")
    RESEARCH = "research", _("Use for research")


class ConsentState(models.TextChoices):
    GIVEN = "given", _("Yes")
    WITHDRAWN = "withdrawn", _("No")
    UNASKED = "unasked", _("Not asked")  # where a mistaken entry was put right and nothing stood before


class ConsentManner(models.TextChoices):
    SPOKEN = "spoken", _("Spoken")
    WRITTEN = "written", _("In writing")
    DIGITAL = "digital", _("Digitally")


class ConsentSaidBy(models.TextChoices):
    CLIENT = "client", _("The client")
    GUARDIAN = "guardian", _("A parent or guardian")


class ConsentQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those of the clients that a person may see; an admin sees none."""
        if practitioner.role == Role.ADMIN:
            return self.none()
        return self.filter(client__in=Client.objects.visible_to(practitioner))

    def newest(self):
        """Of each client and purpose the last row: that is the state."""
        later = Consent.objects.filter(
            client=OuterRef("client"), purpose=OuterRef("purpose"), recorded_at__gt=OuterRef("recorded_at")
        )
        return self.filter(~Exists(later))

    def in_order(self):
        return self.order_by("recorded_at")


@data_classes(
    identity="client taken_by recorded_by guardian",
    words="reason",
    score="purpose state said_on said_by manner",
    technical="id organisation recorded_at corrects merge",
)
@append_only
@keep_history()
@named_in_routes("consent_id")
class Consent(TenantModel):
    """One yes or no of a client to one purpose, or the correction of a mistaken entry.

    The newest row of a client and purpose says how it stands. A correction (`corrects`) repeats what stood before the
    entry that it puts right; a row with a `merge` says what holds since two records of the client were put together.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="consents")
    purpose = models.CharField(_("about"), max_length=12, choices=ConsentPurpose)
    state = models.CharField(_("answer"), max_length=10, choices=ConsentState)
    said_on = models.DateField(_("said on"))
    said_by = models.CharField(_("said by"), max_length=10, choices=ConsentSaidBy, default=ConsentSaidBy.CLIENT)
    guardian = LabelField(_("who that is"), max_length=60, blank=True, default="", validators=[refuse_national_id])
    manner = models.CharField(_("how"), max_length=10, choices=ConsentManner, default=ConsentManner.SPOKEN)
    taken_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", verbose_name=_("taken by"))
    recorded_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    recorded_at = models.DateTimeField(default=timezone.now)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("puts right")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    merge = models.ForeignKey("ClientMerge", models.PROTECT, null=True, blank=True, related_name="consents")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "client", "purpose", "recorded_at"], name="consent_one_after_another"
            ),
            models.UniqueConstraint(
                fields=["organisation", "corrects"], condition=~Q(corrects=None), name="consent_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(corrects=None, reason="") | ~Q(corrects=None) & (~Q(reason="") | ~Q(merge=None)),
                name="consent_corrected_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConsentState.UNASKED) | ~Q(corrects=None) | ~Q(merge=None),
                name="consent_unasked_by_correction",
            ),
            models.CheckConstraint(
                condition=Q(said_by=ConsentSaidBy.GUARDIAN) | Q(guardian=""), name="consent_guardian_named"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "purpose", "client", "-recorded_at"])]

    @property
    def is_given(self) -> bool:
        return self.state == ConsentState.GIVEN
