"""What is measured: sessions, ratings, the client's own words, alerts."""

from functools import reduce
from operator import or_

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Episode
from organisations.freshness import touch, touch_parent, updated_at
from organisations.models import Practitioner, TenantModel
from organisations.roles import Role
from sessions_app.drafts.models import RatingDraft  # noqa: F401
from sessions_app.groups.models import GroupMeeting, GroupMember  # noqa: F401
from sessions_app.held import HeldAnswer  # noqa: F401  (Django looks for models here)
from sessions_app.importing.models import SessionImport  # noqa: F401  (Django looks for models here)
from sessions_app.measures.instruments import FAMILY, WHO5
from sessions_app.oversight.models import LookAlarm, LookSample, SampledLook  # noqa: F401
from sessions_app.packs.models import Pack, PackLicence, PackReminder  # noqa: F401
from sessions_app.standards.models import MeasureValue, TrajectoryFit  # noqa: F401
from sessions_app.supervision.models import SupervisionRating, SupervisionShare  # noqa: F401


class OfClient(models.QuerySet):
    """Rows that hang on a client: seen by whoever may see the client's curves, never by an admin."""

    client_path = "client"

    def visible_to(self, practitioner):
        if practitioner.role == Role.ADMIN:
            return self.none()
        return self.filter(**{f"{self.client_path}__in": Client.objects.visible_to(practitioner)})


class SessionQuerySet(OfClient):
    def valid(self):
        """Without the voided."""
        return self.filter(voided_at=None)

    def oldest_first(self):
        return self.order_by("held_on", "started_at", "created_at")


class Attendance(models.TextChoices):
    ATTENDED = "attended", _("Attended")
    NO_SHOW = "no_show", _("Did not come")
    CANCELLED_CLIENT = "cancelled_client", _("Cancelled by the client")
    CANCELLED_SERVICE = "cancelled_service", _("Cancelled by the service")


class ContactForm(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("Video")
    PHONE = "phone", _("Phone")
    HOME = "home", _("Home visit")


class Skipped(models.TextChoices):
    NOT_DUE = "not_due", _("Not due this time")
    DECLINED = "declined", _("The client did not want to")
    NO_TIME = "no_time", _("There was no time")
    FORGOTTEN = "forgotten", _("It was forgotten")


class Session(TenantModel):
    """One meeting with a client. Order is (held_on, started_at, created_at); several a day are allowed."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="sessions")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="sessions")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="sessions")
    held_on = models.DateField(_("date"))
    time_zone = models.CharField(max_length=40)
    started_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = updated_at()
    contact_form = models.CharField(
        _("form of contact"), max_length=10, choices=ContactForm, default=ContactForm.IN_PERSON
    )
    attendance = models.CharField(_("attendance"), max_length=20, choices=Attendance, default=Attendance.ATTENDED)
    ors_skipped = models.CharField(_("no ORS because"), max_length=10, choices=Skipped, blank=True, default="")
    srs_skipped = models.CharField(_("no SRS because"), max_length=10, choices=Skipped, blank=True, default="")
    finished_at = models.DateTimeField(null=True, editable=False)  # the flow's last step was taken
    imported = models.BooleanField(default=False, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    void_reason = models.CharField(_("reason"), max_length=200, blank=True, default="", editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "episode", "held_on"]),
            models.Index(fields=["organisation", "client", "held_on"]),
            models.Index(fields=["organisation", "updated_at"]),
        ]
        triggers = [touch()]
        constraints = [
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="session_void_has_reason",
                violation_error_message=_("Say why the session does not count."),
            ),
        ]


UNSCORED = [instrument.key for instrument in FAMILY.values() if not instrument.scored]
A_MARK_FOR_EACH_LINE = reduce(
    or_,
    (
        Q(instrument__in=[one.key for one in FAMILY.values() if len(one.items) == count], marks__len=count)
        for count in sorted({len(instrument.items) for instrument in FAMILY.values()})
    ),
)


class EntryMode(models.TextChoices):
    DEVICE = "device", _("The client on a device")
    READ_ALOUD = "read_aloud", _("Read aloud")
    PAPER = "paper", _("On paper")
    IMPORTED = "imported", _("Imported")


class RatingQuerySet(OfClient):
    client_path = "session__client"

    def current(self):
        """The latest revision of each rating, of sessions that count."""
        return self.filter(superseded_by=None, session__voided_at=None)


class Rating(TenantModel):
    """The marks of one instrument by one rater at one session, in tenths; never overwritten.

    `marks` is empty where only a total is known (paper, import). `total` is empty for what has no score (the
    forms for children under 6: one mark, the number of the chosen face from 0). A correction is a new row, and
    the old one points to it: `superseded_by` is the only column that may ever change (trigger).
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="ratings")
    instrument = models.CharField(max_length=10)  # a key of measures.instruments
    rater = models.CharField(max_length=20, default="client")
    marks = ArrayField(models.PositiveSmallIntegerField(), size=5, null=True, blank=True)
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    entry_mode = models.CharField(max_length=10, choices=EntryMode)
    language = models.CharField(max_length=5, blank=True, default="")  # empty: nobody knows whose words (import)
    pack = models.CharField(max_length=64, blank=True, default="")  # "id@version"; empty for our own wording
    device_time = models.CharField(max_length=40, blank=True, default="")  # a claim; created_at is the record
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    late = models.BooleanField(default=False)  # came after the form's own time; never after 30 days
    updated_at = updated_at()
    submission_id = models.UUIDField()
    recorded_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    superseded_by = models.OneToOneField("self", models.PROTECT, null=True, related_name="supersedes")

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "session", "instrument", "rater"],
                condition=Q(superseded_by=None),
                nulls_distinct=False,
                name="rating_once",
                violation_error_message=_("This session already has that rating."),
            ),
            models.UniqueConstraint(fields=["organisation", "submission_id"], name="rating_submission_once"),
            models.CheckConstraint(condition=Q(total__gte=0, total__lte=400), name="rating_total_between_0_and_400"),
            models.CheckConstraint(condition=~Q(instrument=WHO5.key) | Q(total__lte=25), name="rating_who5_is_raw"),
            models.CheckConstraint(condition=Q(marks=None) | A_MARK_FOR_EACH_LINE, name="rating_a_mark_for_each_line"),
            models.CheckConstraint(
                condition=Q(instrument__in=UNSCORED, total=None, marks__isnull=False)
                | ~Q(instrument__in=UNSCORED) & Q(total__isnull=False),
                name="rating_total_where_scored",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "updated_at"])]
        triggers = [pgtrigger.ReadOnly(name="rating_stays", exclude=["superseded_by", "updated_at"]), touch()]


