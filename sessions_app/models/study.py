"""Studies: what is asked, its arms, who was assessed and enrolled, and to which arm lots were drawn for whom."""

import secrets
from enum import StrEnum

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import WHO5_RHYTHMS, Client, Consent, Episode
from organisations.audit.route_arguments import named_in_routes
from organisations.history.belonging import belongs_by
from organisations.history.privacy import data_classes
from organisations.history.row_rights import append_only, never_deleted
from organisations.history.tracking import keep_history, without_history
from organisations.history.updated_at import touch, updated_at
from organisations.models import LabelField, Practitioner, TenantModel
from organisations.roles import Can
from sessions_app.models.visibility import OfClient

SECRET_BYTES = 32
HIGHEST_WEIGHT = 5


def make_secret() -> str:
    """64 hexadecimal signs (256 bits) that nobody can guess."""
    return secrets.token_hex(SECRET_BYTES)


class StudyUnit(models.TextChoices):
    """For whom lots are drawn."""

    CLIENTS = "clients", _("Clients, one by one")
    PRACTITIONERS = "practitioners", _("Practitioners, with their clients")


class StudyStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class StudyQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Whoever makes studies sees all of them; others who read of them those that have been opened."""
        own = self.filter(organisation=practitioner.organisation_id)
        if practitioner.can(Can.MANAGE_STUDIES):
            return own
        return own.exclude(opened_at=None) if practitioner.can(Can.READ_STUDIES) else self.none()

    def open(self):
        """Those that have been opened and are not closed."""
        return self.filter(opened_at__isnull=False, closed_at=None)

    def newest_first(self):
        return self.order_by("-created_at", "pk")


@data_classes(
    identity="approver created_by opened_by closed_by",
    words="purpose criteria protocol",
    technical="id organisation name approval_reference starts_on ends_on unit who5_weeks is_blinded by_service "
    "by_age by_intake opened_at closed_at created_at updated_at",
)
@keep_history(without=("updated_at",))
@never_deleted
class Study(TenantModel):
    """One study of this organisation. From the day it is opened its protocol stands; what changes is an amendment."""

    name = LabelField(_("name"), max_length=120)
    purpose = models.TextField(_("purpose"), max_length=1000)
    criteria = models.TextField(_("who can take part"), max_length=1000)
    protocol = models.TextField(_("protocol"), max_length=10_000)
    approver = LabelField(_("approved by"), max_length=120)
    approval_reference = LabelField(_("number of the approval"), max_length=60)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    unit = models.CharField(_("lots are drawn for"), max_length=13, choices=StudyUnit, default=StudyUnit.CLIENTS)
    who5_weeks = models.PositiveSmallIntegerField(
        _("WHO-5 is asked for"), choices=[row for row in WHO5_RHYTHMS if row[0]], default=4, db_default=4
    )
    is_blinded = models.BooleanField(_("arms are blinded"), default=False)
    # What the lots are drawn within.
    by_service = models.BooleanField(_("service"), default=False)
    by_age = models.BooleanField(_("age group"), default=False)
    by_intake = models.BooleanField(_("first score above or below the cut-off"), default=False)
    created_by = models.ForeignKey(Practitioner, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    closed_at = models.DateTimeField(null=True, editable=False)
    updated_at = updated_at()

    objects = StudyQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="study_name_once",
                violation_error_message=_("There is already a study with that name."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="study_ends_after_start",
                violation_error_message=_("The study cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(opened_at__isnull=False), name="study_closed_after_opening"
            ),
            models.CheckConstraint(
                condition=Q(unit=StudyUnit.CLIENTS) | Q(by_age=False, by_intake=False),
                name="study_strata_of_practitioners",
                violation_error_message=_("Where lots are drawn for practitioners, only the service can part them."),
            ),
        ]
        triggers = [touch()]

    def __str__(self):
        return self.name

    @property
    def status(self) -> str:
        """A StudyStatus."""
        if self.closed_at is not None:
            return StudyStatus.CLOSED
        return StudyStatus.DRAFT if self.opened_at is None else StudyStatus.OPEN

    @property
    def hides_arms(self) -> bool:
        """Whether pages call the arms by their letters."""
        return self.is_blinded and self.closed_at is None


@data_classes(technical="id organisation study seed id_secret")
@without_history("neither is ever changed, and a copy of a secret is one place more to lose it from")
@append_only
class StudySecrets(TenantModel):
    """What nobody is shown: `seed` of the lots (until the study is closed), and `id_secret` of the ids in its exports.

    In a table of its own, so that no page, API or file that reads a study has them in hand.
    """

    study = models.OneToOneField(Study, models.PROTECT, related_name="secrets")
    seed = models.CharField(max_length=2 * SECRET_BYTES, default=make_secret)
    id_secret = models.CharField(max_length=2 * SECRET_BYTES, default=make_secret)

    class Meta:
        app_label = "sessions_app"


class ArmForms(models.TextChoices):
    """Which forms the clients of an arm are asked for."""

    ALL = "all", _("All forms: ORS, SRS and WHO-5")
    WHO5 = "who5", _("WHO-5 only")


@data_classes(technical="id organisation study name place sees_feedback forms weight letter")
@keep_history()
class StudyArm(TenantModel):
    """One arm of a study. `letter` is drawn when the study is opened: what blinded pages call the arm."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="arms")
    name = LabelField(_("name"), max_length=60)
    place = models.PositiveSmallIntegerField(editable=False)
    sees_feedback = models.BooleanField(_("sees feedback"), default=True)
    forms = models.CharField(_("forms"), max_length=5, choices=ArmForms, default=ArmForms.ALL)
    weight = models.PositiveSmallIntegerField(
        _("share"), default=1, validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_WEIGHT)]
    )
    letter = models.CharField(max_length=1, blank=True, default="", editable=False)

    class Meta:
        app_label = "sessions_app"
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "study", "name"],
                name="study_arm_name_once",
                violation_error_message=_("The study already has an arm with that name."),
            ),
            models.UniqueConstraint(fields=["organisation", "study", "place"], name="study_arm_place_once"),
            models.CheckConstraint(condition=Q(weight__range=(1, HIGHEST_WEIGHT)), name="study_arm_weight"),
            models.CheckConstraint(
                condition=Q(sees_feedback=True) | Q(forms=ArmForms.WHO5), name="study_arm_unseen_is_who5_only"
            ),
        ]


