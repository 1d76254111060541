"""Who works here: organisations, services, teams, users and practitioners."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.device_sessions import DeviceSession  # noqa: F401  a model in a module of its own
from organisations.labels import LabelField
from organisations.openings import Capability, CapabilityKind  # noqa: F401  (Django looks for models here)
from organisations.places import Country, Language, validate_time_zone
from organisations.roles import Can, Role, may


class Organisation(models.Model):
    """A tenant: a municipality or another body that runs services."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = LabelField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    country = models.CharField(_("country"), max_length=5, choices=Country, default=Country.DENMARK)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.DANISH)
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Europe/Copenhagen", validators=[validate_time_zone]
    )
    uses_first_names = models.BooleanField(_("clients may have a first name or label"), default=True)
    form_speaks_numbers = models.BooleanField(
        _("screen readers say a mark as a number"), default=False, db_default=False
    )
    emergency_text = models.TextField(_("what to do in danger"), max_length=1000, blank=True, default="")
    privacy_contact = models.CharField(_("whom clients ask about their data"), max_length=200, blank=True, default="")
    offers_closings = models.BooleanField(_("last words may be chosen for a form"), default=True, db_default=True)
    requires_second_factor = models.BooleanField(default=False, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self):
        return self.name


class Users(BaseUserManager["User"]):
    """Makes users; the address is stored in lower case, so that one address is one person."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser):
    """A person who logs in. What they may do hangs on their Practitioner rows, one an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, blank=True, default="")
    is_active = models.BooleanField(default=True)
    pin_hash = models.CharField(max_length=128, blank=True, default="", editable=False)
    pin_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = Users()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
        ]

    def __str__(self):
        return self.email

    def set_pin(self, pin: str) -> None:
        """Store a 6-digit PIN as a hash."""
        self.pin_hash = make_password(pin)
        self.pin_failures = 0

    def check_pin(self, pin: str) -> bool:
        """Whether the PIN is right; False when none is set."""
        return bool(self.pin_hash) and check_password(pin, self.pin_hash)


class TenantModel(models.Model):
    """A row of one organisation. Its table is under row-level security (organisations/walls.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """All of the practitioner's own organisation."""
        return self.filter(organisation=practitioner.organisation_id)


class ServiceKind(models.TextChoices):
    ADULTS = "adults", _("Adults")
    CHILDREN = "children", _("Children and young people")


class Service(TenantModel):
    """A service (tilbud) that clients have their episodes in."""

    name = LabelField(_("name"), max_length=120)
    kind = models.CharField(_("for"), max_length=10, choices=ServiceKind, default=ServiceKind.ADULTS)
    municipality_code = models.CharField(
        _("municipality code"),
        max_length=4,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[0-9]{3,4}\Z", _("A municipality code has three or four digits."))],
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="service_name_once",
                violation_error_message=_("There is already a service with that name."),
            )
        ]

    def __str__(self):
        return self.name


class Team(TenantModel):
    """Practitioners who share their clients."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="teams", verbose_name=_("service"))
    name = LabelField(_("name"), max_length=120)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "service", "name"],
                name="team_name_once",
                violation_error_message=_("The service already has a team with that name."),
            )
        ]

    def __str__(self):
        return self.name


class Practitioner(TenantModel):
    """A user in one organisation; or somebody without a log-in (they may have left)."""

    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="practitioners")
    name = LabelField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True, default="")
    role = models.CharField(
        _("role"),
        max_length=20,
        default=Role.PRACTITIONER,
        choices=[
            (Role.PRACTITIONER.value, _("Practitioner")),
            (Role.TEAM_LEAD.value, _("Team lead")),
            (Role.ADMIN.value, _("Administrator")),
        ],
    )
    is_active = models.BooleanField(default=True)
    teams = models.ManyToManyField(Team, through="Membership", related_name="practitioners", blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                name="practitioner_once_per_organisation",
                violation_error_message=_("This person already works here."),
            ),
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=~models.Q(email=""),
                name="practitioner_email_once",
                violation_error_message=_("Somebody with that address already works here."),
            ),
        ]

    def __str__(self):
        return self.name

    def can(self, verb: Can) -> bool:
        """Whether this person may do `verb` at all; which rows is `visible_to`."""
        return self.is_active and may(self.role, verb)

    @property
    def initials(self) -> str:
        """Two letters for the round mark in the top bar."""
        words = self.name.split() or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


class Membership(TenantModel):
    """A practitioner in a team; a team lead leads the teams they are in."""

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "practitioner", "team"], name="member_once"),
        ]


class Outbox(models.Model):
    """Work that a committed transaction asked for. Global: ids and a task's name only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=80)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    object_id = models.UUIDField()
    request_id = models.CharField(max_length=36, blank=True, default="", db_default="")  # of whoever asked
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="outbox_open"),
        ]


class AccessEvent(TenantModel):
    """Who looked at or changed whose data, and when: a link of its organisation's chain (chain.py).

    The app's role may insert and read, never change.
    """

    practitioner = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20)  # the role at that moment, or "capability", "system"
    action = models.CharField(max_length=60)
    client_ids = ArrayField(models.UUIDField())
    purpose = models.CharField(max_length=120)
    # What the person typed: what was searched for, or their reason. It may name anybody.
    typed = models.CharField(max_length=200, blank=True, default="", db_default="")
    request_id = models.CharField(max_length=36)
    at = models.DateTimeField(default=timezone.now)
    seq = models.BigIntegerField(default=0)  # 1, 2, 3 ... in the organisation; 0 stands in no chain
    previous_hash = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64, default="")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "seq"], name="access_event_seq")]
        indexes = [
            GinIndex(fields=["client_ids"]),
            models.Index(fields=["organisation", "at"]),
        ]


class AccessHead(TenantModel):
    """The last link of an organisation's access log; whoever writes a row holds its lock until COMMIT."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="access_head_once")]
