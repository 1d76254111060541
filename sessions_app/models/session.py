"""What is measured: sessions, ratings, the client's own words, alerts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Episode
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.history.updated_at import touch, updated_at
from organisations.models import Practitioner, TenantModel
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME
from sessions_app.models.visibility import OfClient


class SessionQuerySet(OfClient):
    def valid(self):
        """Without the voided."""
        return self.filter(voided_at=None)

    def oldest_first(self):
        return self.order_by("held_on", "started_at", "created_at")


class Attendance(models.TextChoices):
    ATTENDED = "attended", _("Attended")
    EXPECTED = "expected", _("Not here yet")  # of a group: counts as neither, until somebody says so or answers
    NO_SHOW = "no_show", _("Did not come")
    CANCELLED_CLIENT = "cancelled_client", _("Cancelled by the client")
    CANCELLED_SERVICE = "cancelled_service", _("Cancelled by the service")


SAID_ATTENDANCES = [choice for choice in Attendance.choices if choice[0] != Attendance.EXPECTED]
"""What somebody can say of a session that was held or not."""


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


# The column that says why a session has no form of a part.
SKIPPED_COLUMNS = {OUTCOME: "outcome_skipped", ALLIANCE: "alliance_skipped"}


@data_classes(
    identity="client practitioner voided_by",
    words="void_reason",
    score="held_on started_at contact_form attendance outcome_skipped alliance_skipped finished_at agreed_on agreed_at "
    "replaced_on replaced_at",
    technical="id organisation episode time_zone created_at updated_at imported voided_at",
)
@keep_history(without=("updated_at",))  # the history has its own moment
@never_deleted
@named_in_routes("session_id")
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
    outcome_skipped = models.CharField(_("no ORS because"), max_length=10, choices=Skipped, blank=True, default="")
    alliance_skipped = models.CharField(_("no SRS because"), max_length=10, choices=Skipped, blank=True, default="")
    finished_at = models.DateTimeField(null=True, editable=False)  # the flow's last step was taken
    # What finishing agreed for the next time, and the client's appointment whose place it took.
    agreed_on = models.DateField(null=True, editable=False)
    agreed_at = models.TimeField(null=True, editable=False)
    replaced_on = models.DateField(null=True, editable=False)
    replaced_at = models.TimeField(null=True, editable=False)
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
