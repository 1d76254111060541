"""The data keys that clients' words are sealed with: one a client, wrapped by a key outside the database."""

import logging
import secrets
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import pgtrigger
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models import Practitioner, TenantModel
from organisations.tenancy.context import tenant
from organisations.word_keys.keepers import KeyUnreachable, Wrapped, keeper

KEPT_SECONDS = 5  # an opened key stays in this process's memory: a page asks once, and a destroyed key is soon gone
WAITING = 5000  # keys of rows that were read and whose words nobody looked at yet

logger = logging.getLogger(__name__)


class WordKeyQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Nobody sees keys: they are used, and shown nowhere."""
        return self.none()

    def standing(self):
        """Those that were not destroyed."""
        return self.filter(destroyed_at=None)


@data_classes(identity="client destroyed_by", technical="id organisation wrapped_by wrapped made_at destroyed_at")
@without_history("a key that was destroyed must stand nowhere else")
class WordKey(TenantModel):
    """A client's data key. Destroyed, it opens nothing any more: neither rows nor their history."""

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="word_keys")
    wrapped_by = models.CharField(max_length=40, blank=True)
    wrapped = models.BinaryField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)
    destroyed_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")

    objects = WordKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "client"], condition=Q(destroyed_at=None), name="word_key_once"
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at=None, wrapped__isnull=False) | Q(destroyed_at__isnull=False, wrapped=None),
                name="word_key_there_or_destroyed",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "wrapped_by"])]
        triggers = [
            # A lost key is as many lost words: no row goes that was not destroyed on purpose.
            pgtrigger.Protect(
                name="only_destroyed_ones_go",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__destroyed_at__isnull=True),
            )
        ]


@dataclass(frozen=True)
class OpenedKey:
    """A key as it is used; `cipher` is None for one that was destroyed, or that nothing here unwraps."""

    id: UUID
    client_id: UUID
    cipher: AESGCM | None
    destroyed: bool
    until: float

    def __reduce__(self):
        raise TypeError("a key is neither stored nor sent")


class _Memory(threading.local):
    """Of one thread: keys that were opened a moment ago, and ids of keys that rows were read of."""

    def __init__(self) -> None:
        self.opened: dict[UUID, OpenedKey] = {}
        self.waiting: dict[UUID, None] = {}


_memory = _Memory()


def forget_opened_keys() -> None:
    """Ask the database and the keeper again: a key was destroyed, or a test begins."""
    _memory.opened.clear()
    _memory.waiting.clear()


def will_be_asked_for(key_id: UUID) -> None:
    """A row was read whose words this key seals: it is opened along with the first one that is needed.

    So is one that will soon be forgotten: else each would be asked for by itself in the middle of a slow page.
    """
    known = _memory.opened.get(key_id)
    soon = time.monotonic() + KEPT_SECONDS / 2
    if (known is None or known.until < soon) and len(_memory.waiting) < WAITING:
        _memory.waiting[key_id] = None


def opened_key(key_id: UUID, organisation_id: UUID, using: str) -> OpenedKey | None:
    """The key by its id, None where the organisation has none like it; one query for all that wait.

    Keys that were opened together are forgotten together, and opened together again.
    """
    now = time.monotonic()
    known = _memory.opened.get(key_id)
    if known is None or known.until < now:
        together = [key for key, found in _memory.opened.items() if known and found.until == known.until]
        _forget_before(now)
        wanted = list(dict.fromkeys([key_id, *_memory.waiting, *together]))
        _memory.waiting.clear()
        if not _load(WordKey.objects.using(using).filter(pk__in=wanted), key_id):
            # The words are looked at after the transaction of the organisation that they were read in.
            with tenant(organisation_id):
                _load(WordKey.objects.filter(pk=key_id), key_id)
        known = _memory.opened.get(key_id)
    return known


def _forget_before(now: float) -> None:
    _memory.opened = {key: found for key, found in _memory.opened.items() if found.until >= now}


