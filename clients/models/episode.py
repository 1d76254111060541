"""Who is helped: clients and their episodes."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from clients.models.summary import SUMMARY
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.history.updated_at import touch, updated_at
from organisations.models import LabelField, Service, TenantModel
from organisations.roles import Role


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

    def counting(self):
        """Those that alerts and tasks are about: open, of clients who are neither archived nor for practice.

        The one definition for mails, Today and the client's page; `Episode.counts` says it of one.
        """
        return self.open().filter(client__archived_at=None, client__is_practice=False)

    def newest_first(self):
        return self.order_by(models.F("ended_on").desc(nulls_first=True), "-started_on", "-created_at")


@data_classes(
    identity="client",
    words="label referred_to",
    score="started_on ended_on ending closed_with new_series age_at_intake sessions_count outcome_count outcome_first "
    "outcome_last outcome_best outcome_last_on alliance_count alliance_first alliance_last alliance_last_on "
    "last_session_on tone",
    technical="id organisation service created_at updated_at",
)
@keep_history(without=(*SUMMARY, "tone", "closed_with", "updated_at"))
@named_in_routes("episode_id")
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
    referred_to = LabelField(_("where to"), max_length=120, blank=True, default="", db_default="")
    # What ending it changed elsewhere (organisations.edits.row_changes): reopened, that stands as before.
    closed_with = models.JSONField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = updated_at()

    # [day, age band] of each series that began later, with the forms of an older age
    new_series = models.JSONField(default=list, blank=True, editable=False)

    # Summary
    age_at_intake = models.PositiveSmallIntegerField(null=True, editable=False)
    sessions_count = models.PositiveIntegerField(default=0, editable=False)
    outcome_count = models.PositiveIntegerField(default=0, editable=False)
    outcome_first = models.PositiveSmallIntegerField(null=True, editable=False)
    outcome_last = models.PositiveSmallIntegerField(null=True, editable=False)
    outcome_best = models.PositiveSmallIntegerField(null=True, editable=False)
    outcome_last_on = models.DateField(null=True, editable=False)
    alliance_count = models.PositiveIntegerField(default=0, editable=False)
    alliance_first = models.PositiveSmallIntegerField(null=True, editable=False)
    alliance_last = models.PositiveSmallIntegerField(null=True, editable=False)
    alliance_last_on = models.DateField(null=True, editable=False)
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

    @property
    def counts(self) -> bool:
        """As `EpisodeQuerySet.counting`; reads the client."""
        return self.ended_on is None and self.client.archived_at is None and not self.client.is_practice
