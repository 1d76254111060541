"""An organisation's choices about the client's form."""

from typing import Any

from django.db import transaction

from organisations.edits.versions import RowVersion, merge, write
from organisations.models import Organisation, Practitioner

NUMBER, WORDS = "number", "words"
COLUMNS = {"numbers": "form_speaks_numbers", "contact": "privacy_contact", "closings": "offers_closings"}


def form_choices(organisation: Organisation) -> dict[str, Any]:
    """What is chosen: `numbers`, how screen readers say a mark (NUMBER or WORDS); `contact`, whom clients ask about
    their data ("": nobody is named); `closings`, whether a practitioner may choose last words under the thanks."""
    numbers = NUMBER if organisation.form_speaks_numbers else WORDS
    return {"numbers": numbers, "contact": organisation.privacy_contact, "closings": organisation.offers_closings}


@transaction.atomic
def set_form(
    *, numbers: str, contact: str, closings: bool, by: Practitioner, version: RowVersion | None = None
) -> None:
    """Keep the choices (see `form_choices`); the row's history keeps who chose. StoredMeanwhile as in `merge`."""
    organisation = Organisation.objects.select_for_update().get(pk=by.organisation_id)
    given = {"numbers": numbers, "contact": contact, "closings": closings}
    chosen = merge(version, form_choices(organisation), given)
    chosen["numbers"] = chosen["numbers"] == NUMBER
    write(organisation, {COLUMNS[name]: value for name, value in chosen.items()})
