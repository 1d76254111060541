"""Clients of somebody on leave: looked after by a colleague meanwhile, and back when they return."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from clients.models import Client
from clients.services.caseload import refuse_unseen, shown_to_admin
from organisations.audit.record import record_access
from organisations.history.tracking import event_model_of
from organisations.models import Practitioner
from organisations.services.caseload import CaseloadClient, HandOver

CHANGED = ("contact", "second_contact", "next_contact", "returns_to", "contact_since", "contact_note")


def lend(*, from_: Practitioner, to: HandOver, by: Practitioner) -> int:
    """Make others the contact persons until `from_` is back; returns of how many clients.

    A second contact person who looks after the client changes places with them. ValidationError for a taker who could
    not see the client.
    """
    clients = _of(from_).filter(contact=from_, pk__in=list(to.takers))
    clients = list(clients.select_for_update(of=("self",)).order_by("pk"))
    refuse_unseen(clients, to)
    for client in clients:
        taker = to.takers[client.pk]
        if client.second_contact_id == taker.pk:
            client.second_contact = from_
        elif client.next_contact_id == from_.pk:
            client.next_contact = taker
        client.contact, client.returns_to = taker, from_
        client.contact_since, client.contact_note = to.on, to.note_of(client.pk)
        client.save(update_fields=CHANGED)
    record_access("client.lend", [client.pk for client in clients])
    return len(clients)


def give_back(*, to: Practitioner, by: Practitioner | None) -> tuple[int, list[str]]:
    """Make somebody the contact person again of whom they lent out; how many, and the references of the others.

    The others are those whose teams they are in no more: they stay where they are.
    """
    clients = list(lent(to).select_for_update(of=("self",)).order_by("pk"))
    seen = set(Client.objects.visible_to(to).values_list("pk", flat=True))
    for client in clients:
        if client.pk in seen:
            stand_in = client.contact_id
            if client.second_contact_id == to.pk:
                client.second_contact = client.contact
            elif client.next_contact_id == stand_in:
                client.next_contact = to
            client.contact, client.contact_since, client.contact_note = to, None, ""
        client.returns_to = None
        client.save(update_fields=CHANGED)
    record_access("client.give_back", [client.pk for client in clients])
    stay = sorted(client.reference for client in clients if client.pk not in seen)
    return len(clients) - len(stay), stay


def lent(person: Practitioner):
    """The current clients that colleagues look after until this person is back."""
    found = Client.objects.filter(organisation=person.organisation_id, returns_to=person, merged_into=None)
    return found.select_related("organisation", "contact")


def lent_to_admin(person: Practitioner) -> list[CaseloadClient]:
    """The same as an administrator sees them."""
    return shown_to_admin(lent(person), person)


def former_clients(person: Practitioner) -> list[CaseloadClient]:
    """Current clients whose contact person somebody was and is no more, as an administrator sees them."""
    events = event_model_of(Client).objects.filter(Q(contact=person) | Q(second_contact=person))
    keys: Iterable[UUID] = events.values_list("pgh_obj", flat=True).distinct()
    clients = Client.objects.filter(organisation=person.organisation_id, pk__in=keys, merged_into=None).current()
    return shown_to_admin(clients.exclude(Q(contact=person) | Q(second_contact=person)), person)


def _of(person: Practitioner):
    found = Client.objects.filter(organisation=person.organisation_id, merged_into=None).current()
    return found.select_related("organisation")