@data_classes(identity="made_by", words="text", technical="id organisation study approval_reference made_at")
@keep_history()
@append_only
class StudyAmendment(TenantModel):
    """What was changed in the protocol of an open study, on which day, and by whose leave."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="amendments")
    text = models.TextField(_("what is changed, and why"), max_length=4000)
    approval_reference = LabelField(_("number of the approval"), max_length=60, blank=True, default="")
    made_by = models.ForeignKey(Practitioner, models.PROTECT, editable=False, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        app_label = "sessions_app"
        ordering = ["made_at"]


@data_classes(
    identity="client practitioner allocated_by",
    technical="id organisation study stratum place arm allocated_at",
)
@keep_history()
@append_only
@belongs_by("client")
class StudyAllocation(TenantModel):
    """To which arm lots put a client or a practitioner: number `place` (from 0) of the sequence of `stratum`."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="allocations")
    stratum = models.CharField(max_length=120, blank=True, default="")
    place = models.PositiveIntegerField()
    arm = models.ForeignKey(StudyArm, models.PROTECT, related_name="allocations")
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="study_allocations")
    allocated_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    allocated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "study", "stratum", "place"], name="study_place_once"),
            models.UniqueConstraint(fields=["organisation", "study", "client"], name="study_client_allocated_once"),
            models.UniqueConstraint(
                fields=["organisation", "study", "practitioner"], name="study_practitioner_allocated_once"
            ),
            models.CheckConstraint(
                condition=Q(client=None, practitioner__isnull=False) | Q(client__isnull=False, practitioner=None),
                name="study_allocation_of_one",
            ),
        ]


class Exclusion(models.TextChoices):
    """Why somebody who was assessed is not in the study."""

    CRITERIA = "criteria", _("Does not meet the criteria")
    DECLINED = "declined", _("Does not want to take part")
    OTHER = "other", _("Other reasons")


class LeftReason(models.TextChoices):
    """Why somebody is out of the study."""

    CONSENT = "consent", _("Took the consent back")
    ENDED = "ended", _("The help ended")
    MOVED = "moved", _("Moved away")
    UNREACHABLE = "unreachable", _("Could not be reached")
    DIED = "died", _("Died")
    OTHER = "other", _("Other reasons")


class StudyParticipantQuerySet(OfClient):
    def enrolled(self):
        """Those who were enrolled, whatever came after."""
        return self.filter(enrolled_at__isnull=False)

    def in_data(self):
        """Those whose answers are data of the study: enrolled, and the consent was not taken back."""
        return self.enrolled().exclude(left_reason=LeftReason.CONSENT)

    def taking_part(self):
        """Those who are in an open study now."""
        return self.enrolled().filter(left_at=None, study__closed_at=None)


@data_classes(
    identity="client practitioner assessed_by",
    score="exclusion left_reason",
    technical="id organisation study episode consent allocation assessed_at enrolled_at left_at",
)
@keep_history()
@never_deleted
@named_in_routes("study_participant_id")
class StudyParticipant(TenantModel):
    """Somebody who was assessed for a study; with `enrolled_at` and an `allocation`, one who takes or took part.

    `practitioner` is the contact person when they were enrolled: the cluster that they are analysed in.
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="participants")
    client = models.ForeignKey(Client, models.PROTECT, related_name="study_participations")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    assessed_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(default=timezone.now)
    exclusion = models.CharField(_("why not"), max_length=10, choices=Exclusion, blank=True, default="")
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="+")
    allocation = models.ForeignKey(StudyAllocation, models.PROTECT, null=True, related_name="participants")
    enrolled_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    left_reason = models.CharField(_("why"), max_length=12, choices=LeftReason, blank=True, default="")

    objects = StudyParticipantQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "study", "client"], name="study_participant_once"),
            models.CheckConstraint(
                condition=Q(enrolled_at=None, allocation=None, consent=None)
                | Q(enrolled_at__isnull=False, allocation__isnull=False, consent__isnull=False, exclusion=""),
                name="study_enrolled_with_consent",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, left_reason="")
                | (Q(left_at__isnull=False, enrolled_at__isnull=False) & ~Q(left_reason="")),
                name="study_left_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "client"])]
