"""Messages between the contact persons of one client: written and taken note of, on pages only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, PairMessage
from clients.services.clients import lock_client
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.models import Practitioner
from organisations.web import news

MOST = 20
"""So many messages stand on Today; the others follow once these are read."""


def other_of(client: Client, by: Practitioner) -> Practitioner | None:
    """The other contact person of a client, None for whoever is none of the two or has nobody beside them."""
    pair = {client.contact_id: client.second_contact, client.second_contact_id: client.contact}
    return pair.get(by.pk)


@dataclass(frozen=True)
class PairLine:
    """What a client's page says of its contact persons: whom one can write to, who is away, who takes the next one."""

    other: Practitioner | None
    unread: int
    away: tuple[Practitioner, ...]
    next: Practitioner | None


def with_unread(clients: QuerySet[Client], by: Practitioner) -> QuerySet[Client]:
    """Adds `unread`: how many messages of the other contact person one has not taken note of."""
    unread = PairMessage.objects.unread_by(by).filter(client=OuterRef("pk")).order_by()
    return clients.annotate(unread=Coalesce(Subquery(unread.values("client").annotate(n=Count("pk")).values("n")), 0))


def pair_line(client: Any, by: Practitioner, today: date) -> PairLine:
    """Of a client that was read by `with_unread`, with its contact persons; no query."""
    people = (client.contact, client.second_contact)
    away = tuple(person for person in people if person is not None and person.is_away(today))
    return PairLine(other_of(client, by), client.unread, away, client.next_contact)


def messages_to(by: Practitioner) -> list[PairMessage]:
    """What the other contact persons wrote and this person has not taken note of, the oldest first; one query."""
    return _unread_messages(by)


@written_once
def _unread_messages(by: Practitioner):
    found = PairMessage.objects.unread_by(by).select_related("client", "written_by")
    return found.order_by("written_at", "pk")[:MOST]


@transaction.atomic
def write_message(*, client: Client, text: str, by: Practitioner) -> PairMessage:
    """Tell the other contact person something; their open pages hear that there is news, and no mail goes out.

    ValidationError without words, and where `by` has nobody to tell.
    """
    client = lock_client(client)
    other = other_of(client, by)
    if other is None:
        raise ValidationError(_("Only one of two contact persons can write to the other one."))
    if not text.strip():
        raise ValidationError({"text": _("Write what the other one should know.")})
    message = PairMessage(organisation_id=client.organisation_id, client=client, text=text.strip(), written_by=by)
    message.full_clean(exclude=["organisation", "client", "written_by", "read_by"])
    message.save(force_insert=True)
    record_access("pair.write", [client.pk])
    news.tell([other.pk])
    return message


@transaction.atomic
def take_note(*, message: PairMessage, by: Practitioner) -> PairMessage:
    """Somebody else than the writer has read it; the first one stands."""
    message = PairMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.read_at is None and message.written_by_id != by.pk:
        message.read_at, message.read_by = timezone.now(), by
        message.save(update_fields=["read_at", "read_by"])
    record_access("pair.read", [message.client_id])
    return message


@transaction.atomic
def keep_unread(*, message: PairMessage, by: Practitioner) -> PairMessage:
    """Take that back: it asks for attention again."""
    message = PairMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.read_by_id == by.pk:
        message.read_at = message.read_by = None
        message.save(update_fields=["read_at", "read_by"])
    record_access("pair.read", [message.client_id])
    return message
