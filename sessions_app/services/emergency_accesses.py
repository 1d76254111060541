"""Open a client whom one does not see, for a reason and for hours: to read, never to write. Leads are told at once.

Who asks learns nothing of a client by asking: one sentence for every reference that opens nothing, few tries an hour,
and each of them on record.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from clients.services.client_blocks import seeing
from organisations.audit.record import record_access
from organisations.jobs.outbox import ask_for
from organisations.models import Organisation, Practitioner
from organisations.roles import Can, Role
from organisations.services.mail_brake import Cause, may_leave
from organisations.web import news
from organisations.web.rate_limits import Limit
from sessions_app.models import EmergencyAccess
from sessions_app.services.access_bursts import raise_alarm

TELL_OF_EMERGENCY = "sessions_app.tasks.tell_of_emergency"
TRIES = Limit("emergency", at_most=6, seconds=3600)
NOTHING_OPENED = gettext_lazy("Nothing was opened. Check the reference: it has to be the whole of it.")
# The same for every organisation, as of the other alarms.
MANY, IN = 3, timedelta(days=1)


@transaction.atomic
def open_emergency(*, reference: str, reason: str, words: str, by: Practitioner) -> EmergencyAccess:
    """Let somebody read a client for the organisation's hours; what is open already goes on, with the new reason.

    ValidationError with one sentence for whatever opens nothing, and after too many tries.
    """
    record_access("emergency.try", [], typed=reference)
    if TRIES.spend(str(by.pk)):
        raise ValidationError(_("You have tried too often. Wait an hour, or call whoever helps the client."))
    if reference.strip() and Client.objects.visible_to(by).named(reference.strip()).exists():
        raise ValidationError({"reference": _("You see this client already. Find them in the list.")})
    client = _asked(reference, by)
    if client is None:
        raise ValidationError({"reference": NOTHING_OPENED})
    now = timezone.now()
    EmergencyAccess.objects.of(by).filter(client=client, ended_at=None).update(ended_at=now)
    access = EmergencyAccess(
        organisation_id=by.organisation_id,
        client=client,
        practitioner=by,
        reason=reason,
        words=words.strip(),
        opened_at=now,
        until=now + timedelta(hours=by.organisation.emergency_hours),
    )
    access.full_clean()
    access.save(force_insert=True)
    record_access("emergency.open", [client.pk], purpose=f"emergency {reason}", typed=access.words)
    ask_for(TELL_OF_EMERGENCY, organisation_id=by.organisation_id, object_id=access.pk)
    news.tell({person.pk for person in told_of(access)})
    _alarm_if_many(by, now)
    return access


def _asked(reference: str, by: Practitioner) -> Client | None:
    """The client of that very reference; none whom one sees anyway: they are opened as ever."""
    there = Client.objects.filter(organisation=by.organisation_id, merged_into=None, is_practice=False)
    seen = Client.objects.visible_to(by).values("pk")
    return there.named(reference.strip()).exclude(pk__in=seen).first() if reference.strip() else None


@transaction.atomic
def end_emergency(*, access: EmergencyAccess, by: Practitioner) -> None:
    """From now on nothing is read of it; ending it again changes nothing."""
    access = EmergencyAccess.objects.of(by).select_for_update(of=("self",)).get(pk=access.pk)
    if access.ended_at is None:
        access.ended_at = timezone.now()
        access.save(update_fields=["ended_at"])
    record_access("emergency.end", [access.client_id])


@transaction.atomic
def look_at_emergency(*, access: EmergencyAccess, by: Practitioner) -> None:
    """Sign that one has looked at it; ValidationError for one's own. Whoever signed first stays."""
    access = EmergencyAccess.objects.visible_to(by).select_for_update(of=("self",)).get(pk=access.pk)
    if access.practitioner_id == by.pk:
        raise ValidationError(_("Somebody else has to look at what you opened yourself."))
    if access.looked_at is None:
        access.looked_by, access.looked_at = by, timezone.now()
        access.save(update_fields=["looked_by", "looked_at"])
    record_access("emergency.look", [access.client_id])


def opened_by(by: Practitioner) -> QuerySet[EmergencyAccess]:
    """What somebody has opened themselves, whenever."""
    return EmergencyAccess.objects.of(by)


def open_of(by: Practitioner) -> QuerySet[EmergencyAccess]:
    """What somebody has open now; none where the organisation has taken that from their role."""
    rows = EmergencyAccess.objects.of(by).open_at(timezone.now()).select_related("client__organisation")
    return rows.order_by("until") if by.can(Can.OPEN_EMERGENCY) else rows.none()


def not_looked_at(by: Practitioner) -> QuerySet[EmergencyAccess]:
    """Openings that wait for somebody to look at them, of others than oneself."""
    return EmergencyAccess.objects.visible_to(by).filter(looked_at=None).exclude(practitioner=by)


def end_those_over(organisation: Organisation, now: datetime) -> int:
    """Close what is past its hours, so that each row says by itself that it is over; how many."""
    over = EmergencyAccess.objects.filter(organisation=organisation, ended_at=None, until__lte=now)
    return over.update(ended_at=now)


def told_of(access: EmergencyAccess) -> list[Practitioner]:
    """The leads who see the client, without whoever opened it; where there is none the administrators."""
    people = Practitioner.objects.filter(organisation=access.organisation_id, is_active=True, user__is_active=True)
    people = people.exclude(pk=access.practitioner_id).select_related("user", "organisation")
    teams = access.client.client_teams.values("team")
    leads = people.filter(role=Role.TEAM_LEAD, memberships__team__in=teams)
    return list(seeing(leads, access.client).distinct()) or list(people.filter(role=Role.ADMIN))


def tell(access: EmergencyAccess) -> int:
    """Mail that a client was opened: no name, no reference, no word of why. How many mails left."""
    return sum(_mail(access, person) for person in told_of(access))


def _mail(access: EmergencyAccess, person: Practitioner) -> bool:
    cause = Cause(f"emergency {access.pk}", TELL_OF_EMERGENCY, access.pk)
    if person.user is None or not may_leave(person, cause, urgent=True):
        return False
    context = {"name": person.name, "url": f"{settings.SITE_URL}{reverse('emergency-accesses')}"}
    with translation.override(person.user.language or person.organisation.language):
        subject = render_to_string("sessions_app/mail/emergency_access_subject.txt", context)
        body = render_to_string("sessions_app/mail/emergency_access.txt", context)
    EmailMessage(" ".join(subject.split()), body, to=[person.user.email]).send()
    return True


def _alarm_if_many(by: Practitioner, now: datetime) -> None:
    """One person who opens many clients in a day is an alarm of the access log."""
    since = now - IN
    clients = EmergencyAccess.objects.of(by).filter(opened_at__gt=since).values("client").distinct().count()
    if clients >= MANY:
        raise_alarm(by.organisation, by.pk, clients, since, now)


def shown_to(by: Practitioner, rows: Iterable[EmergencyAccess]) -> list[tuple[EmergencyAccess, Client | None]]:
    """Each with its client for a lead, who sees them; an administrator learns neither the client nor the words."""
    return [(row, row.client if by.role == Role.TEAM_LEAD else None) for row in rows]
