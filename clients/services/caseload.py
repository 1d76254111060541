"""Hand a contact person's clients over to colleagues."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from clients.models import Client, ClientBlock
from clients.models.client import ClientQuerySet
from organisations.audit.record import record_access
from organisations.models import Membership, Organisation, Practitioner
from organisations.services.caseload import CaseloadClient, HandOver
from organisations.services.local_day import today_in

CHANGED = ("contact", "second_contact", "next_contact", "returns_to")
PLANNED = ("planned_contact", "planned_for", "planned_note")


def caseload_clients(practitioner: Practitioner) -> list[CaseloadClient]:
    """The clients that the person is first or second contact of, as an admin may see them."""
    return shown_to_admin(_caseload_of(practitioner), practitioner)


def out_of_sight(practitioner: Practitioner) -> list[CaseloadClient]:
    """Return a person's current clients that they share no team with, as an admin may see them."""
    unseen = _caseload_of(practitioner).current().exclude(pk__in=Client.objects.visible_to(practitioner).values("pk"))
    return shown_to_admin(unseen, practitioner)


def others(leaving: Practitioner, keys: Iterable[UUID]) -> list[CaseloadClient]:
    """Return clients whose contact person somebody else is, but of which something hangs on the person."""
    keys = set(keys)
    if not keys:
        return []
    found = Client.objects.filter(organisation=leaving.organisation_id, pk__in=keys).select_related("contact__user")
    whose = {client.pk: client.contact for client in found}
    shown = shown_to_admin(found, leaving)
    return [replace(one, beyond=True, has_other=_has_other(whose[one.id], leaving)) for one in shown]


def left(organisation: Organisation, gone: Iterable[UUID]) -> Mapping[UUID, int]:
    """Of how many current clients each of these people is a contact person; one query."""
    keys = set(gone)
    found: Counter[UUID] = Counter()
    mine = Q(contact__in=keys) | Q(second_contact__in=keys)
    clients = Client.objects.filter(mine, organisation=organisation, merged_into=None).current()
    for pair in clients.values_list("contact", "second_contact"):
        found.update({one for one in pair if one in keys})
    return found


def left_clients(by: Practitioner) -> ClientQuerySet:
    """Return the current clients that a person sees and that wait for somebody: a contact person of theirs is gone."""
    gone = Practitioner.objects.filter(organisation=by.organisation_id).gone(today_in(by.organisation)).values("pk")
    clients = Client.objects.visible_to(by).current().filter(is_practice=False)
    return clients.filter(Q(contact__in=gone) | Q(second_contact__in=gone)).alphabetical()


def shown_to_admin(clients, leaving: Practitioner) -> list[CaseloadClient]:
    """Clients as an administrator sees them, with who could have them instead of one person."""
    is_blocked = Exists(ClientBlock.objects.standing().filter(client=OuterRef("pk")))
    told = clients.annotate(is_blocked=is_blocked).select_related("contact__user").prefetch_related("teams")
    found = list(told.order_by("is_blocked", "reference"))
    record_access("client.list_caseload", [client.pk for client in found])
    takers = _takers_by_team(found, leaving)
    return [
        CaseloadClient(
            id=client.pk,
            reference=_name_of(client),
            teams=[]
            if _is_blocked(client) or client.is_protected
            else sorted(team.name for team in client.teams.all()),
            takers=sorted({one for team in client.teams.all() for one in takers[team.pk]}, key=lambda one: one.name),
            archived=client.archived_at is not None,
            contact=client.contact.name if client.contact is not None else "",
        )
        for client in found
    ]


def _name_of(client: Client) -> str:
    """An administrator hands every client over, and learns no name of one who is blocked for them."""
    return _("A blocked client") if _is_blocked(client) else client.reference


def _is_blocked(client: Client) -> bool:
    """Annotated where many are shown; asked for where a refusal names one."""
    annotated = vars(client).get("is_blocked")
    return client.blocks.standing().exists() if annotated is None else bool(annotated)


def _has_other(contact: Practitioner | None, leaving: Practitioner) -> bool:
    return contact is not None and contact.pk != leaving.pk and contact.can_be_contact


