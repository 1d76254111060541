"""A token of the API, and the answers it was given once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.belonging import holds_ids
from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models import Capability, CapabilityKind
from organisations.models.labels import LabelField
from organisations.models.organisation import OrganisationQuerySet, TenantModel
from organisations.models.practitioner import Membership, Practitioner
from organisations.models.team import Team

PROVISIONING_SCOPE = "scim"


class ApiTokenQuerySet(OrganisationQuerySet):
    def of_systems(self):
        """Tokens that somebody made for another system, whatever has become of its practitioner since."""
        return self.exclude(created_by=F("practitioner"))

    def reading(self, teams):
        """Tokens of systems that are in one of `teams` (or a query for their ids), and those that fill any team."""
        inside = Exists(Membership.objects.filter(practitioner=OuterRef("practitioner"), team__in=teams))
        return self.filter(inside | Q(scopes__contains=[PROVISIONING_SCOPE]))

    def with_waiting(self, teams=None):
        """Adds `is_waiting`: a system's token is in a team (of `teams`) for which no second person has confirmed it.

        One that makes log-ins waits as a whole: it could put anybody into any team.
        """
        confirmed = TokenConfirmation.objects.filter(token=OuterRef(OuterRef("pk"))).exclude(team=None).values("team")
        unconfirmed = Membership.objects.filter(practitioner=OuterRef("practitioner")).exclude(team__in=confirmed)
        if teams is not None:
            unconfirmed = unconfirmed.filter(team__in=teams)
        whole = TokenConfirmation.objects.filter(token=OuterRef("pk"), team=None)
        waits = Exists(unconfirmed) | (Q(scopes__contains=[PROVISIONING_SCOPE]) & ~Exists(whole))
        return self.annotate(is_waiting=waits & ~Q(created_by=F("practitioner")))

    def with_validity(self):
        """Adds `expires_at` and `revoked_at`, which stand in the row that the secret leads to."""
        row = Capability.objects.filter(object_id=OuterRef("pk"), kind=CapabilityKind.API)
        return self.annotate(
            expires_at=Subquery(row.values("expires_at")[:1]), revoked_at=Subquery(row.values("revoked_at")[:1])
        )

    def newest_first(self):
        return self.order_by("-created_at")


@data_classes(
    identity="practitioner created_by",
    technical="id organisation name prefix scopes created_at last_used_at",
)
@without_history("making and revoking one stands in the access log")
class ApiToken(TenantModel):
    """What a token is for and whose rights it has. The secret's sha-256 and its end stand in Capability.

    A person's token acts for them. A system's token belongs to a practitioner without a user, who has teams.
    """

    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="api_tokens")
    name = LabelField(_("what it is for"), max_length=120)
    prefix = models.CharField(max_length=8)  # the secret's beginning: enough to recognise, too little to use
    scopes = ArrayField(models.CharField(max_length=20))
    created_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(scopes=[]), name="api_token_has_scopes")]

    def __str__(self):
        return self.name


@data_classes(identity="confirmed_by", technical="id organisation token team confirmed_at")
@without_history("written once, when a second person agreed; that stands in the access log")
class TokenConfirmation(TenantModel):
    """A second person has agreed that a system's token reads the clients of one team; or, without a team, that it
    makes log-ins.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="confirmations")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    confirmed_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "token", "team"], name="token_confirmed_once_a_team"),
            models.UniqueConstraint(
                fields=["organisation", "token"], condition=Q(team=None), name="token_confirmed_once_as_a_whole"
            ),
        ]


# The answer to a request, word for word, kept for a day.
@data_classes(identity="client_ids", words="body", technical="id organisation token key request_hash status created_at")
@without_history("kept for a day, and changed by nobody")
@holds_ids("client_ids")
class KeptAnswer(TenantModel):
    """The answer that a token got for a request with an Idempotency-Key: the same request gets it again."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    request_hash = models.BinaryField(max_length=32)  # sha-256 of method, path and body
    status = models.PositiveSmallIntegerField(default=0)  # 0 while the first request is under way
    body = models.TextField(default="")
    client_ids = ArrayField(models.UUIDField(), default=list)  # whose data the answer holds, for the access log
    created_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "token", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["created_at"])]
