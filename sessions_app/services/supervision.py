"""A supervisee keeps, shares and takes away what they said about their supervision."""

import datetime
import uuid
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.models import SupervisionRating, SupervisionShare
from sessions_app.services.used_ids import refusing_used


@transaction.atomic
def rate_supervision(
    *,
    marks: Sequence[int],
    held_on: datetime.date,
    supervisor: str,
    submission_id: uuid.UUID,
    words: Mapping[str, str],
    by: Practitioner,
) -> SupervisionRating:
    """Keep three marks (tenths) about one's own supervision; the same submission again returns the stored row.

    `words` are `pack` and `language` of the form that was answered.

    ValidationError for a day to come.
    """
    if held_on > today_in(by.organisation):
        raise ValidationError({"held_on": _("That day is still to come.")})
    own = SupervisionRating.objects.filter(practitioner=by, submission_id=submission_id).first()
    if own is not None:
        return own
    with refusing_used("supervision_submission_once"):
        return SupervisionRating.objects.create(
            organisation_id=by.organisation_id,
            practitioner=by,
            held_on=held_on,
            supervisor=supervisor.strip(),
            marks=list(marks),
            total=sum(marks),
            submission_id=submission_id,
            **words,
        )


@transaction.atomic
def remove_supervision(*, rating: SupervisionRating, by: Practitioner) -> None:
    """Take one's own rating away for good; somebody else's is refused by its owner being another."""
    SupervisionRating.objects.filter(pk=rating.pk, practitioner=by).delete()


@transaction.atomic
def share_supervision(*, with_whom: Practitioner, by: Practitioner) -> SupervisionShare:
    """From now on that colleague sees one's ratings. ValidationError for oneself, or somebody not at work here."""
    if with_whom.pk == by.pk or not with_whom.is_active:
        raise ValidationError({"shared_with": _("Choose a colleague.")})
    share, _created = SupervisionShare.objects.get_or_create(
        organisation_id=by.organisation_id, practitioner=by, shared_with=with_whom, ended_at=None
    )
    return share


@transaction.atomic
def end_share(*, share: SupervisionShare, by: Practitioner) -> None:
    """From now on that colleague sees nothing; ending again changes nothing."""
    SupervisionShare.objects.filter(pk=share.pk, practitioner=by, ended_at=None).update(ended_at=timezone.now())
