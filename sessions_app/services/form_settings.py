"""An organisation's choices about the client's form."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from organisations.edits.versions import RowVersion, merge, write
from organisations.models import Organisation, Practitioner
from sessions_app.services.kept_photos import forget_past

NUMBER, WORDS = "number", "words"
COLUMNS = {
    "numbers": "form_speaks_numbers",
    "contact": "privacy_contact",
    "closings": "offers_closings",
    "follow_ups": "mails_follow_ups",
    "photo_days": "sheet_photo_days",
}


def form_choices(organisation: Organisation) -> dict[str, Any]:
    """What is chosen: `numbers`, how screen readers say a mark (NUMBER or WORDS); `contact`, whom clients ask about
    their data ("": nobody is named); `closings`, whether a practitioner may choose last words under the thanks;
    `follow_ups`, whether the link to a follow-up may go by mail; `photo_days`, for how many days pictures of confirmed
    sheets are kept (0: not at all)."""
    numbers = NUMBER if organisation.form_speaks_numbers else WORDS
    return {
        "numbers": numbers,
        "contact": organisation.privacy_contact,
        "closings": organisation.offers_closings,
        "follow_ups": organisation.mails_follow_ups,
        "photo_days": organisation.sheet_photo_days,
    }


@transaction.atomic
def set_form(
    *,
    numbers: str,
    contact: str,
    closings: bool,
    photo_days: int,
    by: Practitioner,
    follow_ups: bool = False,
    version: RowVersion | None = None,
) -> None:
    """Keep the choices (see `form_choices`); the row's history keeps who chose. StoredMeanwhile as in `merge`.

    Pictures of sheets that are older than the days now chosen are deleted at once.
    """
    organisation = Organisation.objects.select_for_update().get(pk=by.organisation_id)
    given = {"numbers": numbers, "contact": contact, "closings": closings, "follow_ups": follow_ups}
    given["photo_days"] = photo_days
    chosen = merge(version, form_choices(organisation), given)
    chosen["numbers"] = chosen["numbers"] == NUMBER
    write(organisation, {COLUMNS[name]: value for name, value in chosen.items()})
    forget_past(organisation, timezone.now())
