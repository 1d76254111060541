"""Cases that somebody brings to their supervision: put on the list, brought, taken off."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Episode
from organisations.audit.record import record_access
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.models import SupervisionCase

WRITTEN = ("question", "brought_on", "taken_home")


@transaction.atomic
def bring_to_supervision(*, episode: Episode, question: str, by: Practitioner) -> SupervisionCase:
    """Put a case on one's own list for the next supervision, with what one wants to ask."""
    record_access("supervision.case", [episode.client_id])
    return SupervisionCase.objects.create(
        organisation_id=by.organisation_id, practitioner=by, episode=episode, question=question.strip()
    )


@transaction.atomic
def save_supervision_case(
    *, case: SupervisionCase, by: Practitioner, version: RowVersion | None = None, **given: Any
) -> SupervisionCase:
    """When it was brought and what one took home; StoredMeanwhile as in `merge`.

    ValidationError for a day to come, and for what was taken home from no day.
    """
    case = _own(case, by)
    chosen = merge(version, values_of(case, WRITTEN), given)
    if chosen["brought_on"] and chosen["brought_on"] > today_in(by.organisation):
        raise ValidationError({"brought_on": _("That day is still to come.")})
    if chosen["taken_home"] and not chosen["brought_on"]:
        raise ValidationError({"brought_on": _("Say on which day you brought it.")})
    write(case, chosen)
    record_access("supervision.case", [case.episode.client_id])
    return case


@transaction.atomic
def remove_supervision_case(*, case: SupervisionCase, by: Practitioner) -> None:
    """Take a case off one's own list."""
    _mark(case, by, removed=True)


@transaction.atomic
def restore_supervision_case(*, case: SupervisionCase, by: Practitioner) -> None:
    """Put it back."""
    _mark(case, by, removed=False)


def _mark(case: SupervisionCase, by: Practitioner, *, removed: bool) -> None:
    case = _own(case, by)
    case.removed_at = timezone.now() if removed else None
    case.save(update_fields=["removed_at"])
    record_access("supervision.case", [case.episode.client_id])


def _own(case: SupervisionCase, by: Practitioner) -> SupervisionCase:
    rows = SupervisionCase.objects.select_for_update(of=("self",)).select_related("episode")
    return rows.get(pk=case.pk, practitioner=by)
