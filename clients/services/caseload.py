"""Hand a contact person's clients over to colleagues."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from clients.models import Client, ClientBlock
from organisations.audit.record import record_access
from organisations.models import Membership, Practitioner
from organisations.services.caseload import CaseloadClient, HandOver

CHANGED = ("contact", "second_contact", "next_contact")


def caseload_clients(practitioner: Practitioner) -> list[CaseloadClient]:
    """The clients that the person is first or second contact of, as an admin may see them."""
    return _shown(_caseload_of(practitioner), practitioner)


def out_of_sight(practitioner: Practitioner) -> list[CaseloadClient]:
    """Return a person's current clients that they share no team with, as an admin may see them."""
    unseen = _caseload_of(practitioner).current().exclude(pk__in=Client.objects.visible_to(practitioner).values("pk"))
    return _shown(unseen, practitioner)


def _shown(clients, leaving: Practitioner) -> list[CaseloadClient]:
    found = list(clients.prefetch_related("teams").order_by("is_blocked", "reference"))
    record_access("client.list_caseload", [client.pk for client in found])
    takers = _takers_by_team(found, leaving)
    return [
        CaseloadClient(
            id=client.pk,
            reference=_name_of(client),
            teams=[] if _is_blocked(client) else sorted(team.name for team in client.teams.all()),
            takers=sorted({one for team in client.teams.all() for one in takers[team.pk]}, key=lambda one: one.name),
            archived=client.archived_at is not None,
        )
        for client in found
    ]


def _name_of(client: Client) -> str:
    """An administrator hands every client over, and learns no name of one who is blocked for them."""
    return _("A blocked client") if _is_blocked(client) else client.reference


def _is_blocked(client: Client) -> bool:
    return bool(vars(client)["is_blocked"])  # annotated in _caseload_of; never taken for a no where it is missing


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
    see the client; an archived one may end up without a contact person.
    """
    # Sorted by key, so that two hand-overs at once take their locks in one order.
    caseload = list(_caseload_of(from_).select_for_update(of=("self",)).order_by("pk"))
    _refuse_left(caseload, to)
    _refuse_unseen(caseload, to)
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
        client.contact_since, client.contact_note = to.on, to.note.strip()
        client.save(update_fields=[*CHANGED, "contact_since", "contact_note"])
    record_access("client.hand_over", [client.pk for client in caseload])
    return len(caseload)


def _caseload_of(practitioner: Practitioner):
    mine = Q(contact=practitioner) | Q(second_contact=practitioner)
    is_blocked = Exists(ClientBlock.objects.standing().filter(client=OuterRef("pk")))
    return Client.objects.filter(mine, merged_into=None).select_related("organisation").annotate(is_blocked=is_blocked)


def _refuse_left(caseload: list[Client], to: HandOver) -> None:
    left = [_name_of(client) for client in caseload if not client.archived_at and client.pk not in to.takers]
    if left:
        raise ValidationError(
            {
                "successor": _("Choose who takes over these clients too: %(references)s.")
                % {"references": ", ".join(sorted(left))}
            }
        )


def _refuse_unseen(caseload: list[Client], to: HandOver) -> None:
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
