"""Labels that an organisation puts on clients, to find them by."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, refuse_national_id
from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.history.updated_at import touch_parent
from organisations.models import LabelField, NormalFormField, OrganisationQuerySet, TenantModel, normal_form


class ClientLabelQuerySet(OrganisationQuerySet):
    def in_use(self):
        """Those that can be put on a client."""
        return self.filter(retired_at=None)

    def named(self, name: str):
        """That with this name, however it is spelled."""
        return self.filter(name_key=normal_form(name))

    def alphabetical(self):
        return self.order_by("name_key")


@data_classes(technical="id organisation name name_key retired_at created_at")
@keep_history(without=("name_key",))
class ClientLabel(TenantModel):
    """A word of the organisation's list. Retired it is out of sight; whoever had it has it again if it returns."""

    name = LabelField(_("name"), max_length=40, validators=[refuse_national_id])
    # Three times the name's length: a few letters get longer without their case.
    name_key = NormalFormField(of="name", max_length=120, editable=False, default="", db_default="")
    retired_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ClientLabelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name_key"],
                condition=Q(retired_at=None),
                name="client_label_once",
                violation_error_message=_("There is already a label with that name."),
            ),
        ]

    def __str__(self):
        return self.name


@data_classes(identity="client", technical="id organisation label")
@keep_history(found_by=("client",))
class LabelledClient(TenantModel):
    """A client has a label."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="labelled")
    label = models.ForeignKey(ClientLabel, models.PROTECT, related_name="labelled")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "client", "label"], name="labelled_client_once"),
        ]
        triggers = [touch_parent("clients_client", "client_id")]
