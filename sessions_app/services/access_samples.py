"""The monthly sample of the access log: drawn so that nobody can foresee it, looked through, signed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from random import SystemRandom
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.edits.versions import RowVersion, StoredMeanwhile, merge
from organisations.models import Organisation, Practitioner
from sessions_app.models import AccessSample, ReviewVerdict, SampledAccess
from sessions_app.services.access_bursts import single_looks
from sessions_app.services.access_relations import related

SIZE = 20  # what somebody looks through in half an hour
WITHOUT = 15  # of these, at most so many without a relation: there the questions are
DRAW = SystemRandom()  # from the system's own randomness: no seed tells which rows will come


def month_before(day: date) -> date:
    """The first day of the month before the one of `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def draw(organisation: Organisation, month: date) -> AccessSample | None:
    """The sample of a month (its first day), inside the tenant; None when there is one, or nobody looked."""
    if AccessSample.objects.filter(month=month).exists():
        return None
    zone = ZoneInfo(organisation.time_zone)
    after = (month + timedelta(days=32)).replace(day=1)
    events = single_looks(organisation).filter(
        at__gte=datetime.combine(month, time(), zone), at__lt=datetime.combine(after, time(), zone)
    )
    looks = list(events.values_list("pk", "practitioner", "client_ids"))
    if not looks:
        return None
    known = related({(person, clients[0]) for _pk, person, clients in looks}, after)
    explained: dict[bool, list[UUID]] = {True: [], False: []}
    for pk, person, clients in looks:
        explained[(person, clients[0]) in known].append(pk)
    sample = AccessSample.objects.create(
        organisation=organisation, month=month, looks=len(looks), unrelated=len(explained[False])
    )
    SampledAccess.objects.bulk_create(
        SampledAccess(organisation=organisation, sample=sample, event_id=pk, has_relation=has_relation)
        for has_relation, pk in _drawn(explained)
    )
    return sample


def _drawn(explained: dict[bool, list[UUID]]) -> list[tuple[bool, UUID]]:
    first = DRAW.sample(explained[False], min(WITHOUT, len(explained[False])))
    rest = [(True, pk) for pk in explained[True]]
    rest += [(False, pk) for pk in set(explained[False]).difference(first)]
    return [(False, pk) for pk in first] + DRAW.sample(rest, min(SIZE - len(first), len(rest)))


def verdicts_of(rows: Iterable[SampledAccess]) -> dict[str, str]:
    """Return the verdict on each row of a sample so far, by the names of the form's fields."""
    return {f"{column}-{row.pk}": getattr(row, column) for row in rows for column in ("verdict", "note")}


@transaction.atomic
def judge_sample(
    *,
    sample: AccessSample,
    verdicts: Mapping[str, str],
    sign: bool,
    by: Practitioner,
    version: RowVersion | None = None,
) -> AccessSample:
    """Keep what was thought of each row (as `verdicts_of`); `sign` closes the sample: every row needs a verdict then.

    StoredMeanwhile by `version` as in `merge`; of a sample that is signed nothing changes any more.
    """
    sample = AccessSample.objects.select_for_update().get(pk=sample.pk)
    rows = list(sample.sampled.all())
    stored = verdicts_of(rows)
    if sample.signed_at:
        others = [(name,) for name, value in verdicts.items() if value != stored[name]]
        if version and not others:
            return sample
        if version:
            raise StoredMeanwhile(stored, others, closed=True)
        raise ValidationError(_("This sample is signed; it stays as it is."))
    verdicts = {**stored, **merge(version, stored, verdicts)}
    for row in rows:
        row.verdict, row.note = verdicts[f"verdict-{row.pk}"], verdicts[f"note-{row.pk}"]
        row.full_clean()
    SampledAccess.objects.bulk_update(rows, ["verdict", "note"])
    if sign:
        if any(not row.verdict for row in rows):
            raise ValidationError(_("Say of each row what you think of it before you sign."))
        if any(row.verdict == ReviewVerdict.ASK and not row.note for row in rows):
            raise ValidationError(_("Write down what you ask, or what the answer was, where you ask about a row."))
        sample.signed_by, sample.signed_at = by, timezone.now()
        sample.save(update_fields=["signed_by", "signed_at"])
    return sample
