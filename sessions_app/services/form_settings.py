"""An organisation's choices about the client's form."""

from organisations.models import Organisation, Practitioner


def set_form(*, numbers: bool, contact: str, closings: bool, by: Practitioner) -> None:
    """Keep the choices; the row's history keeps who chose.

    `numbers`: screen readers say a mark as a number, else in words. `contact`: whom clients ask about their data
    ("": nobody is named). `closings`: a practitioner may choose last words under the thanks.
    """
    chosen = {"form_speaks_numbers": numbers, "privacy_contact": contact, "offers_closings": closings}
    Organisation.objects.filter(pk=by.organisation_id).update(**chosen)
