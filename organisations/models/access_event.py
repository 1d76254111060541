"""Who works here: organisations, services, teams, users and practitioners."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from organisations.history.privacy import data_classes
from organisations.history.row_rights import append_only, never_deleted
from organisations.history.tracking import without_history
from organisations.models.organisation import OrganisationQuerySet, TenantModel
from organisations.models.practitioner import Practitioner


@data_classes(
    identity="practitioner client_ids purpose address",
    words="typed",
    technical="id organisation role action request_id log_in at seq previous_hash hash",
)
@without_history("only ever grows, and is chained")
@append_only
class AccessEvent(TenantModel):
    """Who looked at or changed whose data, and when: a link of its organisation's chain (audit/hash_chain.py).

    The app's role may insert and read, never change. The table is partitioned by the month of `at`
    (database/access_months.py): its primary key is (id, at), and whoever asks with `at` reads the months of it alone.
    """

    practitioner = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20)  # the role at that moment, or "capability", "system"
    action = models.CharField(max_length=60)
    client_ids = ArrayField(models.UUIDField())
    purpose = models.CharField(max_length=120)
    # What the person typed: what was searched for, or their reason. It may name anybody.
    typed = models.CharField(max_length=200, blank=True, default="", db_default="")
    request_id = models.CharField(max_length=36)
    # Where it came from (audit/origin.py): of people and other systems, never of a client's own form.
    address = models.CharField(max_length=45, default="", db_default="")
    log_in = models.CharField(max_length=36, default="", db_default="")
    at = models.DateTimeField(default=timezone.now)
    seq = models.BigIntegerField(default=0)  # 1, 2, 3 ... in the organisation; 0 stands in no chain
    previous_hash = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64, default="")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "seq", "at"], name="access_event_seq")]
        indexes = [
            GinIndex(fields=["client_ids"]),
            models.Index(fields=["organisation", "at"]),
        ]


@data_classes(technical="id organisation seq digest batch emptied_at")
@without_history("only ever grows")
@append_only
class EmptiedAccess(TenantModel):
    """What was typed is gone from row `seq`, since it named somebody who was erased (audit/emptied_rows.py).

    `digest` is of the row as it stands since; `batch` is named by a row of the log, so that nobody adds one unseen.
    """

    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    batch = models.UUIDField()
    emptied_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "seq"])]


@data_classes(technical="id organisation first_seq last_seq previous_hash hash until batch detached_at")
@without_history("stands for rows that are gone")
@append_only
class DetachedAccesses(TenantModel):
    """Rows `first_seq` to `last_seq` of the chain are gone, every one from before `until` (audit/detached_rows.py).

    `previous_hash` is that of the first, `hash` that of the last: the chain goes on over them. `batch` is named by a
    row of the log, so that nobody takes rows away unseen.
    """

    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    until = models.DateTimeField()
    batch = models.UUIDField()
    detached_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "first_seq"], name="detached_accesses_once")]


@data_classes(technical="id organisation seq hash")
@without_history("the end of that chain")
@never_deleted
class AccessHead(TenantModel):
    """The last link of an organisation's access log; whoever writes a row holds its lock until COMMIT."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="access_head_once")]
