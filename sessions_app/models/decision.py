"""What is measured: sessions, ratings, what is written of a session, alerts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import SealedTextField
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.history.updated_at import touch, updated_at
from organisations.models import Practitioner, TenantModel
from sessions_app.models.session import Session
from sessions_app.models.visibility import OfClient


class DecisionQuerySet(OfClient):
    client_path = "session__client"

    def written(self):
        """Those that say something, at sessions that count."""
        return self.filter(session__voided_at=None).exclude(text="", support="")

    def to_follow_up(self):
        """Those that somebody has yet to see to, of clients who are neither archived nor for practice."""
        about = {"session__client__archived_at": None, "session__client__is_practice": False}
        return self.written().filter(follow_up_on__isnull=False, done_at=None, **about)


@data_classes(
    identity="responsible done_by",
    words="text support",
    score="follow_up_on",
    technical="id organisation session created_at updated_at done_at",
)
@keep_history(without=("updated_at",))
@never_deleted
@named_in_routes("decision_id")
class SessionDecision(TenantModel):
    """What was decided at a session; with a day in `follow_up_on` somebody sees to it, until `done_at`."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="decisions")
    text = SealedTextField(_("decided"), words_of="session.client_id", max_length=2000, blank=True, default="")
    support = SealedTextField(
        _("change of support"), words_of="session.client_id", max_length=2000, blank=True, default=""
    )
    responsible = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("follows up")
    )
    follow_up_on = models.DateField(_("follow up by"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = updated_at()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "follow_up_on"],
                condition=Q(done_at=None, follow_up_on__isnull=False),
                name="decision_to_follow_up",
            ),
            models.Index(fields=["organisation", "updated_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="decision_done_by_somebody",
            ),
        ]
        triggers = [touch()]

    def __str__(self):
        return self.text or self.support