def _takers_by_team(clients: Iterable[Client], leaving: Practitioner) -> dict[UUID, set[Practitioner]]:
    """Who in the clients' teams can be a contact person; one query."""
    found: dict[UUID, set[Practitioner]] = defaultdict(set)
    teams = {team.pk for client in clients for team in client.teams.all()}
    contacts = Practitioner.objects.filter(organisation=leaving.organisation_id).contacts().exclude(pk=leaving.pk)
    rows = Membership.objects.filter(team__in=teams, practitioner__in=contacts)
    for row in rows.select_related("practitioner__user"):
        found[row.team_id].add(row.practitioner)
    return found


@transaction.atomic
def hand_over_caseload(*, from_: Practitioner, to: HandOver, by: Practitioner) -> int:
    """Make others the contact persons wherever `from_` is one, as `to` says; returns how many clients.

    Sessions keep who held them. ValidationError for a current client without a taker, and for a taker who could not
    see the client; an archived one may end up without a contact person. Handed over `later`, one without a taker stays
    as it is, an archived one too.
    """
    # Sorted by key, so that two hand-overs at once take their locks in one order.
    caseload = list(_caseload_of(from_).select_for_update(of=("self",)).order_by("pk"))
    if to.later:
        caseload = [client for client in caseload if client.pk in to.takers]
    _refuse_left(caseload, to)
    refuse_unseen(caseload, to)
    for client in caseload:
        taker = to.takers.get(client.pk)
        if client.contact_id == from_.pk:
            client.contact = taker
        if client.second_contact_id == from_.pk:
            client.second_contact = taker
        if client.next_contact_id == from_.pk:
            client.next_contact = taker
        if client.second_contact_id == client.contact_id:
            client.second_contact = None
        if client.returns_to_id in (client.contact_id, client.second_contact_id):
            client.returns_to = None
        if client.planned_for_id == from_.pk:
            client.planned_contact, client.planned_for, client.planned_note = None, None, ""
        client.contact_since, client.contact_note = to.on, to.note_of(client.pk)
        client.save(update_fields=[*CHANGED, *PLANNED, "contact_since", "contact_note"])
    _of_leave(from_).update(returns_to=None)  # they come back to nobody
    record_access("client.hand_over", [client.pk for client in caseload])
    return len(caseload)


def _of_leave(person: Practitioner):
    return Client.objects.filter(organisation=person.organisation_id, returns_to=person)


def _caseload_of(practitioner: Practitioner):
    mine = Q(contact=practitioner) | Q(second_contact=practitioner)
    return Client.objects.filter(mine, merged_into=None).select_related("organisation")


def _refuse_left(caseload: list[Client], to: HandOver) -> None:
    left = [_name_of(client) for client in caseload if not client.archived_at and client.pk not in to.takers]
    if left:
        raise ValidationError(
            {
                "successor": _("Choose who takes over these clients too: %(references)s.")
                % {"references": ", ".join(sorted(left))}
            }
        )


def without_taker_refused(from_: Practitioner, to: HandOver) -> list[Client]:
    """The caseload's clients who have a taker, locked; ValidationError where one has none, unless it is for `later`."""
    caseload = list(_caseload_of(from_).select_for_update(of=("self",)).order_by("pk"))
    if not to.later:
        _refuse_left(caseload, to)
    return [client for client in caseload if client.pk in to.takers]


def refuse_unseen(caseload: list[Client], to: HandOver) -> None:
    """ValidationError where somebody could not see a client whom they would take over."""
    by_taker: dict[Practitioner, list[Client]] = defaultdict(list)
    for client in caseload:
        if not client.archived_at and client.pk in to.takers:
            by_taker[to.takers[client.pk]].append(client)
    for taker, clients in by_taker.items():
        seen = set(Client.objects.in_teams_of(taker).values_list("pk", flat=True))
        unseen = [_name_of(client) for client in clients if client.pk not in seen]
        if unseen:
            raise ValidationError(
                {
                    "successor": _("%(name)s is not in a team of these clients and could not see them: %(references)s.")
                    % {"name": taker.name, "references": ", ".join(sorted(unseen))}
                }
            )