def _load(rows: Iterable[WordKey], wanted: UUID | None = None) -> bool:
    found = list(rows)
    there = [row for row in found if row.wrapped is not None]
    try:
        data_keys = dict(zip((row.pk for row in there), keeper().unwrap(_bound(there)), strict=True)) if there else {}
    except KeyUnreachable as error:
        logger.error("word keys cannot be opened: %s", error)
        data_keys = {}
    until = time.monotonic() + KEPT_SECONDS
    for row in found:
        data_key = data_keys.get(row.pk)
        cipher = AESGCM(data_key) if data_key else None
        _memory.opened[row.pk] = OpenedKey(row.pk, row.client_id, cipher, row.destroyed_at is not None, until)
    return any(row.pk == wanted for row in found)


def _bound(rows: Sequence[WordKey]) -> list[tuple[Wrapped, bytes]]:
    return [(Wrapped(row.wrapped_by, bytes(row.wrapped or b"")), bound_to(row)) for row in rows]


def bound_to(row: WordKey) -> bytes:
    """What a wrapped key is tied to: put into another client's row it opens nothing."""
    return f"medspil word key 1|{row.organisation_id}|{row.client_id}|{row.pk}".encode("ascii")


def keys_to_seal_with(
    clients: Iterable[UUID], organisation_id: UUID, using: str = "default"
) -> dict[UUID, tuple[UUID, AESGCM]]:
    """The standing key of each client with its id, made with the first word. KeyUnreachable where one cannot be used.

    They are asked of the database each time: a key that this transaction made is gone with it when it fails.
    """
    wanted = set(clients)
    rows = WordKey.objects.using(using).standing().filter(client__in=wanted, organisation=organisation_id)
    found = list(rows)
    if missing := wanted - {row.client_id for row in found}:
        _make(missing, organisation_id, using)
        found = list(rows.all())  # where somebody else made one meanwhile, theirs
    _forget_before(time.monotonic())  # whoever only writes, as an import of many clients does, keeps no more either
    known = {row.pk: _memory.opened.get(row.pk) for row in found}
    _load([row for row in found if (key := known[row.pk]) is None or key.cipher is None])
    opened = ((row, _memory.opened[row.pk].cipher) for row in found)
    keys = {row.client_id: (row.pk, cipher) for row, cipher in opened if cipher is not None}
    if keys.keys() != wanted:
        raise KeyUnreachable("a client's key cannot be opened")
    return keys


def _make(clients: Iterable[UUID], organisation_id: UUID, using: str) -> None:
    rows = [WordKey(client_id=client, organisation_id=organisation_id) for client in sorted(clients)]
    wrapped = keeper().wrap([(secrets.token_bytes(32), bound_to(row)) for row in rows])
    for row, (key_id, content) in zip(rows, wrapped, strict=True):
        row.wrapped_by, row.wrapped = key_id, content
    WordKey.objects.using(using).bulk_create(rows, ignore_conflicts=True)


def rewrap(rows: WordKeyQuerySet, at_a_time: int) -> int:
    """Wrap up to so many of these keys with the newest one; how many there were. Inside the caller's transaction."""
    newest = keeper().newest()
    found = list(
        rows.standing().exclude(wrapped_by=newest).order_by("pk").select_for_update(skip_locked=True)[:at_a_time]
    )
    data_keys = keeper().unwrap(_bound(found)) if found else []
    if None in data_keys:
        raise KeyUnreachable("a key is wrapped by one that is not there any more")
    pairs = [(data_key or b"", bound_to(row)) for data_key, row in zip(data_keys, found, strict=True)]
    for row, wrapped in zip(found, keeper().wrap(pairs) if pairs else [], strict=True):
        row.wrapped_by, row.wrapped = wrapped
    with transaction.atomic():
        WordKey.objects.bulk_update(found, ["wrapped_by", "wrapped"])
    return len(found)
