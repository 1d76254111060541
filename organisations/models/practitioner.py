"""Who works here: organisations, services, teams, users and practitioners."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.models.countries import language_choices
from organisations.models.labels import LabelField
from organisations.models.organisation import OrganisationQuerySet, SignOn, TenantModel
from organisations.models.team import Team
from organisations.models.user import User
from organisations.roles import NARROWABLE, Can, Role, is_narrowed, may

DIGEST_HOURS = (5, 22)  # first and last


class PractitionerQuerySet(OrganisationQuerySet):
    def contacts(self):
        """Who can be a client's contact person; `Practitioner.can_be_contact` says it of one.

        Whose clients they see is another question: that is asked of each client.
        """
        roles = [role.value for role in Role if may(role, Can.VIEW_CLIENT)]
        return self.filter(is_active=True, user__is_active=True, role__in=roles)

    def present(self, today: date):
        """Without those who are away today; `Practitioner.is_away` says it of one."""
        return self.filter(Q(away_until=None) | Q(away_until__lt=today))

    def over(self, today: date):
        """Those whose access is over by then; `Practitioner.access_is_over` says it of one."""
        return self.filter(access_until__lt=today)

    def gone(self, today: date):
        """Those to whom nothing opens any more: deactivated, or past the last day of their access."""
        return self.filter(Q(is_active=False) | Q(access_until__lt=today))

    def away(self, today: date):
        """Those who are away today."""
        return self.filter(away_until__gte=today)


@data_classes(
    identity="id user name email",
    technical="organisation role is_active digest_hour away_until introduced_on access_from access_until "
    "is_emergency_admin invited_in leave_from leave_until",
)
@keep_history()
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
            (Role.CONSULTANT.value, _("External FIT consultant")),
        ],
    )
    is_active = models.BooleanField(default=True)
    # When the mail of the day comes. After the hours that a change of the clocks leaves out or has twice.
    digest_hour = models.PositiveSmallIntegerField(_("mail of the day"), default=7, db_default=7)
    # The last day on which somebody is ill or on leave; the other contact person is told of alerts meanwhile.
    away_until = models.DateField(_("away until"), null=True, blank=True)
    # First and last day of a leave that is still to come; on its first day the second becomes `away_until`.
    leave_from = models.DateField(null=True, editable=False)
    leave_until = models.DateField(null=True, editable=False)
    # The first day of somebody's access: an invitation is sent on it, and opens no earlier.
    access_from = models.DateField(_("access from"), null=True, blank=True)
    # The language of the invitation; "" is the organisation's. Once they are in, their own account says it.
    invited_in = models.CharField(
        _("language of the invitation"), max_length=5, choices=language_choices, blank=True, default="", db_default=""
    )
    # The last day of somebody's access; from the next one on nothing opens, whatever else the row says.
    access_until = models.DateField(_("access until"), null=True, blank=True)
    # When somebody was introduced to FIT, as their team lead notes it.
    introduced_on = models.DateField(_("introduced to FIT on"), null=True, blank=True)
    # Logs in by password where everybody else goes by the organisation's identity provider: for the day it is away.
    is_emergency_admin = models.BooleanField(default=False, db_default=False, editable=False)
    teams = models.ManyToManyField(Team, through="Membership", related_name="practitioners", blank=True)

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest_hour__range=DIGEST_HOURS), name="practitioner_digest_hour"
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.CONSULTANT) | models.Q(access_until__isnull=False),
                name="consultant_access_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(leave_from=None, leave_until=None)
                | models.Q(leave_from__isnull=False, leave_until__gte=models.F("leave_from")),
                name="practitioner_leave_has_two_days",
            ),
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
        """Whether this person may do `verb` at all: by the frame, less what the organisation has taken from the role.

        The one place that asks. Which rows is `visible_to`.
        """
        if not (self.is_active and may(self.role, verb)):
            return False
        return verb not in NARROWABLE or not is_narrowed(self.role, verb, self.organisation.narrowed)

    def opens_by(self, signed_on: str) -> bool:
        """Whether a log-in opens this place of work; `signed_on`: whose provider it was by, "" for none.

        A provider opens its own organisation and no other, and only while it is on; a password or a passkey opens any
        that does not ask everybody to come by its provider.
        """
        if signed_on:
            return signed_on == str(self.organisation_id) and self.organisation.sign_on != SignOn.OFF
        return self.organisation.sign_on != SignOn.REQUIRED or self.is_emergency_admin

    @property
    def can_be_contact(self) -> bool:
        """Whether clients can have this contact person: somebody who logs in, never an administrator or a program."""
        return self.can(Can.VIEW_CLIENT) and self.user is not None and self.user.is_active

    def access_is_over(self, today: date) -> bool:
        """Whether the last day of this person's access is past."""
        return self.access_until is not None and self.access_until < today

    def access_begins_later(self, today: date) -> bool:
        """Whether the first day of this person's access is still to come."""
        return self.access_from is not None and self.access_from > today

    def is_away(self, today: date) -> bool:
        """Whether this person is away on that day."""
        return self.away_until is not None and self.away_until >= today

    @property
    def initials(self) -> str:
        """Two letters for the round mark in the top bar."""
        words = self.name.split() or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@data_classes(identity="practitioner", technical="id organisation team is_fit_resource")
@keep_history(found_by=("practitioner",))
class Membership(TenantModel):
    """A practitioner in a team, which a team lead leads and whose questions a FIT resource person answers."""

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    is_fit_resource = models.BooleanField(_("FIT resource person"), default=False, db_default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "practitioner", "team"], name="member_once"),
        ]
