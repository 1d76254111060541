"""Hand a contact person's clients over to a colleague."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clients.models import Client
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.services.caseload import Charge


def charges(practitioner: Practitioner) -> list[Charge]:
    """The clients that the person is first or second contact of, as an admin may see them."""
    return _shown(_caseload_of(practitioner))


def out_of_sight(practitioner: Practitioner) -> list[Charge]:
    """Return a person's current clients that they share no team with, as an admin may see them."""
    unseen = _caseload_of(practitioner).current().exclude(pk__in=Client.objects.visible_to(practitioner).values("pk"))
    return _shown(unseen)


def _shown(clients) -> list[Charge]:
    found = list(clients.prefetch_related("teams").order_by("reference"))
    record_access("client.list_caseload", [client.pk for client in found])
    return [Charge(client.reference, sorted(team.name for team in client.teams.all())) for client in found]


@transaction.atomic
def hand_over_caseload(*, from_: Practitioner, to: Practitioner, by: Practitioner) -> int:
    """Make `to` the contact person wherever `from_` is; returns how many clients.

    Sessions keep who held them. ValidationError when `to` is not in a team of each current client.
    """
    # Sorted by key, so that two hand-overs at once take their locks in one order.
    caseload = list(_caseload_of(from_).select_for_update(of=("self",)).order_by("pk"))
    _refuse_unseen(caseload, to)
    for client in caseload:
        if client.contact_id == from_.pk:
            client.contact_id = to.pk
        if client.second_contact_id == from_.pk:
            client.second_contact_id = to.pk
        if client.second_contact_id == client.contact_id:
            client.second_contact_id = None
        client.save(update_fields=["contact", "second_contact"])
    record_access("client.hand_over", [client.pk for client in caseload])
    return len(caseload)


def _caseload_of(practitioner: Practitioner):
    mine = Q(contact=practitioner) | Q(second_contact=practitioner)
    return Client.objects.filter(mine).select_related("organisation")


def _refuse_unseen(caseload: list[Client], to: Practitioner) -> None:
    seen = set(Client.objects.visible_to(to).values_list("pk", flat=True))
    unseen = [client.reference for client in caseload if not client.archived_at and client.pk not in seen]
    if unseen:
        raise ValidationError(
            {
                "successor": _("%(name)s is not in a team of these clients and could not see them: %(references)s.")
                % {"name": to.name, "references": ", ".join(sorted(unseen))}
            }
        )
