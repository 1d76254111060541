"""What is measured: sessions, ratings, what is written of a session, alerts."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Episode, SealedCharField
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.history.updated_at import touch, updated_at
from organisations.models import LabelField, TenantModel
from sessions_app.models.session import Session
from sessions_app.models.visibility import OfClient


class GoalState(models.TextChoices):
    PLANNED = "planned", _("Not begun")
    ACTIVE = "active", _("Under way")
    REACHED = "reached", _("Reached")
    DROPPED = "dropped", _("Dropped")
    REPLACED = "replaced", _("Replaced")


OPEN_STATES = (GoalState.PLANNED, GoalState.ACTIVE)


class GoalSetBy(models.TextChoices):
    CLIENT = "client", _("The client")
    TOGETHER = "together", _("The client and we together")
    AUTHORITY = "authority", _("The authority")


class GoalQuerySet(OfClient):
    client_path = "episode__client"

    def worked_on(self):
        """The goals (without their steps) that are under way and that the client is shown, the oldest first."""
        found = self.filter(state=GoalState.ACTIVE, parent=None, shown_to_client=True, episode__ended_on=None)
        return found.order_by("since", "created_at")


@data_classes(
    words="wording aim",
    score="set_by state since until ended_on",
    technical="id organisation episode parent replaced_by is_rated shown_to_client created_at updated_at",
)
@keep_history(without=("updated_at",))
@never_deleted
@named_in_routes("goal_id")
class Goal(TenantModel):
    """A goal (indsatsmål) of an episode, or with a `parent` a step towards one (delmål); dates say when what happened.

    `wording` is the client's own, save where the authority set the goal.
    """

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="goals")
    parent = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="steps")
    wording = SealedCharField(_("in the client's own words"), words_of="episode.client_id", max_length=200)
    aim = LabelField(_("goal of the service"), max_length=200, blank=True, default="")
    set_by = models.CharField(_("set by"), max_length=10, choices=GoalSetBy, default=GoalSetBy.TOGETHER)
    state = models.CharField(_("state"), max_length=10, choices=GoalState, default=GoalState.ACTIVE)
    since = models.DateField(_("agreed on"))
    until = models.DateField(_("to be reached by"), null=True, blank=True)
    ended_on = models.DateField(_("reached, dropped or replaced on"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("replaced by")
    )
    is_rated = models.BooleanField(_("the client rates it from 0 to 10"), default=True)
    shown_to_client = models.BooleanField(_("stands on the client's form as what we work on"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = updated_at()

    objects = GoalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "episode"]),
            models.Index(fields=["organisation", "updated_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, ended_on=None) | ~Q(state__in=OPEN_STATES) & ~Q(ended_on=None),
                name="goal_end_with_day",
                violation_error_message=_("Say on which day it was reached, dropped or replaced."),
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(state=GoalState.REPLACED) & ~Q(replaced_by=F("id")),
                name="goal_replaced_by_another",
                violation_error_message=_("Only a goal that was replaced has another in its place."),
            ),
            models.CheckConstraint(
                condition=(Q(ended_on=None) | Q(ended_on__gte=F("since"))) & (Q(until=None) | Q(until__gte=F("since"))),
                name="goal_ends_after_start",
                violation_error_message=_("A goal cannot end before it was agreed."),
            ),
        ]
        triggers = [touch()]

    def __str__(self):
        return self.wording

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_own_words(self) -> bool:
        """Whether the wording is the client's."""
        return self.set_by != GoalSetBy.AUTHORITY


class GoalMarkQuerySet(OfClient):
    client_path = "goal__episode__client"

    def counting(self):
        """At sessions that count and are still the goal's client's: one that moved to another client says nothing."""
        return self.filter(session__voided_at=None, session__client=F("goal__episode__client"))


@data_classes(score="mark", technical="id organisation goal session created_at updated_at")
@keep_history(without=("updated_at",), found_by=("goal",))
class GoalMark(TenantModel):
    """How near the client says they are to a goal at a session: 0 to 10, whole."""

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="marks")
    session = models.ForeignKey(Session, models.PROTECT, related_name="goal_marks")
    mark = models.PositiveSmallIntegerField(_("mark"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = updated_at()

    objects = GoalMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "goal", "session"], name="goal_mark_once"),
            models.CheckConstraint(condition=Q(mark__lte=10), name="goal_mark_up_to_10"),
        ]
        triggers = [touch()]
