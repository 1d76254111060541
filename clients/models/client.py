"""Who is helped: clients and their episodes."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from clients.models.client_block import ClientBlock
from clients.models.form_languages import language_name, validate_form_language
from clients.models.national_ids import national_id_kind
from clients.models.sealed_text import SealedCharField
from clients.models.sorting import sort_key
from organisations.audit.route_arguments import named_in_routes
from organisations.history.belonging import belongs_by
from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.history.updated_at import touch, touch_parent, updated_at
from organisations.models import LabelField, NormalFormField, Practitioner, Team, TenantModel, normal_form
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

        An admin sees all, but Can gives an admin only the list of references and teams. A consultant sees none: what is
        opened to them are cases without identities (`OpenedCase`). Who is blocked for others is seen by those who are
        named, and by nobody else (`ClientBlock`).
        """
        mine = self.filter(organisation=practitioner.organisation_id, merged_into=None)
        if not practitioner.is_active:
            return mine.none()
        if practitioner.role == Role.CONSULTANT:
            return mine.none()
        mine = mine.exclude(pk__in=ClientBlock.objects.shutting_out(practitioner).values("client"))
        if practitioner.role == Role.ADMIN:
            return mine
        return mine.in_teams_of(practitioner)

    def in_teams_of(self, practitioner):
        """Those of the person's teams, blocked or not: who becomes a contact person sees the client from then on."""
        teams = practitioner.memberships.values("team")
        mine = self.filter(organisation=practitioner.organisation_id, merged_into=None)
        return mine.filter(pk__in=ClientTeam.objects.filter(team__in=teams).values("client"))

    def blocked(self):
        """Those who are blocked for others than whoever is named."""
        return self.filter(pk__in=ClientBlock.objects.standing().values("client"))

    def merged_visible_to(self, practitioner):
        """The emptied records of clients that a person may see: they lead to those, and stand in no list."""
        return self.filter(merged_into__in=Client.objects.visible_to(practitioner))

    def named(self, reference: str):
        """Those with that reference, however it is spelled: one, save for twins from before spellings were compared.

        A record that was merged into another one is found with that one.
        """
        emptied = Client.objects.filter(reference_key=normal_form(reference)).exclude(merged_into=None)
        return self.filter(Q(reference_key=normal_form(reference)) | Q(pk__in=emptied.values("merged_into")))

    def current(self):
        """Without the archived."""
        return self.filter(archived_at=None)

    def alphabetical(self):
        return self.order_by("sort_key", "reference")


