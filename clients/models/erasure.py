"""A client whose time is over: the notice, its two confirmations, and the line that stays when all else is gone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from clients.models.client_block import ClientBlock
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import append_only, never_deleted
from organisations.history.tracking import keep_history, without_history
from organisations.models import Practitioner, TenantModel
from organisations.models.organisation import OrganisationQuerySet
from organisations.roles import Role

# The first step before the second, which is somebody else's or another day's
TWO_STEPS = Q(second_on=None) | Q(first_on__isnull=False) & (
    ~Q(second_by=F("first_by")) | Q(second_on__gt=F("first_on"))
)


class ErasureNoticeQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those of clients that a person may see."""
        return self.filter(client__in=Client.objects.visible_to(practitioner))

    def told_to(self, practitioner):
        """Those that a person is told of, each with `is_veiled`: an administrator knows of it, and not of whom.

        Who is blocked for others may have nobody around them who confirms erasures, and would be kept for good.
        """
        seen = Q(client__in=Client.objects.visible_to(practitioner))
        told = seen
        if practitioner.role == Role.ADMIN:
            blocked = ClientBlock.objects.standing().filter(organisation=practitioner.organisation_id)
            told = seen | Q(client__in=blocked.values("client"))
        return self.filter(told, organisation=practitioner.organisation_id).annotate(is_veiled=~seen)

    def standing(self):
        """Those that are on the list."""
        return self.filter(ended_at=None)

    def confirmed(self):
        """Those that the nightly job carries out."""
        return self.standing().filter(first_on__isnull=False, second_on__isnull=False)


@data_classes(
    identity="client first_by second_by extended_by archived_by",
    words="extension_reason",
    technical="id organisation rules kept_until finish_by archives_first noticed_at first_on second_on extended_until "
    "archived_at ended_at",
)
@keep_history()
@never_deleted
@named_in_routes("notice_id")
class ErasureNotice(TenantModel):
    """A client stands on the list of those whose records are to be erased; the row goes with the client."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="erasure_notices")
    rules = models.CharField(max_length=200)  # keys, as they held when it was last looked at
    kept_until = models.DateField()
    finish_by = models.DateField(null=True)
    archives_first = models.BooleanField(default=False)
    noticed_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True)
    archived_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    first_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    first_on = models.DateField(null=True)
    second_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    second_on = models.DateField(null=True)
    extended_until = models.DateField(_("until"), null=True)
    extension_reason = models.CharField(_("why"), max_length=200, blank=True, default="")
    extended_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)  # not due any more: a new entry, another rule

    objects = ErasureNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "client"], condition=Q(ended_at=None), name="erasure_notice_once"
            ),
            models.CheckConstraint(condition=TWO_STEPS, name="erasure_notice_two_steps"),
            models.CheckConstraint(
                condition=(Q(first_on=None, first_by=None) | Q(first_on__isnull=False, first_by__isnull=False))
                & (Q(second_on=None, second_by=None) | Q(second_on__isnull=False, second_by__isnull=False)),
                name="erasure_notice_confirmed_by_somebody",
            ),
        ]


@data_classes(
    identity="client_uid merged_uids first_by second_by",
    technical="id organisation rules kept_until first_on second_on erased_at previous_hash hash",
)
@without_history("only ever grows, and is chained")
@append_only
class Erasure(TenantModel):
    """That a client was erased, by random keys alone; it outlives the client, and is played again after a restore.

    No keys to other rows: an older backup may not know the people yet. The database erases nobody who stands not here.
    """

    client_uid = models.UUIDField()
    merged_uids = ArrayField(models.UUIDField(), default=list, blank=True)
    rules = models.CharField(max_length=200)
    kept_until = models.DateField()
    first_by = models.UUIDField()
    first_on = models.DateField()
    second_by = models.UUIDField()
    second_on = models.DateField()
    erased_at = models.DateTimeField(default=timezone.now)
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "client_uid"], name="erasure_once"),
            models.UniqueConstraint(fields=["organisation", "previous_hash"], name="erasure_one_after_another"),
            models.CheckConstraint(
                condition=~Q(second_by=F("first_by")) | Q(second_on__gt=F("first_on")), name="erasure_two_steps"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-erased_at"])]
