"""A person's own ways of looking at the list of clients."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models import LabelField, Practitioner, TenantModel


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """One's own."""
        return self.filter(organisation=practitioner.organisation_id, practitioner=practitioner)


@data_classes(identity="practitioner", technical="id organisation name query created_at")
@without_history("a person's own shortcut: it says nothing of a client")
class SavedView(TenantModel):
    """Filters of the list of clients under a name of one's own. What was typed to search is no part of them."""

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="saved_views")
    name = LabelField(_("name"), max_length=40)
    query = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "practitioner", "name"],
                name="saved_view_once",
                violation_error_message=_("You already have a view with that name."),
            ),
        ]

    def __str__(self):
        return self.name