class ConflictingAnswer(TenantModel):
    """A second, different answer for a form that was answered already; the practitioner decides."""

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="conflicts")
    marks = ArrayField(models.PositiveSmallIntegerField(), size=5)
    language = models.CharField(max_length=5, default="", db_default="")  # as the rating's; empty: nobody knows
    pack = models.CharField(max_length=64, blank=True, default="", db_default="")
    submission_id = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    taken = models.BooleanField(default=False)  # this answer replaced the first one

    class ConflictQuerySet(OfClient):
        client_path = "rating__session__client"

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "rating", "marks"], name="conflicting_answer_once")
        ]
        triggers = [touch_parent("sessions_app_rating", "rating_id")]


class NoteKind(models.TextChoices):
    AFTER_ORS = "after_ors", _("After the ORS")
    AFTER_SRS = "after_srs", _("After the SRS")


class NoteQuerySet(OfClient):
    client_path = "session__client"


class Note(TenantModel):
    """The client's own words at a session, as said; never an interpretation."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=NoteKind)
    text = models.TextField(_("in the client's own words"), max_length=4000, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "session", "kind"], name="note_once"),
        ]
        indexes = [models.Index(fields=["organisation", "updated_at"])]
        triggers = [touch()]


class Level(models.TextChoices):
    INFO = "info", _("For information")
    AMBER = "amber", _("Talk about it")
    RED = "red", _("Act")


class AlertQuerySet(OfClient):
    client_path = "episode__client"

    def open(self):
        return self.filter(closed_on=None)


class Alert(TenantModel):
    """A rule's condition held at a session. The page's sentence is made in the request, never from this row."""

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="alerts")
    rule = models.CharField(max_length=4)
    level = models.CharField(max_length=6, choices=Level)
    numbers = models.JSONField(default=dict)
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="alerts_raised")
    raised_on = models.DateField()
    last_session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = updated_at()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    acknowledgement = models.CharField(_("note"), max_length=400, blank=True, default="")

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            # A rule without a session of its own (overdue: M1) is told apart by its date.
            models.UniqueConstraint(
                fields=["organisation", "episode", "rule", "session", "raised_on"],
                nulls_distinct=False,
                name="alert_once",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "updated_at"])]
        triggers = [touch()]


class Notice(TenantModel):
    """One alert told to one person by mail: at most once."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="notices")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class NoticeQuerySet(OfClient):
        client_path = "alert__episode__client"

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "alert", "practitioner"], name="notice_once")]
