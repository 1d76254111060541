"""Who is told of an alert: by their open pages at once, and by one mail a day. No mail holds a client's data.

A person is told of an alert once, and once more when it has become worse: a notice is marked as sent, and that is
committed, before the mail goes out. A crash between the two costs a mail, never doubles one; the alert is in the
application all the same.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.template.loader import render_to_string
from django.utils import timezone, translation

from clients.models import Client, Episode
from organisations.audit import record
from organisations.models import Organisation, Practitioner, User
from organisations.models.practitioner import PractitionerQuerySet
from organisations.roles import Can, Role
from organisations.services.local_day import day_of, today_in
from organisations.services.mail_brake import Cause, may_leave
from organisations.tenancy.context import tenant
from organisations.web import news
from sessions_app.models import Alert, Notice

logger = logging.getLogger(__name__)
SEND_DIGEST = "sessions_app.tasks.send_digest"


def note(episode: Episode, alerts: Iterable[Alert]) -> None:
    """Note alerts that are new, or ask for more than before, for whoever must act; imported history is nobody's news.

    Each person has one notice an alert; where they were told of it before, it is to be told once more.
    """
    rows: list[Notice] = []
    told: dict[UUID | None, list[Practitioner]] = {}  # by whose session it is: most alerts are of the same one
    for alert in alerts:
        session = alert.session
        if session is None or not session.imported:
            whose = session.practitioner_id if session else None
            if whose not in told:
                told[whose] = who_must_act(episode.client, whose)
            rows += [notice_for(alert, person) for person in told[whose]]
    Notice.objects.filter(alert__in={row.alert for row in rows}).exclude(sent_at=None).update(
        sent_at=None, created_at=timezone.now()
    )
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    news.tell({row.practitioner_id for row in rows})


def who_must_act(client: Client, session_practitioner_id: UUID | None) -> list[Practitioner]:
    """The contact persons, else the session's practitioner, else the leads of the client's teams.

    Only people who work here, can log in and may see this client; where somebody else can be told, nobody who is away.
    """
    here = Practitioner.objects.select_related("user")
    today = today_in(client.organisation)
    return _first_of(here.present(today), client, session_practitioner_id) or _first_of(
        here, client, session_practitioner_id
    )


def _first_of(people: PractitionerQuerySet, client: Client, session_practitioner_id: UUID | None) -> list[Practitioner]:
    """Of these people the first group of `who_must_act` that somebody is in."""
    contacts = [key for key in (client.contact_id, client.second_contact_id) if key]
    in_turn = (
        people.filter(pk__in=contacts),
        people.filter(pk=session_practitioner_id) if session_practitioner_id else people.none(),
        people.filter(role=Role.TEAM_LEAD, memberships__team__client_teams__client=client).distinct(),
    )
    for some in in_turn:
        found = [person for person in some if _may_be_told(person, client)]
        if found:
            return found
    return []


def send_digests(organisation: Organisation, now: datetime) -> int:
    """Send each person of an organisation whose hour has come one mail about what was noted before it today.

    The hour is the person's own (Practitioner.digest_hour), in the organisation's time zone; who is away gets it on the
    first day back. Returns how many mails
    went out. Has transactions of its own: call it outside one.
    """
    local = now.astimezone(ZoneInfo(organisation.time_zone))
    with tenant(organisation.pk):
        mine = Notice.objects.filter(practitioner=OuterRef("pk"))
        people = list(
            Practitioner.objects.present(local.date())
            .filter(Exists(mine.filter(sent_at=None)), digest_hour__lte=local.hour)
            .annotate(last=Subquery(mine.order_by(F("sent_at").desc(nulls_last=True)).values("sent_at")[:1]))
            .select_related("user")
        )
    hours = {person: datetime.combine(local.date(), time(person.digest_hour), local.tzinfo) for person in people}
    due = [person for person in people if person.last is None or person.last < hours[person]]
    return sum(_send_one(organisation, person, hours[person], now) for person in due)


def send_digest_of(organisation: Organisation, person_id: UUID, now: datetime) -> bool:
    """The mail of the day of one person, whatever their hour: it was held and is let go. Whether it went out.

    Call it outside a transaction, as `send_digests`.
    """
    with tenant(organisation.pk):
        person = Practitioner.objects.select_related("user").filter(pk=person_id).first()
    return person is not None and _send_one(organisation, person, now, now)


def notice_for(alert: Alert, person: Practitioner) -> Notice:
    """Not stored yet, and not sent."""
    return Notice(organisation_id=alert.organisation_id, alert=alert, practitioner=person)


def _may_be_told(person: Practitioner, client: Client) -> bool:
    return (
        _can_log_in(person)
        and person.can(Can.VIEW_CLIENT)
        and Client.objects.visible_to(person).filter(pk=client.pk).exists()
    )


def _can_log_in(person: Practitioner) -> bool:
    return person.is_active and person.user is not None and person.user.is_active


def _send_one(organisation: Organisation, person: Practitioner, hour: datetime, now: datetime) -> bool:
    # The door is tried first: while no mail can be sent at all, nothing is marked as sent.
    with get_connection() as connection:
        with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="digest"):
            cause = Cause(f"digest {day_of(hour, organisation)}", SEND_DIGEST, person.pk)
            # Held, its notices stay unsent: they leave when somebody lets them go, or with the next day's mail.
            is_held = _waits(person, hour) and not may_leave(person, cause, now=now)
            count = 0 if is_held else _claim(person, hour, now)
        if not count or person.user is None:
            return False
        try:
            _mail(organisation, person.user, person.name, count, connection).send()
        except OSError:  # smtplib's exceptions are of this kind
            logger.exception("A digest could not be sent; its alerts stay in the application")
            return False
    return True


def _told_before(person: Practitioner, before: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(practitioner=person, sent_at=None, created_at__lt=before)


def _waits(person: Practitioner, before: datetime) -> bool:
    """Whether a mail would leave: some of the alerts still need somebody who can log in."""
    told = _told_before(person, before).values("alert")
    unseen = Alert.objects.visible_to(person).open().filter(pk__in=told, acknowledged_at=None)
    return _can_log_in(person) and unseen.exists()


def _claim(person: Practitioner, before: datetime, now: datetime) -> int:
    """Mark a person's notices as sent and return how many clients still need them.

    Locked rows are another scheduler's, which is telling this person at this moment.
    """
    mine = list(_told_before(person, before).select_for_update(of=("self",), skip_locked=True))
    Notice.objects.filter(pk__in=[notice.pk for notice in mine]).update(sent_at=now)
    if not _can_log_in(person):
        return 0
    told = [notice.alert_id for notice in mine]
    unseen = Alert.objects.visible_to(person).open().filter(pk__in=told, acknowledged_at=None)
    clients = set(unseen.values_list("episode__client", flat=True))
    if clients:
        record.record_access("alert.mail", clients, purpose=f"told {person.pk}")
    return len(clients)


def _mail(organisation: Organisation, user: User, name: str, count: int, connection) -> EmailMessage:
    context = {"count": count, "name": name, "site_url": settings.SITE_URL}
    with translation.override(user.language or organisation.language):
        subject = render_to_string("sessions_app/mail/digest_subject.txt", context)
        body = render_to_string("sessions_app/mail/digest.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[user.email], connection=connection)
