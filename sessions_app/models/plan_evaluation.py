"""What is measured: sessions, ratings, what is written of a session, alerts."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Episode, SealedTextField
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.history.updated_at import touch, updated_at
from organisations.models import Practitioner, TenantModel
from sessions_app.models.visibility import OfClient


class PlanEvaluationQuerySet(OfClient):
    client_path = "episode__client"

    def newest_first(self):
        return self.order_by("-until", "-created_at")


@data_classes(
    identity="made_by",
    words="text",
    score="since until",
    technical="id organisation episode own_words created_at updated_at",
)
@keep_history(without=("updated_at",))
@never_deleted
@named_in_routes("plan_evaluation_id")
class PlanEvaluation(TenantModel):
    """An evaluation of the action plan (handleplan) over a period of an episode, written for the case worker.

    `text` is a practitioner's. `own_words` are the keys of notes that were chosen to be shared: the words themselves
    are read anew each time, and only as far as the client's consent goes then.
    """

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="plan_evaluations")
    since = models.DateField(_("first day of the period"))
    until = models.DateField(_("last day of the period"))
    text = SealedTextField(_("evaluation"), words_of="episode.client_id", max_length=8000, blank=True, default="")
    own_words = models.JSONField(_("own words that are shared"), default=list)
    made_by = models.ForeignKey(Practitioner, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = updated_at()

    objects = PlanEvaluationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "episode"]),
            models.Index(fields=["organisation", "updated_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="plan_evaluation_in_order",
                violation_error_message=_("The period cannot end before it begins."),
            ),
        ]
        triggers = [touch()]
