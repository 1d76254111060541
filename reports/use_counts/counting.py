"""How much an organisation used in a month, for whoever runs the installation: counts, and none of a few people.

What is too small to be told is not stored: the table stands outside the wall between organisations.
"""

from datetime import date, datetime

from django.db import connection

from organisations.models import AccessEvent, MailState, Organisation, OrganisationUse, OutgoingMail
from organisations.services.organisation_copies import models_of_organisations
from sessions_app.measures.results.suppression import EXPORT, is_small, rounded
from sessions_app.models import Rating, Session

MEGABYTE = 1_000_000


def count_use(organisation: Organisation, now: datetime) -> int:
    """Count this month and the one before anew, inside the organisation's tenant; how many rows were written."""
    this = organisation.day_of(now).replace(day=1)
    before = _shifted(this, -1)
    for month in (before, this):
        counted = _of_month(month, _shifted(month, 1))
        OrganisationUse.objects.update_or_create(
            organisation=organisation, month=month, defaults={**counted, "counted_at": now}
        )
    return 2


def _of_month(first: date, after: date) -> dict[str, int | None]:
    days = {"gte": first, "lt": after}
    people = AccessEvent.objects.filter(at__date__gte=first, at__date__lt=after, practitioner__user__isnull=False)
    sessions = Session.objects.filter(voided_at=None, client__is_practice=False)
    sessions = sessions.filter(**{f"held_on__{way}": day for way, day in days.items()})
    forms = Rating.objects.filter(superseded_by=None, session__client__is_practice=False)
    forms = forms.filter(created_at__date__gte=first, created_at__date__lt=after)
    mails = OutgoingMail.objects.filter(at__date__gte=first, at__date__lt=after, state=MailState.SENT)
    return {
        "people": rounded(people.values("practitioner").distinct().count(), EXPORT),
        "sessions": _told(sessions.count(), sessions.values("client").distinct().count()),
        "forms": _told(forms.count(), forms.values("session__client").distinct().count()),
        "mails": _told(mails.count(), mails.values("practitioner").distinct().count()),
        "megabytes": _megabytes(),
    }


def _told(count: int, persons: int) -> int | None:
    """The count, rounded; None where it is about few persons, or is few itself."""
    return None if is_small(persons, EXPORT) else rounded(count, EXPORT)


def _megabytes() -> int:
    """What the rows of the organisation weigh in the database; row security leaves the others out."""
    total = 0
    with connection.cursor() as cursor:
        for model in models_of_organisations()[1:]:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM {table} t")  # noqa: S608  our own names
            total += cursor.fetchone()[0]
    return -(-total // MEGABYTE)


def _shifted(month: date, by: int) -> date:
    place = month.year * 12 + month.month - 1 + by
    return date(place // 12, place % 12 + 1, 1)
