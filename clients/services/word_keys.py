"""The keys of clients' words: destroyed for good, wrapped anew, and what readiness asks about them."""

from collections import Counter
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from clients.models import Client, WordKey
from clients.models.word_key import forget_opened_keys, rewrap
from clients.services.merged_records import keys_of_all_records
from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner
from organisations.tenancy.context import tenant
from organisations.word_keys.keepers import KeyUnreachable, keeper

AT_A_TIME = 200


@transaction.atomic
def shred_words(client: Client, *, by: Practitioner | None) -> int:
    """Destroy the keys of a client's words, and of the records merged into it; how many there were.

    Every sealed word is unreadable from then on, in rows and in their history alike; a page shows a sentence in its
    place. There is no way back. `by` None: a job of the clock did it. Again it changes nothing.
    """
    records = keys_of_all_records(client)
    rows = WordKey.objects.standing().filter(client__in=records, organisation=client.organisation_id)
    count = rows.select_for_update().update(wrapped=None, wrapped_by="", destroyed_at=timezone.now(), destroyed_by=by)
    if count:
        record_access("client.shred_words", records)
    forget_opened_keys()
    return count


def rotate_word_keys(at_a_time: int = AT_A_TIME) -> Iterator[int]:
    """Wrap every data key with the newest key, a few in a transaction; yields how many after each.

    Writers go on meanwhile. Interrupted, it goes on where it stopped when it is called again.
    """
    for organisation in Organisation.objects.order_by("pk"):
        while True:
            with tenant(organisation.pk):
                count = rewrap(WordKey.objects.filter(organisation=organisation), at_a_time)
            if not count:
                break
            yield count


def wrapped_by() -> Counter[str]:
    """How many data keys each key wraps, in the whole installation."""
    found: Counter[str] = Counter()
    for organisation in Organisation.objects.order_by("pk"):
        with tenant(organisation.pk):
            found.update(WordKey.objects.standing().values_list("wrapped_by", flat=True))
    return found


def words_open() -> bool:
    """Whether the keeper of keys answers and has every key that wraps a data key."""
    known = keeper()
    try:
        known.newest()
        for organisation in Organisation.objects.order_by("pk"):
            with tenant(organisation.pk):
                used = list(WordKey.objects.standing().order_by().values_list("wrapped_by", flat=True).distinct())
            if not known.knows(used):
                return False
    except KeyUnreachable:
        return False
    return True
