"""What is measured: sessions, ratings, what is written of a session, alerts."""

from django.db import models
from django.db.models import Q

from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.history.updated_at import touch, updated_at
from organisations.models import OrganisationQuerySet, Service, TenantModel


@data_classes(technical="id organisation service fields updated_at")
@keep_history(without=("updated_at",))
class DocumentTemplate(TenantModel):
    """Which fields the development document has in a service, or (without one) in the whole organisation.

    `fields` in their order: {"key": ..., "label": "" for our own word, "on": true}. Whose words a field holds follows
    from its key (`NoteKind`), so no template can mix the two.
    """

    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    fields = models.JSONField(default=list)
    updated_at = updated_at()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "service"], name="document_template_once"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(service=None), name="document_template_of_all_once"
            ),
        ]
        triggers = [touch()]
