"""Two records of one person that were put together."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import Practitioner, TenantModel
from organisations.roles import Role


class ClientMergeQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those into clients that a person may see; never an admin's."""
        if practitioner.role == Role.ADMIN:
            return self.none()
        return self.filter(kept__in=Client.objects.visible_to(practitioner))

    def standing(self):
        """Those that nobody has taken back."""
        return self.filter(undone_at=None)


@data_classes(
    identity="kept emptied merged_by undone_by",
    words="rows",  # names and notes that stood before, among ids
    technical="id organisation last_events undoable merged_at undone_at",
)
@keep_history(without=("rows", "last_events", "undoable"))
@never_deleted
@named_in_routes("merge_id")
class ClientMerge(TenantModel):
    """What hung on `emptied` hangs on `kept` since.

    `rows` says what stood before in each row that was touched (organisations.edits.row_changes), `last_events` the
    number of the last event of each history then: what came later was built on the merge.
    """

    kept = models.ForeignKey(Client, models.PROTECT, related_name="merges", verbose_name=_("record that stays"))
    emptied = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("record that was merged"))
    rows = models.JSONField(default=list)
    last_events = models.JSONField(default=dict)
    undoable = models.JSONField(default=list)  # ids of the merges into the two that could be taken back just before
    merged_at = models.DateTimeField(default=timezone.now)
    merged_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", verbose_name=_("merged by"))
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, related_name="+", verbose_name=_("taken back by")
    )

    objects = ClientMergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "emptied"], condition=Q(undone_at=None), name="client_merged_once"
            ),
            models.CheckConstraint(condition=~Q(kept=models.F("emptied")), name="client_merged_with_another"),
        ]
