"""In which languages there is licensed wording now."""

from uuid import UUID

from organisations.models import Organisation
from organisations.services.local_day import today_in
from sessions_app.models import PackLicence


def languages_of_packs(organisation_id: UUID) -> set[str]:
    """The languages of packs whose licence is confirmed and holds today; two queries."""
    today = today_in(Organisation.objects.get(pk=organisation_id))
    licences = PackLicence.objects.in_use().filter(organisation=organisation_id).select_related("pack")
    return {licence.pack.language for licence in licences if licence.covers(today)}
