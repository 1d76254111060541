"""A burst of look-ups without a relation: found within half a minute, told to the administrators."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organisations.audit.record import DENIED
from organisations.edits.versions import RowVersion, StoredMeanwhile
from organisations.jobs.outbox import ask_for
from organisations.models import AccessEvent, Organisation, Practitioner
from organisations.roles import Can
from organisations.services.local_day import day_of
from organisations.services.mail_brake import Cause, may_leave
from sessions_app.models import AccessAlarm
from sessions_app.services.access_looks import Look, counted_looks, looks_in, usual_looks
from sessions_app.services.access_relations import related

TELL_OF_BURST = "sessions_app.tasks.tell_of_burst"
# The same for every organisation: an organisation that could raise them could switch the alarm off.
WINDOW = timedelta(minutes=10)
# A team meeting takes minutes for a client, so it stays under 15 in ten minutes; who browses does not.
FOREIGN = 15
QUIET = timedelta(hours=1)  # what goes on is the same alarm, with a higher number


def single_looks(organisation: Organisation) -> QuerySet[AccessEvent]:
    """Look-ups of one client each by people who log in; a list of many is no look at each."""
    events = AccessEvent.objects.filter(organisation=organisation, practitioner__user__isnull=False)
    return events.filter(client_ids__len=1)


def refused_looks(organisation: Organisation) -> QuerySet[AccessEvent]:
    """Attempts at a client's data that were refused; whose it would have been is not kept."""
    return AccessEvent.objects.filter(organisation=organisation, practitioner__isnull=False, action__startswith=DENIED)


def find_bursts(organisation: Organisation, now: datetime) -> list[AccessAlarm]:
    """Raise (or raise the number of) the alarm of each person or system beyond FOREIGN in WINDOW, inside the tenant."""
    since = now - WINDOW
    handled = AccessAlarm.objects.filter(handled_at__gt=since).values("practitioner").annotate(last=Max("handled_at"))
    asked = dict(handled.values_list("practitioner", "last"))  # what was asked about is not told again
    counted = counted_looks(organisation).filter(at__gt=since, at__lte=now)
    looks = {one for event in counted for one in looks_in(event) if event.at > asked.get(one.who, since)}
    foreign = _foreign(looks, since, day_of(now, organisation))
    refused = refused_looks(organisation).filter(at__gt=since, at__lte=now)
    for person, at in refused.values_list("practitioner", "at"):
        foreign[person] += at > asked.get(person, since)
    many = {person: count for person, count in foreign.items() if count >= FOREIGN}
    return [raise_alarm(organisation, person, count, since, now) for person, count in many.items()]


def _foreign(looks: set[Look], since: datetime, day: date) -> dict[UUID, int]:
    """How many clients each looked at without a relation to them, and without a program that reads them regularly."""
    pairs = {(look.who, look.client) for look in looks}
    known = related(pairs, day) if pairs else set()
    unknown = {look for look in looks if (look.who, look.client) not in known}
    number = Counter(who for who, _client in {(look.who, look.client) for look in unknown})
    # Only where there would be an alarm: what somebody's program has read before is many rows to ask for.
    many = {look for look in unknown if number[look.who] >= FOREIGN}
    clients = {(look.who, look.client) for look in unknown - usual_looks(many, since)}
    return defaultdict(int, Counter(who for who, _client in clients))


def raise_alarm(organisation: Organisation, person: UUID, count: int, since: datetime, now: datetime) -> AccessAlarm:
    """The alarm of a person who opened `count` clients since then; one that goes on gets the higher number."""
    # Two schedulers at once raise one alarm.
    Practitioner.objects.select_for_update().get(pk=person)
    # What goes on after somebody has asked about it is a new alarm: else nobody would hear of it.
    going_on = AccessAlarm.objects.filter(practitioner=person, until__gt=now - QUIET, handled_at=None)
    alarm = going_on.order_by("-until").first()
    if alarm is None:
        alarm = AccessAlarm.objects.create(
            organisation=organisation,
            practitioner_id=person,
            clients_count=count,
            since=since,
            until=now,
            raised_at=now,
        )
        ask_for(TELL_OF_BURST, organisation_id=organisation.pk, object_id=alarm.pk)
    else:
        alarm.clients_count, alarm.until = max(alarm.clients_count, count), now
        alarm.save(update_fields=["clients_count", "until"])
    return alarm


def tell(alarm: AccessAlarm) -> int:
    """Mail the organisation's administrators that there is an alarm: no name of a client, none of the person."""
    organisation, sent = alarm.organisation, 0
    people = Practitioner.objects.filter(organisation=organisation, is_active=True, user__is_active=True)
    for person in people.select_related("user"):
        if person.user is None or not person.can(Can.MANAGE_PEOPLE):
            continue
        cause = Cause(f"alarm {alarm.pk}", TELL_OF_BURST, alarm.pk)
        if not may_leave(person, cause, urgent=True):
            continue
        context = {"name": person.name, "url": f"{settings.SITE_URL}{reverse('access-checks')}"}
        with translation.override(person.user.language or organisation.language):
            subject = render_to_string("sessions_app/mail/access_burst_subject.txt", context)
            body = render_to_string("sessions_app/mail/access_burst.txt", context)
        EmailMessage(" ".join(subject.split()), body, to=[person.user.email]).send()
        sent += 1
    return sent


def looks_of(alarm: AccessAlarm) -> list[tuple[AccessEvent, bool]]:
    """Every look-up and refused attempt of the person in the time of the alarm, oldest first, each with whether there
    is a relation by now (an appointment counts by the alarm's day): one made up afterwards hides no look."""
    organisation = alarm.organisation
    events = counted_looks(organisation) | refused_looks(organisation)
    found = list(
        events.filter(practitioner=alarm.practitioner_id, at__gt=alarm.since, at__lte=alarm.until)
        .select_related("practitioner")
        .order_by("seq")
    )
    pairs = {(alarm.practitioner_id, client) for event in found for client in event.client_ids}
    known = related(pairs, day_of(alarm.until, organisation))
    return [(event, {(alarm.practitioner_id, client) for client in event.client_ids} <= known) for event in found]


@transaction.atomic
def handle_alarm(*, alarm: AccessAlarm, note: str, by: Practitioner, version: RowVersion | None = None) -> None:
    """Close an alarm with what came of it; ValidationError (StoredMeanwhile, of a form with a `version`) when other
    words have been written down already."""
    alarm = AccessAlarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if alarm.handled_at and alarm.note == note:
        return
    if alarm.handled_at and version:
        raise StoredMeanwhile({"note": alarm.note}, [("note",)], closed=True)
    if alarm.handled_at:
        raise ValidationError(_("This alarm is closed; what came of it stays as it is."))
    alarm.note, alarm.handled_by, alarm.handled_at = note, by, timezone.now()
    alarm.full_clean()
    alarm.save(update_fields=["note", "handled_by", "handled_at"])
