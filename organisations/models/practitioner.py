"""Who works here: organisations, services, teams, users and practitioners."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.models.labels import LabelField
from organisations.models.organisation import OrganisationQuerySet, TenantModel
from organisations.models.team import Team
from organisations.models.user import User
from organisations.roles import Can, Role, may

DIGEST_HOURS = (5, 22)  # first and last


class PractitionerQuerySet(OrganisationQuerySet):
    def contacts(self):
        """Who can be a client's contact person; `Practitioner.can_be_contact` says it of one.

        Whose clients they see is another question: that is asked of each client.
        """
        roles = [role.value for role in Role if may(role, Can.VIEW_CLIENT)]
        return self.filter(is_active=True, user__is_active=True, role__in=roles)


@data_classes(identity="id user name email", technical="organisation role is_active digest_hour")
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
        ],
    )
    is_active = models.BooleanField(default=True)
    # When the mail of the day comes. After the hours that a change of the clocks leaves out or has twice.
    digest_hour = models.PositiveSmallIntegerField(_("mail of the day"), default=7, db_default=7)
    teams = models.ManyToManyField(Team, through="Membership", related_name="practitioners", blank=True)

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest_hour__range=DIGEST_HOURS), name="practitioner_digest_hour"
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
        """Whether this person may do `verb` at all; which rows is `visible_to`."""
        return self.is_active and may(self.role, verb)

    @property
    def can_be_contact(self) -> bool:
        """Whether clients can have this contact person: somebody who logs in, never an administrator or a program."""
        return self.can(Can.VIEW_CLIENT) and self.user is not None and self.user.is_active

    @property
    def initials(self) -> str:
        """Two letters for the round mark in the top bar."""
        words = self.name.split() or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@data_classes(identity="practitioner", technical="id organisation team")
@keep_history(found_by=("practitioner",))
class Membership(TenantModel):
    """A practitioner in a team; a team lead leads the teams they are in."""

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "practitioner", "team"], name="member_once"),
        ]
