"""Who has a reason to look at whom: what explains a look-up without asking."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F

from clients.models import Client, ClientTeam
from clients.services.merged_records import leading_to
from sessions_app.models import Notice, OpenedCase, Session

Pair = tuple[UUID, UUID]  # a practitioner and a client
AROUND = timedelta(days=1)  # an appointment is prepared the day before and written up the day after


def related(pairs: Collection[Pair], day: date) -> set[Pair]:
    """The pairs with a relation: contact person, a session held, a mail about an alert, on the team's list of
    appointments around `day`, or a case opened to a consultant. Being in the same team is none: that explains the
    right to look, not the look.

    A look at a record that was merged since is one at the record that stays.
    """
    into = leading_to({client for _, client in pairs})
    found = _related({*pairs, *((person, into[client]) for person, client in pairs if client in into)}, day)
    return {(person, client) for person, client in pairs if {(person, client), (person, into.get(client))} & found}


def _related(pairs: Collection[Pair], day: date) -> set[Pair]:
    people, clients = {person for person, _ in pairs}, {client for _, client in pairs}
    found: set[Pair] = set()
    for contact in ("contact", "second_contact"):
        found |= set(Client.objects.filter(pk__in=clients, **{f"{contact}__in": people}).values_list(contact, "pk"))
    held = Session.objects.filter(client__in=clients, practitioner__in=people)
    found |= set(held.values_list("practitioner", "client").distinct())
    told = Notice.objects.filter(practitioner__in=people, alert__episode__client__in=clients)
    found |= set(told.values_list("practitioner", "alert__episode__client").distinct())
    opened = OpenedCase.objects.filter(consultant__in=people, episode__client__in=clients)
    found |= set(opened.values_list("consultant", "episode__client").distinct())
    listed = ClientTeam.objects.filter(
        client__in=clients,
        client__next_on__range=(day - AROUND, day + AROUND),
        team__memberships__practitioner__in=people,
    )
    found |= set(listed.annotate(person=F("team__memberships__practitioner")).values_list("person", "client"))
    return found.intersection(pairs)
