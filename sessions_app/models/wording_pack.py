"""Imported wording, its licences, and who was reminded. Rows stay: ratings refer to them."""

import datetime

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history, without_history
from organisations.models import LabelField, OrganisationQuerySet, Practitioner, TenantModel


@data_classes(
    identity="imported_by withdrawn_by",
    technical="id organisation pack version instrument language content imported_at withdrawn_at",
)
@keep_history(without=("content",))  # as it stood in the file: it never changes, and is long
class Pack(TenantModel):
    """One version of one instrument's wording in one language, as it stood in the file."""

    pack = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    instrument = models.CharField(max_length=10)
    language = models.CharField(max_length=3)
    content = models.JSONField()
    imported_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "pack", "version"], name="pack_version_once"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by=None)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="pack_withdrawn_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.pack}@{self.version}"


class PackLicenceQuerySet(OrganisationQuerySet):
    def in_use(self):
        """Confirmed, of packs that are not withdrawn; expired ones too."""
        return self.filter(confirmed_at__isnull=False, pack__withdrawn_at=None)


@data_classes(
    identity="holder recorded_by confirmed_by",
    words="scope document",
    technical="id organisation pack number valid_until seats recorded_at confirmed_at",
)
@keep_history()
class PackLicence(TenantModel):
    """A right to show a pack. A renewal is a new row; nothing is shown before somebody confirms it."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="licences")
    holder = LabelField(_("licence holder"), max_length=120, help_text=_("In whose name the licence was granted."))
    number = models.CharField(_("licence number"), max_length=60)
    scope = models.CharField(
        _("scope"), max_length=200, help_text=_("For example electronic use by all practitioners of the service.")
    )
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day. Empty if the licence has no end.")
    )
    seats = models.PositiveIntegerField(
        _("seats"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many people may use it. Empty if the licence says nothing about it."),
    )
    document = models.CharField(
        _("document"), max_length=200, help_text=_("The name of the signed document and where it is kept.")
    )
    recorded_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    objects = PackLicenceQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, confirmed_by=None)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="pack_licence_confirmed_by_somebody",
            ),
        ]

    def __str__(self):
        return self.number

    def covers(self, day: datetime.date) -> bool:
        """Whether a confirmed licence holds on a day of the organisation."""
        return self.confirmed_at is not None and (self.valid_until is None or self.valid_until >= day)


@data_classes(identity="practitioner", technical="id organisation licence days sent_at")
@without_history("written once, when a mail went out")
class PackReminder(TenantModel):
    """One person told, one number of days before the end of one licence: at most once."""

    licence = models.ForeignKey(PackLicence, models.PROTECT, related_name="reminders")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "licence", "practitioner", "days"], name="pack_reminder_once"
            )
        ]
