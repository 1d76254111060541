"""What is measured: sessions, ratings, the client's own words, alerts."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.history.updated_at import touch
from organisations.models import Practitioner, TenantModel
from sessions_app.models.session import Session
from sessions_app.models.visibility import OfClient


class NoteKind(models.TextChoices):
    AFTER_ORS = "after_ors", _("After the ORS")
    AFTER_SRS = "after_srs", _("After the SRS")


class NoteQuerySet(OfClient):
    client_path = "session__client"


@data_classes(identity="updated_by", words="text", technical="id organisation session kind version updated_at")
@keep_history()
@named_in_routes("note_id")
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
