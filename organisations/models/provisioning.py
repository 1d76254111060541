"""Provisioning by SCIM: what an organisation lets its IT department do, what that says of people, its latest calls."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history, without_history
from organisations.models.organisation import OrganisationQuerySet, TenantModel
from organisations.models.practitioner import Practitioner
from organisations.models.team import Service, Team
from organisations.models.token import ApiToken
from organisations.roles import Role


class SignOnBy(models.TextChoices):
    """Which of the IT department's values is the lasting id by which the identity provider names somebody."""

    NOTHING = "", _("By invitation only")
    EXTERNAL_ID = "externalId", _("Its own number for the person (externalId)")
    USER_NAME = "userName", _("The user name (userName)")


def default_roles() -> list[str]:
    """A practitioner, and nothing that sees more."""
    return [Role.PRACTITIONER.value]


@data_classes(
    technical="id organisation is_on roles invites sign_on_by service keeps_other",
)
@keep_history()
class Provisioning(TenantModel):
    """What an organisation has allowed its IT department, one row an organisation; off until it is switched on."""

    is_on = models.BooleanField(default=False)
    roles = ArrayField(models.CharField(max_length=20), default=default_roles)
    invites = models.BooleanField(default=False)
    sign_on_by = models.CharField(max_length=10, choices=SignOnBy, blank=True, default=SignOnBy.NOTHING)
    # Where a new group becomes a team; none: groups are made on the pages, and SCIM only fills them.
    service = models.ForeignKey(Service, models.SET_NULL, null=True, blank=True, related_name="+")
    # Whether what has no use here (telephone, title, address) is kept too; else it is left out as it comes.
    keeps_other = models.BooleanField(default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="provisioning_once")]


@data_classes(
    identity="practitioner user_name user_name_key external_id attributes compared name_seen email_seen",
    technical="id organisation role_seen active_seen created_at updated_at deleted_at",
)
@without_history("what the IT department says; what follows from it stands in the history of the person")
class ProvisionedUser(TenantModel):
    """What an IT department says of a person, in the words of SCIM.

    `compared` holds its texts as filters compare them. `*_seen` is what the person's own row said when this was
    written: where it says something else by now, somebody has changed it on the pages.
    """

    practitioner = models.OneToOneField(Practitioner, models.CASCADE, related_name="provisioned")
    user_name = models.CharField(max_length=254)
    user_name_key = models.CharField(max_length=254)
    external_id = models.CharField(max_length=200, blank=True, default="")
    attributes = models.JSONField(default=dict)
    compared = models.JSONField(default=dict)
    name_seen = models.CharField(max_length=120)
    email_seen = models.EmailField(blank=True, default="")
    role_seen = models.CharField(max_length=20)
    active_seen = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user_name_key"],
                condition=Q(deleted_at=None),
                name="provisioned_user_name_once",
                violation_error_message=_("Somebody here has that user name already."),
            )
        ]
        indexes = [models.Index(fields=["organisation", "external_id"])]


@data_classes(
    identity="members_seen", technical="id organisation team external_id compared name_seen created_at updated_at"
)
@without_history("what the IT department says; what follows from it stands in the history of the team")
class ProvisionedGroup(TenantModel):
    """What an IT department says of a team; `*_seen` as of a person, `members_seen` the keys of who was in it."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="provisioned")
    external_id = models.CharField(max_length=200, blank=True, default="")
    compared = models.JSONField(default=dict)
    name_seen = models.CharField(max_length=120)
    members_seen = ArrayField(models.UUIDField(), default=list, db_default=[])
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()


@data_classes(
    identity="object_id", words="detail", technical="id organisation token at method resource status request_id"
)
@without_history("one call of the IT department's system; gone after a month")
class ProvisioningCall(TenantModel):
    """A call that changed something or was refused, for whoever looks for what went wrong."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    method = models.CharField(max_length=7)
    resource = models.CharField(max_length=40)
    object_id = models.UUIDField(null=True)
    status = models.PositiveSmallIntegerField()
    detail = models.CharField(max_length=300, blank=True, default="")
    request_id = models.CharField(max_length=36)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-at"])]
