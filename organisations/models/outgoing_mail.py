"""Mails that the application sends by itself: each once an event and person, so that they can be counted and held."""

from django.db import models
from django.utils import timezone

from organisations.history.belonging import holds_ids
from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models.organisation import OrganisationQuerySet, TenantModel
from organisations.models.practitioner import Practitioner


class MailState(models.TextChoices):
    SENT = "sent", "sent"
    HELD = "on_hold", "held until somebody decides"
    RELEASED = "released", "let go by somebody"
    DROPPED = "dropped", "dropped by somebody"


@data_classes(identity="practitioner object_id", technical="id organisation task event state at")
@without_history("written when a mail goes out or is held; forgotten after a month")
@holds_ids("object_id")
class OutgoingMail(TenantModel):
    """One mail to one person about one event. No word of it is kept: `task` with `object_id` makes it anew.

    Without a task a periodic job makes it anew.
    """

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="+")
    task = models.CharField(max_length=80)
    object_id = models.UUIDField()
    event = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=MailState, default=MailState.SENT)
    at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "practitioner", "event"], name="mail_once_an_event"),
        ]
        indexes = [models.Index(fields=["organisation", "state", "at"], name="mail_by_state")]
