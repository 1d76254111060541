"""Single sign-on: an organisation's identity provider, whom it has named here, and each try to log in by it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history, without_history
from organisations.models.labels import LabelField
from organisations.models.organisation import OrganisationQuerySet, TenantModel
from organisations.models.practitioner import Practitioner


class ProviderKind(models.TextChoices):
    """How a provider speaks."""

    OIDC = "oidc", "OpenID Connect"
    SAML = "saml", "SAML 2.0"


class SignOnPurpose(models.TextChoices):
    """What somebody went to the provider for."""

    LOG_IN = "log_in", _("Log-in")
    TRY = "try", _("Trying it out")
    INVITATION = "invitation", _("Invitation")
    TIE = "tie", _("Tying an account")


@data_classes(
    technical="id organisation kind name issuer source_url application_id sealed_secret secret_ends_on sealed_key "
    "certificate document document_at document_fault uid_claim number_claim number_value role_claim roles name_claim "
    "email_claim mail_domains level_claim weak_levels strong_levels max_age_minutes signs_requests wants_encryption "
    "admits_new tried_at"
)
@keep_history(without=("sealed_secret", "sealed_key", "document", "document_at", "document_fault", "certificate"))
class IdentityProvider(TenantModel):
    """Where an organisation's people log in, one an organisation; whether it is on stands in the organisation.

    `document` is what it publishes: of OpenID Connect the configuration with the keys, of SAML the metadata.
    A claim is the name of an OpenID claim or of a SAML attribute. Sealed and published texts are as long as they are.
    """

    kind = models.CharField(max_length=4, choices=ProviderKind)
    name = LabelField(max_length=60)
    issuer = models.CharField(max_length=300)
    source_url = models.CharField(max_length=400)
    application_id = models.CharField(max_length=200, blank=True, default="")
    sealed_secret = models.CharField(blank=True, default="", editable=False)
    secret_ends_on = models.DateField(null=True, blank=True)
    sealed_key = models.CharField(blank=True, default="", editable=False)
    certificate = models.CharField(blank=True, default="", editable=False)
    document = models.CharField(blank=True, default="", editable=False)
    document_at = models.DateTimeField(null=True, editable=False)
    document_fault = models.CharField(max_length=20, blank=True, default="", editable=False)
    uid_claim = models.CharField(max_length=200, blank=True, default="")
    number_claim = models.CharField(max_length=200)
    number_value = models.CharField(max_length=100)
    role_claim = models.CharField(max_length=200)
    roles = models.JSONField(default=dict)  # {value: role}
    name_claim = models.CharField(max_length=200, blank=True, default="")
    email_claim = models.CharField(max_length=200, blank=True, default="")
    mail_domains = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    level_claim = models.CharField(max_length=200, blank=True, default="")
    weak_levels = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    strong_levels = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    max_age_minutes = models.PositiveSmallIntegerField(default=60)
    signs_requests = models.BooleanField(default=False)
    wants_encryption = models.BooleanField(default=False)
    admits_new = models.BooleanField(default=False)
    tried_at = models.DateTimeField(null=True, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="identity_provider_once")]

    def __str__(self):
        return self.name

    @property
    def levels(self) -> list[str]:
        """Every level that logs somebody in."""
        return [*self.strong_levels, *self.weak_levels]


@data_classes(identity="practitioner uid", technical="id organisation issuer created_at")
@keep_history(found_by=("practitioner",))
class SignOnIdentity(TenantModel):
    """Whom a provider means by a lasting id. An address ties nobody."""

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="sign_on_identities")
    issuer = models.CharField(max_length=300)
    uid = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "issuer", "uid"], name="sign_on_uid_once"),
            models.UniqueConstraint(fields=["organisation", "practitioner"], name="sign_on_practitioner_once"),
        ]


@data_classes(
    technical="id organisation provider purpose state_hash sealed is_fresh began_at ended_at outcome sealed_answer "
    "answer_id"
)
@without_history("one try to log in; nobody changes it, and it is gone after a month")
class SignOnAttempt(TenantModel):
    """One way to the provider and back: begun in one browser, answered once.

    `sealed` holds what the answer is compared with, `sealed_answer` one that came without the browser's session.
    Of whom it was nothing is kept; `outcome` is "" while it is open, "ok", or the reason of a refusal.
    """

    provider = models.ForeignKey(IdentityProvider, models.CASCADE, related_name="attempts")
    purpose = models.CharField(max_length=10, choices=SignOnPurpose, default=SignOnPurpose.LOG_IN)
    state_hash = models.CharField(max_length=64, unique=True)
    sealed = models.CharField()
    is_fresh = models.BooleanField(default=False)
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, default="")
    sealed_answer = models.CharField(blank=True, default="")
    answer_id = models.CharField(max_length=200, blank=True, default="")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "answer_id"], condition=~Q(answer_id=""), name="sign_on_answer_once"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "began_at"])]

    @property
    def reference(self) -> str:
        """What somebody reads out to an administrator."""
        sign = self.id.hex[:8].upper()
        return f"{sign[:4]}-{sign[4:]}"
