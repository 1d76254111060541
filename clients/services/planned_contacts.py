"""Who takes over clients on a day to come: written down now, carried out in the night when it comes.

One plan a client: whoever plans last is right. A taker who could not take over any more is left out then, and the
client stays with whom it is.
"""

from dataclasses import replace
from datetime import date

from clients.models import Client
from clients.services.caseload import PLANNED, refuse_unseen, shown_to_admin, without_taker_refused
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.services.caseload import CaseloadClient, HandOver


def plan_contacts(*, from_: Practitioner, to: HandOver, by: Practitioner) -> int:
    """Write down who takes over from somebody, instead of what was planned for them before; returns of how many.

    ValidationError for a taker who may not see the client; unless it is for `later`, for a client without one too.
    """
    clients = without_taker_refused(from_, to)
    refuse_unseen(clients, to)
    forget_plan(from_)
    for client in clients:
        client.planned_contact, client.planned_for = to.takers[client.pk], from_
        client.planned_note = to.note_of(client.pk)
        client.save(update_fields=PLANNED)
    record_access("client.plan_hand_over", [client.pk for client in clients])
    return len(clients)


def planned(person: Practitioner, on: date) -> HandOver:
    """What is written down, without takers who have left or see the client no more; a query for each taker."""
    clients = list(_planned_for(person).select_related("planned_contact__user", "planned_contact__organisation"))
    takers = {client.planned_contact for client in clients}
    seen = {
        taker: set(Client.objects.in_teams_of(taker).filter(planned_for=person).values_list("pk", flat=True))
        for taker in takers
        if taker is not None and taker.can_be_contact and not taker.access_is_over(on)
    }
    fit = [client for client in clients if client.pk in seen.get(client.planned_contact, ())]
    takes = {client.pk: client.planned_contact for client in fit if client.planned_contact is not None}
    return HandOver(takes, on, notes={client.pk: client.planned_note for client in fit})


def planned_to_admin(person: Practitioner) -> list[CaseloadClient]:
    """The clients of a plan as an administrator sees them; `contact` is who takes over."""
    takers = dict(_planned_for(person).values_list("pk", "planned_contact__name"))
    return [replace(one, contact=takers[one.id]) for one in shown_to_admin(_planned_for(person), person)]


def forget_plan(person: Practitioner) -> None:
    """Take back what was written down."""
    for client in _planned_for(person).select_for_update(of=("self",)).order_by("pk"):
        client.planned_contact, client.planned_for, client.planned_note = None, None, ""
        client.save(update_fields=PLANNED)


def _planned_for(person: Practitioner):
    found = Client.objects.filter(organisation=person.organisation_id, planned_for=person, merged_into=None)
    return found.select_related("organisation")
