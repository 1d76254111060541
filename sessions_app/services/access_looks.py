"""What counts as looking at a client, and what a program reads as its work."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Func, Q, QuerySet, UUIDField

from organisations.models import AccessEvent, Organisation

# Lists of the API that hold what clients answered or said, or what was written or agreed about them: reading one is a
# look at every client in it. The pages' lists (today, the clients, a group) show who there is, and are no look at each.
LISTS = frozenset(
    f"{kind}.list"
    for kind in ("consent", "episode", "session", "rating", "note", "remark", "decision", "goal", "alert")
)
# A program reads the same again each night, or once a month.
HABIT = timedelta(days=35)


@dataclass(frozen=True)
class Look:
    """A person or a system read something of one kind ("note") about a client; `by_program`: in a list of the API."""

    who: UUID
    client: UUID
    kind: str
    by_program: bool


def counted_looks(organisation: Organisation) -> QuerySet[AccessEvent]:
    """Rows of the access log that count: of people single look-ups and LISTS, of systems whatever they read."""
    events = AccessEvent.objects.filter(organisation=organisation, practitioner__isnull=False)
    of_systems = Q(practitioner__user__isnull=True, client_ids__len__gt=0)
    return events.filter(Q(client_ids__len=1) | Q(action__in=LISTS) | of_systems).select_related("practitioner")


def looks_in(event: AccessEvent) -> Iterator[Look]:
    """The looks of a row, one a client."""
    if event.practitioner is None:
        return
    by_program = event.action in LISTS or event.practitioner.user_id is None
    kind = event.action.partition(".")[0]
    for client in event.client_ids:
        yield Look(event.practitioner.pk, client, kind, by_program)


def usual_looks(looks: Iterable[Look], until: datetime) -> set[Look]:
    """Return the looks of programs that had read the same kind of the same client within HABIT before `until`."""
    looks = {look for look in looks if look.by_program}
    if not looks:
        return set()
    before = AccessEvent.objects.filter(
        Q(practitioner__user__isnull=True) | Q(action__in=LISTS),
        practitioner__in={look.who for look in looks},
        client_ids__overlap=list({look.client for look in looks}),
        at__gt=until - HABIT,
        at__lte=until,
    )
    client = Func(F("client_ids"), function="unnest", output_field=UUIDField())
    rows = before.annotate(client=client).values_list("practitioner", "action", "client").distinct()
    known = {(who, action.partition(".")[0], client) for who, action, client in rows}
    return {look for look in looks if (look.who, look.kind, look.client) in known}
