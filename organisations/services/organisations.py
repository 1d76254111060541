"""Make an organisation."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import Country, Organisation, Practitioner, usual_language
from organisations.roles import Role
from organisations.tenancy.context import tenant

# What an organisation of a country starts with.
TIME_ZONES = {
    Country.DENMARK: "Europe/Copenhagen",
    Country.SWEDEN: "Europe/Stockholm",
    Country.NORWAY: "Europe/Oslo",
    Country.OTHER: "UTC",
}


@transaction.atomic
def create_organisation(
    *, slug: str, name: str, country: str, admin_email: str, language: str = "", time_zone: str = ""
) -> tuple[Organisation, Practitioner]:
    """An organisation and its first admin, who still has to accept an invitation; ValidationError else."""
    if Organisation.objects.filter(slug=slug).exists():
        raise ValidationError(
            {"slug": _("There is already an organisation with the short name “%(slug)s”.") % {"slug": slug}}
        )
    organisation = Organisation(
        slug=slug,
        name=name.strip(),
        country=country,
        language=language or usual_language(country),
        time_zone=time_zone or TIME_ZONES[Country(country)],
    )
    organisation.full_clean()
    organisation.save(force_insert=True)
    email = admin_email.strip().lower()
    if not email:
        raise ValidationError({"email": _("The administrator needs an e-mail address.")})
    with tenant(organisation.pk):
        # The name is asked for with the invitation; until then the address stands in for it.
        admin = Practitioner(organisation=organisation, name=email[:120], email=email, role=Role.ADMIN)
        admin.full_clean()
        admin.save(force_insert=True)
    return organisation, admin
