"""Mails that leave by themselves: once an event and person, few a day, and held where too many would leave at once.

Not these: mails that somebody waits for at the screen (a new password, a link for a client), which have limits of
attempts of their own, and word of a change to somebody's own log-in.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.jobs.outbox import ask_for
from organisations.models import MailState, Organisation, OutgoingMail, Practitioner
from organisations.roles import Can
from organisations.web import news

A_DAY = 8
"""Most mails to one person on one day of the organisation; more are held."""
AN_HOUR, EACH = 60, 2
"""Most mails in an hour: so many, in a larger organisation two for each person who logs in."""
KEPT_FOR = timedelta(days=30)
TELL_OF_BRAKE = "organisations.tasks.tell_of_brake"
_kinds: dict[str, Promise] = {
    "organisations.tasks.send_invitation": _("Invitations"),
    "organisations.tasks.tell_of_token_request": _("Systems that ask to read clients"),
}


def register_kinds(words: Mapping[str, Promise]) -> None:
    """Called once by an app whose tasks send mails: what the mails of each task are called."""
    _kinds.update(words)


def kind_of(task: str) -> Promise | str:
    """What the mails of a task are called."""
    return _kinds.get(task, task)


@dataclass(frozen=True)
class Cause:
    """Why a mail is to leave: what happened, and the task that with `object_id` makes the mail anew.

    Without a task a periodic job makes it anew.
    """

    event: str
    task: str
    object_id: UUID


@transaction.atomic
def may_leave(person: Practitioner, cause: Cause, *, now: datetime | None = None, urgent: bool = False) -> bool:
    """Whether a mail leaves for this person now; what is decided is written down in the transaction.

    False where it left before, is held or was dropped. What is `urgent` is counted and leaves once, but is never held.
    """
    now = now or timezone.now()
    # One decision at a time, so that two schedulers count one after the other.
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=person.organisation_id)
    mine = OutgoingMail.objects.filter(organisation=organisation, practitioner=person)
    again = Q(event=cause.event) | Q(task=cause.task, object_id=cause.object_id)
    released = mine.filter(again, state=MailState.RELEASED).first()
    if released is not None:
        released.state, released.at = MailState.SENT, now
        released.save(update_fields=["state", "at"])
        return True
    if mine.filter(event=cause.event).exists():
        return False
    fits = urgent or _fits(organisation, person, now)
    if fits:
        # What was held of the same and not decided upon is in this mail too.
        mine.filter(again, state=MailState.HELD).update(state=MailState.DROPPED)
    elif not count_held(organisation):
        _tell_of_brake(organisation)
    state = MailState.SENT if fits else MailState.HELD
    about = {"event": cause.event, "task": cause.task, "object_id": cause.object_id}
    OutgoingMail.objects.create(organisation=organisation, practitioner=person, state=state, at=now, **about)
    return fits


def held(by: Practitioner) -> Counter[str]:
    """How many mails are held in the person's organisation, by the task that makes them."""
    rows = OutgoingMail.objects.visible_to(by).filter(state=MailState.HELD)
    return Counter(rows.values_list("task", flat=True))


def count_held(organisation: Organisation) -> int:
    """How many mails are held in an organisation."""
    return OutgoingMail.objects.filter(organisation=organisation, state=MailState.HELD).count()


@transaction.atomic
def release(*, by: Practitioner) -> int:
    """Let all held mails go; returns how many. Each is made anew: what nobody needs any more is not sent."""
    rows = list(OutgoingMail.objects.visible_to(by).filter(state=MailState.HELD).select_for_update(of=("self",)))
    OutgoingMail.objects.filter(pk__in=[row.pk for row in rows]).update(state=MailState.RELEASED, at=timezone.now())
    for task, object_id in sorted({(row.task, row.object_id) for row in rows if row.task}):
        ask_for(task, organisation_id=by.organisation_id, object_id=object_id)
    return len(rows)


@transaction.atomic
def drop(*, by: Practitioner) -> int:
    """Send none of the held mails; returns how many. What they are about stands in the application all the same."""
    rows = OutgoingMail.objects.visible_to(by).filter(state=MailState.HELD)
    return rows.update(state=MailState.DROPPED, at=timezone.now())


@transaction.atomic
def hold_again(*, by: Practitioner) -> int:
    """Take the dropping of the last ten minutes back; returns how many are held again."""
    since = timezone.now() - timedelta(minutes=10)
    rows = OutgoingMail.objects.visible_to(by).filter(state=MailState.DROPPED, at__gte=since)
    return rows.update(state=MailState.HELD)


def forget(organisation: Organisation, now: datetime) -> int:
    """Delete what was decided more than a month ago; returns how many rows."""
    return OutgoingMail.objects.filter(organisation=organisation, at__lt=now - KEPT_FOR).delete()[0]


def administrators(organisation: Organisation) -> list[Practitioner]:
    """Who decides about held mails."""
    people = Practitioner.objects.filter(organisation=organisation, is_active=True, user__is_active=True)
    return [person for person in people.select_related("user") if person.can(Can.MANAGE_PEOPLE)]


def _fits(organisation: Organisation, person: Practitioner, now: datetime) -> bool:
    sent = OutgoingMail.objects.filter(organisation=organisation, state=MailState.SENT)
    zone = ZoneInfo(organisation.time_zone)
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    if sent.filter(practitioner=person, at__gte=midnight).count() >= A_DAY:
        return False
    people = Practitioner.objects.filter(organisation=organisation, is_active=True, user__is_active=True).count()
    return sent.filter(at__gt=now - timedelta(hours=1)).count() < max(AN_HOUR, EACH * people)


def _tell_of_brake(organisation: Organisation) -> None:
    """The first mail that is held: the administrators' open pages and one mail to each say so."""
    ask_for(TELL_OF_BRAKE, organisation_id=organisation.pk, object_id=organisation.pk)
    news.tell([person.pk for person in administrators(organisation)])