@data_classes(
    identity="id reference first_name birth_year birth_month contact second_contact next_contact contact_since "
    "returns_to reference_key sort_key merged_into planned_contact planned_for",
    words="contact_note planned_note",
    score="next_on next_at",
    technical="organisation form_language outcome_rhythm alliance_rhythm who5_weeks is_practice "
    "practice_partner feedback_withheld is_protected archived_at twin created_at updated_at",
)
# Worked out from the rest, which study arms have a history of their own for; and what a simulation does, of nobody.
@keep_history(without=("reference_key", "twin", "sort_key", "updated_at", "practice_partner", "feedback_withheld"))
@belongs_by("merged_into")
@named_in_routes("client_id")
class Client(TenantModel):
    """A client (borger), under a pseudonymous reference."""

    reference = LabelField(_("reference"), max_length=60, validators=[refuse_national_id])
    first_name = LabelField(
        _("first name or label"), max_length=60, blank=True, default="", validators=[refuse_national_id]
    )
    # Only where the year leaves open which forms fit: a child's, or an adolescent's
    birth_month = models.PositiveSmallIntegerField(
        _("month of birth"), null=True, blank=True, choices=[(number, name) for number, name in MONTHS.items()]
    )
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    form_language = models.CharField(_("language of the forms"), max_length=5, validators=[validate_form_language])
    teams = models.ManyToManyField(Team, through="ClientTeam", related_name="clients", blank=True)
    labels: models.ManyToManyField = models.ManyToManyField(
        "ClientLabel", through="LabelledClient", related_name="clients", blank=True, verbose_name=_("labels")
    )
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
    # Of the last hand-over of a caseload; empty once somebody else was chosen since.
    contact_since = models.DateField(null=True, editable=False)
    contact_note = SealedCharField(words_of="pk", max_length=400, blank=True, default="", db_default="", editable=False)
    # Whoever is on leave while the contact person stands in for them; empty once somebody else was chosen.
    returns_to = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    # Who takes over when the leave of `planned_for` begins, or their access ends; empty where nothing is planned.
    planned_contact = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    planned_for = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    planned_note = SealedCharField(words_of="pk", max_length=400, blank=True, default="", db_default="", editable=False)
    outcome_rhythm = models.PositiveSmallIntegerField(_("ORS"), choices=RHYTHMS, default=EVERY_SESSION)
    alliance_rhythm = models.PositiveSmallIntegerField(_("SRS"), choices=RHYTHMS, default=EVERY_SESSION)
    who5_weeks = models.PositiveSmallIntegerField(
        _("Well-being over two weeks"),
        choices=WHO5_RHYTHMS,
        null=True,
        blank=True,
        help_text=_("Empty: as your organisation does it."),
    )
    next_on = models.DateField(_("next appointment"), null=True, blank=True)
    next_at = models.TimeField(_("time"), null=True, blank=True)
    # One of the two contact persons; empty where there is only one, or nothing is agreed between them.
    next_contact = models.ForeignKey(
        Practitioner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="next_contact_of",
        verbose_name=_("takes the next session"),
    )
    is_practice = models.BooleanField(_("practice client, counts nowhere"), default=False)
    # How the simulated partner of a practice client answers, as it was chosen last; "" is drawn by the client's key.
    practice_partner = models.CharField(max_length=10, blank=True, default="", db_default="", editable=False)
    # In the arm of a running study that sees no feedback (sessions_app.services.study_answers): only periodic forms are
    # asked for, and what is answered is kept apart from the ratings until then.
    feedback_withheld = models.BooleanField(default=False, db_default=False, editable=False)
    # Nobody may learn from FIT where the client is (clients/services/protection.py).
    is_protected = models.BooleanField(default=False, db_default=False, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    # The record that this one was merged into: what hung on this one hangs there, only its references lead on.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged")
    # Three times the reference's length: a few letters get longer without their case.
    reference_key = NormalFormField(of="reference", max_length=180, editable=False, default="", db_default="")
    # Above 0 where another client had the same reference in another spelling before spellings were compared.
    twin = models.PositiveSmallIntegerField(editable=False, default=0, db_default=0)
    sort_key = models.CharField(max_length=400, editable=False, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = updated_at()

    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference_key", "twin"],
                condition=~Q(reference_key=""),  # a version from before the column writes rows without it
                name="client_reference_key_once",
                violation_error_message=_("There is already a client with that reference."),
            ),
            models.CheckConstraint(
                condition=Q(second_contact=None) | ~Q(second_contact=models.F("contact")),
                name="client_two_different_contacts",
                violation_error_message=_("Choose two different contact persons."),
            ),
            models.CheckConstraint(
                condition=Q(next_contact=None)
                | Q(next_contact=models.F("contact"))
                | Q(next_contact=models.F("second_contact")),
                name="client_next_contact_of_the_pair",
                violation_error_message=_("Choose one of the two contact persons for the next session."),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "sort_key"]),
            models.Index(fields=["organisation", "updated_at"]),
        ]
        triggers = [touch()]

    def __str__(self):
        return self.first_name or self.reference

    def age_on(self, day: date) -> int | None:
        """The age on a day as far as it is known: by the month of birth, else by the year alone; None without a year.

        The whole month of birth counts as after the birthday.
        """
        if self.birth_year is None:
            return None
        before = self.birth_month is not None and day.month < self.birth_month
        return max(0, day.year - self.birth_year - before)

    @property
    def form_language_name(self) -> str:
        """What the language of the forms is called."""
        return language_name(self.form_language)

    def save(self, **kwargs):
        self.sort_key = sort_key(f"{self.first_name or self.reference} {self.reference}", self.organisation.language)
        changed = kwargs.get("update_fields")
        if changed is not None and "reference" in changed:
            kwargs["update_fields"] = [*changed, "reference_key", "twin"]
        super().save(**kwargs)


@data_classes(identity="client", technical="id organisation team")
@keep_history(found_by=("client",))
class ClientTeam(TenantModel):
    """A client is helped by a team; all of the team see them."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="client_teams")
    team = models.ForeignKey(Team, models.PROTECT, related_name="client_teams")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "client", "team"], name="client_team_once"),
        ]
        triggers = [touch_parent("clients_client", "client_id")]
