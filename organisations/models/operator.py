"""What the operator of an installation keeps: the state of each organisation, counts, notices, what they did.

Nothing of a client and nobody's name: but for the copy these tables stand outside the wall, since an operator belongs
to no organisation.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.row_rights import append_only
from organisations.history.tracking import without_history
from organisations.models.labels import LabelField
from organisations.models.organisation import Organisation, OrganisationQuerySet, TenantModel
from organisations.models.user import User


@data_classes(
    identity="deletion_asked_by deletion_confirmed_by",
    technical="id organisation suspended_at copy_asked_at copy_fetched_at deletion_asked_at deletion_confirmed_at",
)
class OrganisationState(models.Model):
    """Whether an organisation is suspended, and how far its copy and its deletion are. No row: in use.

    Each change is a row of OperatorAct too, which stays when the organisation is gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="state", editable=False)
    suspended_at = models.DateTimeField(null=True)
    copy_asked_at = models.DateTimeField(null=True)
    copy_fetched_at = models.DateTimeField(null=True)
    deletion_asked_at = models.DateTimeField(null=True)
    deletion_asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    deletion_confirmed_at = models.DateTimeField(null=True)
    deletion_confirmed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deletion_asked_at=None) | models.Q(suspended_at__isnull=False),
                name="deleted_only_after_suspension",
            ),
            models.CheckConstraint(
                condition=models.Q(deletion_confirmed_at=None)
                | models.Q(deletion_asked_by=None)
                | models.Q(deletion_confirmed_by=None)
                | ~models.Q(deletion_asked_by=models.F("deletion_confirmed_by")),
                name="deletion_confirmed_by_a_second",
            ),
        ]


class CopyStep(models.TextChoices):
    """How far the copy of an organisation is."""

    WAITING = "waiting", "waits for the worker"
    READY = "ready", "ready"
    FAILED = "failed", "failed"


@data_classes(
    identity="given_by",
    words="holder certificate",
    technical="id organisation fingerprint step content size given_at made_at fetched_at",
)
@without_history("a file on its way, deleted after two weeks; that it was made and fetched is on record")
class OrganisationCopy(TenantModel):
    """Everything of an organisation as a file, encrypted to the certificate that an administrator of it gave."""

    given_by = models.ForeignKey("organisations.Practitioner", models.PROTECT, related_name="+")
    holder = LabelField(max_length=300)
    certificate = models.TextField()
    fingerprint = models.CharField(max_length=95)
    step = models.CharField(max_length=8, choices=CopyStep, default=CopyStep.WAITING)
    content = models.BinaryField(null=True)  # of the version before; `OrganisationCopyPart` since
    size = models.PositiveBigIntegerField(default=0)
    given_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)

    objects = OrganisationQuerySet.as_manager()


@data_classes(technical="id organisation copy number content")
@without_history("a piece of such a file")
class OrganisationCopyPart(TenantModel):
    """A piece of the encrypted file, so that it is written and read without the rest; `number` from 0."""

    copy = models.ForeignKey(OrganisationCopy, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "copy", "number"], name="organisation_copy_part_once")
        ]


@data_classes(technical="id organisation month people sessions forms mails megabytes counted_at")
class OrganisationUse(models.Model):
    """How much an organisation used in a month. None is a number too small to be told: it is not stored at all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", editable=False)
    month = models.DateField()
    people = models.PositiveIntegerField(null=True)
    sessions = models.PositiveIntegerField(null=True)
    forms = models.PositiveIntegerField(null=True)
    mails = models.PositiveIntegerField(null=True)
    megabytes = models.PositiveIntegerField(null=True)
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "month"], name="use_once_a_month"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="use_of_a_whole_month"),
        ]


@data_classes(words="text_en text_da text_sv text_nb", technical="id starts_at ends_at shown_from withdrawn_at")
class MaintenanceNotice(models.Model):
    """What an operator tells everybody beforehand: work on the installation, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text_en = models.CharField(_("in English"), max_length=300)
    text_da = models.CharField(_("in Danish"), max_length=300, blank=True, default="")
    text_sv = models.CharField(_("in Swedish"), max_length=300, blank=True, default="")
    text_nb = models.CharField(_("in Norwegian"), max_length=300, blank=True, default="")
    shown_from = models.DateTimeField(_("shown to staff from"))
    starts_at = models.DateTimeField(_("the work begins"))
    ends_at = models.DateTimeField(_("the work ends"))
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at"), shown_from__lte=models.F("starts_at")),
                name="maintenance_in_order",
            ),
        ]

    def text_in(self, language: str) -> str:
        """In that language, or in English where it was not written."""
        return getattr(self, f"text_{language}", "") or self.text_en


@data_classes(technical="name answers since looked_at")
class PartState(models.Model):
    """Whether a part of the installation answered when the clock looked last, and since when it is so."""

    name = models.CharField(primary_key=True, max_length=20)
    answers = models.BooleanField()
    since = models.DateTimeField()
    looked_at = models.DateTimeField()


@append_only
@data_classes(identity="by", technical="id at act organisation_names")
class OperatorAct(models.Model):
    """What an operator did, for the other operators. It outlives the organisation, whose name alone it holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.EmailField()
    act = models.CharField(max_length=30)
    organisation_names = ArrayField(models.CharField(max_length=120), default=list)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="operator_acts_by_time")]
