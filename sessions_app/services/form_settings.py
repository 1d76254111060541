"""An organisation's choices about the client's form."""

from organisations.models import Organisation, Practitioner


def set_spoken(*, numbers: bool, by: Practitioner) -> None:
    """Let screen readers say a mark as a number, or in words; the row's history keeps who chose."""
    Organisation.objects.filter(pk=by.organisation_id).update(form_speaks_numbers=numbers)
