"""The last words of a form, where the practitioner chose some: ours, so that they name nobody."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation

CLOSINGS: dict[str, Promise] = {
    "": _("Only the thanks"),
    "see-you": _("See you next time."),
    "helps": _("Your answer helps us to help."),
    "talk": _("We talk about it together in a moment."),
    "time": _("Take the time you need before you go on."),
}


def closings_for(organisation: Organisation) -> dict[str, Promise]:
    """The sentences that a practitioner may choose from by their keys; only "" where the organisation wants none."""
    return CLOSINGS if organisation.offers_closings else {"": CLOSINGS[""]}


def closing_words(key: str) -> str:
    """The sentence under the thanks; "" for none and for one that is no longer offered."""
    return str(CLOSINGS[key]) if key and key in CLOSINGS else ""
