"""Who works here: organisations, services, teams, users and practitioners."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.models.labels import LabelField
from organisations.models.organisation import OrganisationQuerySet, TenantModel


class ServiceKind(models.TextChoices):
    ADULTS = "adults", _("Adults")
    CHILDREN = "children", _("Children and young people")


@data_classes(technical="id organisation name kind municipality_code")
@keep_history()
class Service(TenantModel):
    """A service (tilbud) that clients have their episodes in."""

    name = LabelField(_("name"), max_length=120)
    kind = models.CharField(_("for"), max_length=10, choices=ServiceKind, default=ServiceKind.ADULTS)
    municipality_code = models.CharField(
        _("municipality code"),
        max_length=4,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[0-9]{3,4}\Z", _("A municipality code has three or four digits."))],
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="service_name_once",
                violation_error_message=_("There is already a service with that name."),
            )
        ]

    def __str__(self):
        return self.name


@data_classes(technical="id organisation service name")
@keep_history()
class Team(TenantModel):
    """Practitioners who share their clients."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="teams", verbose_name=_("service"))
    name = LabelField(_("name"), max_length=120)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "service", "name"],
                name="team_name_once",
                violation_error_message=_("The service already has a team with that name."),
            )
        ]

    def __str__(self):
        return self.name
