"""Questions and dilemmas that a team collects: about FIT, or about a case that the reader may see."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Episode, Restriction
from organisations.audit.route_arguments import named_in_routes
from organisations.history.belonging import belongs_by
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import Membership, Practitioner, Team, TenantModel
from organisations.roles import Role
from sessions_app.models.opened_case import OpenedCase
from sessions_app.models.team_meeting import TeamMeeting


class WaitsFor(models.TextChoices):
    """Who is to do something about a question."""

    ANSWER = "answer", _("Waits for an answer")
    ASKER = "asker", _("Answered: the asker has yet to see it")
    NOBODY = "", _("Nobody")


class TeamQuestionQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those of one's own teams; one about a case for whoever may see the client, while their data are used."""
        if not practitioner.is_active or practitioner.role == Role.ADMIN:
            return self.none()
        teams = practitioner.memberships.values("team")
        own = self.filter(organisation=practitioner.organisation_id, team__in=teams)
        used = Client.objects.visible_to(practitioner).exclude(pk__in=Restriction.objects.standing().values("client"))
        return own.filter(Q(episode=None) | Q(episode__client__in=used))

    def standing(self):
        """Without those that were withdrawn."""
        return self.filter(withdrawn_at=None)

    def to_answer(self, practitioner):
        """Those that wait for this person: a FIT resource person of the team, where it has none the team's lead."""
        return self.waiting_for(practitioner).exclude(asked_by=practitioner.pk)

    def waiting_for(self, practitioner):
        """Those that this person is to answer, and their own that have an answer which they have not seen.

        What a consultant is asked waits for nobody of the team while the case is open to them.
        """
        members = Membership.objects.filter(team=OuterRef("team"))
        named = members.filter(is_fit_resource=True, practitioner__is_active=True)
        mine = Q(Exists(named.filter(practitioner=practitioner.pk)))
        if practitioner.role == Role.TEAM_LEAD:
            mine |= Q(Exists(members.filter(practitioner=practitioner.pk)) & ~Exists(named))
        of_the_team = Q(opened_case=None) | Q(opened_case__closed_at__isnull=False)
        to_answer = mine & of_the_team & Q(waits_for=WaitsFor.ANSWER) & ~Q(asked_by=practitioner.pk)
        own = Q(asked_by=practitioner.pk, waits_for=WaitsFor.ASKER)
        return self.visible_to(practitioner).standing().filter(to_answer | own)


@data_classes(
    identity="asked_by answered_by",
    words="text",
    technical="id organisation team episode opened_case meeting asked_at waits_for answered_at withdrawn_at",
)
@keep_history()
@never_deleted
@belongs_by("episode", "opened_case")
@named_in_routes("question_id")
class TeamQuestion(TenantModel):
    """A question to the team. `meeting` is the one on whose agenda it stands; it stands on pages only, in no mail.

    With an `opened_case` it is asked of the consultant to whom that case is open, who reads all that is said to it.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="questions", verbose_name=_("team"))
    episode = models.ForeignKey(
        Episode, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("case")
    )
    opened_case = models.ForeignKey(OpenedCase, models.PROTECT, null=True, editable=False, related_name="questions")
    text = models.TextField(_("your question"), max_length=1000)
    asked_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    waits_for = models.CharField(max_length=6, choices=WaitsFor, default=WaitsFor.ANSWER, blank=True, editable=False)
    answered_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    answered_at = models.DateTimeField(null=True, editable=False)
    meeting = models.ForeignKey(TeamMeeting, models.PROTECT, null=True, editable=False, related_name="questions")
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = TeamQuestionQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="team_question_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "team", "asked_at"]),
            models.Index(
                fields=["organisation", "team"],
                condition=Q(withdrawn_at=None) & ~Q(waits_for=""),
                name="team_question_waiting",
            ),
        ]


class QuestionReplyQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those to questions that somebody may see."""
        return self.filter(question__in=TeamQuestion.objects.visible_to(practitioner))

    def standing(self):
        """Without those that were withdrawn."""
        return self.filter(withdrawn_at=None)


@data_classes(identity="written_by", words="text", technical="id organisation question written_at withdrawn_at")
@keep_history()
@never_deleted
@named_in_routes("reply_id")
class QuestionReply(TenantModel):
    """What somebody of the team says to a question."""

    question = models.ForeignKey(TeamQuestion, models.PROTECT, related_name="replies")
    text = models.TextField(_("your answer"), max_length=2000)
    written_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = QuestionReplyQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "question", "written_at"])]
