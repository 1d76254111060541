"""Photographs of confirmed sheets: kept for as many days as the organisation chooses, and no longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import KeptPhoto, KeptPhotoQuerySet, Rating, Session

LONGEST = 365  # days


def keep_photo(*, content: bytes, rating: Rating, by: Practitioner) -> KeptPhoto | None:
    """Keep the picture that a rating was confirmed from, if the organisation wants it; in the open transaction."""
    if not by.organisation.sheet_photo_days:
        return None
    # Locked: whoever switches it off meanwhile deletes this one too, or is waited for and nothing is kept.
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)
    if not organisation.sheet_photo_days:
        return None
    return KeptPhoto.objects.create(organisation=organisation, rating=rating, content=content)


def kept_until(photo: KeptPhoto, organisation: Organisation) -> datetime:
    """When a picture is deleted, at the latest a day after."""
    return photo.kept_at + timedelta(days=organisation.sheet_photo_days)


def photos_for(by: Practitioner) -> KeptPhotoQuerySet:
    """The pictures that a person may look at now, whether or not those whose days are over were deleted yet."""
    return KeptPhoto.objects.visible_to(by).filter(kept_at__gt=_oldest(by.organisation, timezone.now()))


@dataclass(frozen=True)
class ShownPhoto:
    """A picture as a page links to it, and until when it is there."""

    photo: KeptPhoto
    until: datetime


def shown_of(session: Session, by: Practitioner) -> dict[str, ShownPhoto]:
    """A session's pictures that a person may look at, without what is on them, by form ("ors", "cors:mother").

    No query where the organisation keeps none.
    """
    if not by.organisation.sheet_photo_days:
        return {}
    found = photos_for(by).filter(rating__session=session).select_related("rating").without_content()
    shown = {FormKey(photo.rating.instrument, photo.rating.rater).key: photo for photo in found.order_by("kept_at")}
    return {key: ShownPhoto(photo, kept_until(photo, by.organisation)) for key, photo in shown.items()}


@transaction.atomic
def delete_photo(*, photo: KeptPhoto, by: Practitioner) -> None:
    """Delete a picture before its days are over; the answer stays. A repeat changes nothing."""
    record_access("paper.kept_photo_delete", [photo.rating.session.client_id])
    KeptPhoto.objects.filter(pk=photo.pk).delete()


def forget_past(organisation: Organisation, now: datetime) -> int:
    """Delete the pictures whose days are over, all of them where none are kept; how many."""
    return KeptPhoto.objects.filter(organisation=organisation, kept_at__lte=_oldest(organisation, now)).delete()[0]


def _oldest(organisation: Organisation, now: datetime) -> datetime:
    return now - timedelta(days=organisation.sheet_photo_days)
