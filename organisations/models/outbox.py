"""Who works here: organisations, services, teams, users and practitioners."""

import uuid

from django.db import models
from django.utils import timezone

from organisations.history.belonging import holds_ids
from organisations.history.privacy import data_classes
from organisations.models.organisation import Organisation


@data_classes(
    identity="object_id",
    technical="id task organisation request_id created_at due_at leased_until attempts done_at",
)
@holds_ids("object_id")
class Outbox(models.Model):
    """Work that a committed transaction asked for. Global: ids and a task's name only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=80)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    object_id = models.UUIDField()
    request_id = models.CharField(max_length=36, blank=True, default="", db_default="")  # of whoever asked
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="outbox_open"),
        ]
