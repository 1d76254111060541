"""Who is helped: clients and their episodes."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.form_languages import language_name, validate_form_language
from clients.national_ids import national_id_kind
from clients.relations import Relation, rater_name
from clients.sorting import sort_key
from organisations.freshness import touch, touch_parent, updated_at
from organisations.labels import LabelField
from organisations.models import Practitioner, Service, Team, TenantModel
from organisations.roles import Role

EVERY_SESSION = 0
RHYTHMS = [
    (EVERY_SESSION, _("Every session")),
    (7, _("Every week")),
    (14, _("Every 14 days")),
    (30, _("Every month")),
    (60, _("Every other month")),
    (90, _("Every third month")),
]

WHO5_RHYTHMS = [
    (0, _("Not asked for")),
    (4, _("Every 4 weeks")),
    (8, _("Every 8 weeks")),
    (12, _("Every 12 weeks")),
    (26, _("Every half year")),
]


def refuse_national_id(text: str) -> None:
    """Refuse what looks like a person's national number; the key to it belongs in the record system."""
    if national_id_kind(text):
        raise ValidationError(
            _("This looks like a national identity number. Use a reference of your own instead."),
            code="national_id",
        )


class ClientQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """The one place that says whose clients a person may see.

        An admin sees all, but Can gives an admin only the list of references and teams.
        """
        mine = self.filter(organisation=practitioner.organisation_id)
        if not practitioner.is_active:
            return mine.none()
        if practitioner.role == Role.ADMIN:
            return mine
        teams = practitioner.memberships.values("team")
        return mine.filter(pk__in=ClientTeam.objects.filter(team__in=teams).values("client"))

    def current(self):
        """Without the archived."""
        return self.filter(archived_at=None)

    def alphabetical(self):
        return self.order_by("sort_key", "reference")


class Client(TenantModel):
    """A client (borger), under a pseudonymous reference."""

    reference = LabelField(_("reference"), max_length=60, validators=[refuse_national_id])
    first_name = LabelField(
        _("first name or label"), max_length=60, blank=True, default="", validators=[refuse_national_id]
    )
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    form_language = models.CharField(_("language of the forms"), max_length=5, validators=[validate_form_language])
    teams = models.ManyToManyField(Team, through="ClientTeam", related_name="clients", blank=True)
    contact = models.ForeignKey(
        Practitioner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contact_of",
        verbose_name=_("contact person"),
    )
    second_contact = models.ForeignKey(
        Practitioner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="second_contact_of",
        verbose_name=_("second contact person"),
    )
    ors_rhythm = models.PositiveSmallIntegerField(_("ORS"), choices=RHYTHMS, default=EVERY_SESSION)
    srs_rhythm = models.PositiveSmallIntegerField(_("SRS"), choices=RHYTHMS, default=EVERY_SESSION)
    who5_weeks = models.PositiveSmallIntegerField(
        _("WHO-5"), choices=WHO5_RHYTHMS, null=True, blank=True, help_text=_("Empty: as your organisation does it.")
    )
    next_on = models.DateField(_("next appointment"), null=True, blank=True)
    next_at = models.TimeField(_("time"), null=True, blank=True)
    is_practice = models.BooleanField(_("practice client, counts nowhere"), default=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    sort_key = models.CharField(max_length=400, editable=False, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = updated_at()

    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference"],
                name="client_reference_once",
                violation_error_message=_("There is already a client with that reference."),
            ),
            models.CheckConstraint(
                condition=Q(second_contact=None) | ~Q(second_contact=models.F("contact")),
                name="client_two_different_contacts",
                violation_error_message=_("Choose two different contact persons."),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "sort_key"]),
            models.Index(fields=["organisation", "updated_at"]),
        ]
        triggers = [touch()]

    def __str__(self):
        return self.first_name or self.reference

    @property
    def form_language_name(self) -> str:
        """What the language of the forms is called."""
        return language_name(self.form_language)

    def save(self, **kwargs):
        self.sort_key = sort_key(f"{self.first_name or self.reference} {self.reference}", self.organisation.language)
        super().save(**kwargs)


