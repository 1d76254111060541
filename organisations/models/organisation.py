"""Who works here: organisations, services, teams, users and practitioners."""

import datetime
import uuid
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.models.countries import Country, language_choices, validate_time_zone
from organisations.models.labels import LabelField

EMERGENCY_HOURS = (1, 24)  # shortest and longest


class SignOn(models.TextChoices):
    """Whether people log in by their organisation's identity provider."""

    OFF = "", "off"
    OFFERED = "offered", "offered"
    REQUIRED = "required", "required"


@data_classes(
    words="emergency_text privacy_contact",
    technical="id name slug country language time_zone uses_first_names form_speaks_numbers "
    "offers_closings mails_follow_ups sheet_photo_days requires_second_factor sign_on narrowed emergency_hours "
    "is_demo created_at",
)
@keep_history()
class Organisation(models.Model):
    """A tenant: a municipality or another body that runs services."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = LabelField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    country = models.CharField(_("country"), max_length=5, choices=Country, default=Country.DENMARK)
    language = models.CharField(_("language"), max_length=5, choices=language_choices, default="da")
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
    mails_follow_ups = models.BooleanField(
        _("clients may get the link to a follow-up by e-mail"), default=False, db_default=False
    )
    sheet_photo_days = models.PositiveSmallIntegerField(
        _("days for which pictures of confirmed sheets are kept"), default=0, db_default=0
    )
    requires_second_factor = models.BooleanField(default=False, editable=False)
    sign_on = models.CharField(
        max_length=8, choices=SignOn, blank=True, default=SignOn.OFF, db_default=SignOn.OFF, editable=False
    )
    # What the organisation has taken from a role (roles.narrowing_key): only less than the frame, whatever stands here.
    narrowed = ArrayField(models.CharField(max_length=60), default=list, db_default=[], editable=False)
    emergency_hours = models.PositiveSmallIntegerField(
        _("hours for which an emergency access lasts"), default=4, db_default=4
    )
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sheet_photo_days__lte=365), name="sheet_photos_for_a_year_at_most"
            ),
            models.CheckConstraint(
                condition=models.Q(emergency_hours__range=EMERGENCY_HOURS), name="emergency_access_for_a_day_at_most"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_suspended(self) -> bool:
        """Whether the operator has shut it for the time being: nobody enters, everything stays."""
        state = getattr(self, "state", None)  # none while nothing was ever decided
        return state is not None and state.suspended_at is not None

    def day_of(self, moment: datetime.datetime) -> datetime.date:
        """The local date of a moment where the organisation is."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()


class TenantModel(models.Model):
    """A row of one organisation. Its table is under row-level security (organisations/database/rls.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """All of the practitioner's own organisation."""
        return self.filter(organisation=practitioner.organisation_id)
