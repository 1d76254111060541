"""What keeps a client's records beside a legal hold: that nothing of them is used, and what they asked for by law."""

from collections.abc import Collection, Iterator
from uuid import UUID

from clients.models import Restriction, SubjectRequest
from clients.retention.due import HoldPeriod, WhyKept


def erasure_stops(clients: Collection[UUID]) -> Iterator[tuple[UUID, HoldPeriod]]:
    """(client, what keeps the records) of each request that waits and each restriction that stands; two queries.

    Who asks to see their data would be told of nothing else, and who asked for a restriction may need them.
    """
    asked = SubjectRequest.objects.waiting().filter(client__in=clients)
    for client, since in asked.values_list("client", "arrived_on"):
        yield client, HoldPeriod(since, why=WhyKept.ASKED)
    restricted = Restriction.objects.standing().filter(client__in=clients)
    for client, since in restricted.values_list("client", "set_on"):
        yield client, HoldPeriod(since, why=WhyKept.RESTRICTED)
