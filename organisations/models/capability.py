"""Tokens: each opens one thing, for a while."""

from django.db import models
from django.utils import timezone

from organisations.history.belonging import holds_ids
from organisations.history.privacy import data_classes


class CapabilityKind(models.TextChoices):
    HANDOVER = "handover", "a form on a handed-over device"
    INVITATION = "invitation", "an invitation to set a password"
    LINK = "link", "a form on the client's own device"
    AHEAD = "ahead", "such a form, sent before its session has begun"
    FOLLOW_UP = "follow_up", "such a form, some months after an episode ended"
    SHEET = "sheet", "a form printed on paper"
    GROUP = "group", "the one code of a group's forms"
    NUMBER = "number", "a participant's number behind that code"
    API = "api", "another system's requests"


# object_id may lead to a session or to a person who was invited; the row ends with its token.
@data_classes(
    identity="object_id",
    score="started_at",  # when a client began to answer
    technical="token_hash kind organisation handover detail closing created_at opened_at expires_at used_at revoked_at",
)
@holds_ids("object_id")
class Capability(models.Model):
    """A token that opens exactly one thing, stored as its sha-256. Global: the token leads to its organisation."""

    token_hash = models.BinaryField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=12, choices=CapabilityKind)
    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    object_id = models.UUIDField()
    # Of a form on a handed-over device: which hand-over it belongs to. It ends with that.
    handover = models.UUIDField(null=True, db_index=True)
    detail = models.CharField(max_length=40, blank=True, default="")  # which form
    closing = models.CharField(max_length=12, blank=True, default="")  # the form's last words
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "organisations"
        indexes = [models.Index(fields=["object_id", "kind"])]