class ClientTeam(TenantModel):
    """A client is helped by a team; all of the team see them."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="client_teams")
    team = models.ForeignKey(Team, models.PROTECT, related_name="client_teams")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "client", "team"], name="client_team_once"),
        ]
        triggers = [touch_parent("clients_client", "client_id")]


class RaterQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those of the clients that a person may see; an admin sees none."""
        if practitioner.role == Role.ADMIN:
            return self.none()
        return self.filter(client__in=Client.objects.visible_to(practitioner))

    def active(self):
        """Who is asked at a session, in the order in which they came."""
        return self.filter(is_active=True).order_by("created_at", "key")


class Rater(TenantModel):
    """Somebody else who rates how the client is, with a series of their own.

    `key` is what ratings name: the relation, with a number from the second on ("teacher-2"); no other person
    of the client ever gets it.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="raters")
    key = models.CharField(max_length=20, editable=False)
    relation = models.CharField(_("who"), max_length=12, choices=Relation)
    label = models.CharField(
        _("called"),
        max_length=40,
        blank=True,
        default="",
        validators=[refuse_national_id],
        help_text=_("For example grandmother. It stands on the form."),
    )
    is_active = models.BooleanField(default=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RaterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "client", "key"], name="rater_key_once"),
        ]

    def __str__(self):
        return self.label or rater_name(self.key)


class Ending(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNPLANNED = "unplanned", _("Unplanned")
    REFERRED = "referred", _("Referred on")
    MOVED = "moved", _("Moved away")
    DIED = "died", _("Died")
    OTHER = "other", _("Other")


class EpisodeQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Episodes carry measurements: never an admin's."""
        if practitioner.role == Role.ADMIN:
            return self.none()
        return self.filter(client__in=Client.objects.visible_to(practitioner))

    def open(self):
        return self.filter(ended_on=None)

    def newest_first(self):
        return self.order_by(models.F("ended_on").desc(nulls_first=True), "-started_on", "-created_at")


class Episode(TenantModel):
    """A course of help (forløb) of one client in one service, with a summary of its own measurements.

    The summary is recomputed from the episode's few rows in the transaction of each change, under a lock of
    the episode's row (sessions_app.services.summary). Totals are in tenths of a point.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="episodes")
    service = models.ForeignKey(Service, models.PROTECT, related_name="episodes", verbose_name=_("service"))
    label = LabelField(_("label"), max_length=60, blank=True, default="")
    started_on = models.DateField(_("start"))
    ended_on = models.DateField(_("end"), null=True, blank=True)
    ending = models.CharField(_("ending"), max_length=10, choices=Ending, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = updated_at()

    # [day, age band] of each series that began later, with the forms of an older age (sessions_app.versions)
    new_series = models.JSONField(default=list, blank=True, editable=False)

    # Summary
    age_at_intake = models.PositiveSmallIntegerField(null=True, editable=False)
    sessions_count = models.PositiveIntegerField(default=0, editable=False)
    ors_count = models.PositiveIntegerField(default=0, editable=False)
    ors_first = models.PositiveSmallIntegerField(null=True, editable=False)
    ors_last = models.PositiveSmallIntegerField(null=True, editable=False)
    ors_best = models.PositiveSmallIntegerField(null=True, editable=False)
    ors_last_on = models.DateField(null=True, editable=False)
    srs_count = models.PositiveIntegerField(default=0, editable=False)
    srs_first = models.PositiveSmallIntegerField(null=True, editable=False)
    srs_last = models.PositiveSmallIntegerField(null=True, editable=False)
    srs_last_on = models.DateField(null=True, editable=False)
    last_session_on = models.DateField(null=True, editable=False)

    # What the latest marks ask for (measures.verdict_keys.Tone); "" from a change on until a job has worked it out.
    tone = models.CharField(max_length=5, blank=True, default="", db_default="", editable=False)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "client", "service"],
                condition=Q(ended_on=None),
                name="episode_one_open",
                violation_error_message=_("The client already has an open episode in this service."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ending="") | (Q(ended_on__isnull=False) & ~Q(ending="")),
                name="episode_end_with_ending",
                violation_error_message=_("An end needs its way of ending, and the other way round."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("started_on")),
                name="episode_ends_after_start",
                violation_error_message=_("An episode cannot end before it starts."),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "client"]),
            models.Index(fields=["organisation", "updated_at"]),
            models.Index(fields=["organisation"], condition=Q(tone="", ended_on=None), name="episode_without_tone"),
        ]
        triggers = [touch()]

    def __str__(self):
        return self.label or str(self.service)
