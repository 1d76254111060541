"""Records that were merged into another one: they lead there."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from clients.models import Client
from organisations.models import Practitioner


def merged_record(practitioner: Practitioner, key: UUID) -> Client | None:
    """The emptied record of that key, with where it leads, if the practitioner may see that one."""
    found = Client.objects.merged_visible_to(practitioner).select_related("merged_into")
    return found.filter(pk=key).first()


def with_merged(practitioner: Practitioner) -> QuerySet[Client]:
    """The clients that a practitioner may see, and the emptied records of those."""
    merged = Client.objects.merged_visible_to(practitioner).values("pk")
    visible = Client.objects.visible_to(practitioner).values("pk")
    return Client.objects.filter(pk__in=visible) | Client.objects.filter(pk__in=merged)


def keys_of_all_records(client: Client) -> list[UUID]:
    """The client's own key and those of the records that were merged into it."""
    return [client.pk, *client.merged.values_list("pk", flat=True)]


def leading_to(keys: Collection[UUID]) -> dict[UUID, UUID]:
    """Of these clients those that were merged, and into whom."""
    merged = Client.objects.filter(pk__in=keys).exclude(merged_into=None)
    return {pk: into for pk, into in merged.values_list("pk", "merged_into") if into is not None}


def once_named(part: str) -> QuerySet:
    """The keys of clients into whom a record was merged whose reference has that part."""
    return Client.objects.filter(reference__icontains=part).exclude(merged_into=None).values("merged_into")
