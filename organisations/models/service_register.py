"""Public registers of services (as Tilbudsportalen is one): which of them use FIT, by year. No client is in them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models.labels import LabelField, NormalFormField
from organisations.models.organisation import OrganisationQuerySet, TenantModel
from organisations.models.practitioner import Practitioner


class RegisteredKind(models.TextChoices):
    """Whom a service of a register is for; "" where the register does not say."""

    ADULTS = "adults", _("Adults")
    CHILDREN = "children", _("Children and young people")
    BOTH = "both", _("Adults, children and young people")


@data_classes(identity="uploaded_by", technical="id organisation file_name content size created_at imported_at")
@without_history("a file of public lines; who took it in and out again stands in the access log")
class RegisterImport(TenantModel):
    """A file of a register. It is kept when its lines are in: whoever takes them out again can take that back."""

    uploaded_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    file_name = LabelField(max_length=120)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    imported_at = models.DateTimeField(null=True)

    objects = OrganisationQuerySet.as_manager()

    def __str__(self):
        return self.file_name


@data_classes(
    technical="id organisation register_import year municipality_code municipality kind name name_key uses_fit services"
)
@without_history("a line of a file, which goes in and out as a whole")
class RegisteredService(TenantModel):
    """A service in a year, or, without a name, as many alike as `services` says.

    `municipality` is its name as the country's list has it, else as the file spells it; both are empty where the
    register does not say where a service is.
    """

    register_import = models.ForeignKey(RegisterImport, models.CASCADE, related_name="lines")
    year = models.PositiveSmallIntegerField()
    municipality_code = models.CharField(max_length=4, blank=True, default="")
    municipality = LabelField(max_length=60, blank=True, default="")
    kind = models.CharField(max_length=10, choices=RegisteredKind, blank=True, default="")
    name = LabelField(max_length=200, blank=True, default="")
    name_key = NormalFormField(of="name", max_length=600, blank=True, default="")
    uses_fit = models.BooleanField()
    services = models.PositiveIntegerField(default=1)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "municipality_code", "municipality", "name_key"],
                condition=~models.Q(name_key=""),
                name="registered_service_once_a_year",
            ),
            models.UniqueConstraint(
                fields=["organisation", "year", "municipality_code", "municipality", "kind", "uses_fit"],
                condition=models.Q(name_key=""),
                name="registered_number_once_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(services=1) | (models.Q(name_key="") & models.Q(services__gte=1)),
                name="registered_name_is_one_service",
            ),
        ]

    def __str__(self):
        return self.name
