"""Answers kept for repeated requests: reserved before the work, stored with it, gone a day later."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from organisations.models import ApiToken, KeptAnswer

KEPT_FOR = timedelta(hours=24)


def reserve(*, token: ApiToken, key: str, request_hash: bytes, kept_for: timedelta) -> tuple[KeptAnswer, bool]:
    """(row, whether it is new). Whoever else reserves the key waits until this transaction ends.

    If it is undone, the other one gets the key: a refused request is not kept.
    """
    same = KeptAnswer.objects.filter(token=token, key=key)
    same.filter(created_at__lt=timezone.now() - kept_for).delete()
    row = KeptAnswer(organisation_id=token.organisation_id, token=token, key=key, request_hash=request_hash)
    KeptAnswer.objects.bulk_create([row], ignore_conflicts=True)
    stored = same.get()
    return stored, stored.pk == row.pk


def store(row: KeptAnswer, *, status: int, body: str, of: Iterable[UUID]) -> None:
    """The answer, and whose data it holds."""
    row.status, row.body, row.client_ids = status, body, sorted(of)
    row.save(update_fields=["status", "body", "client_ids"])


def forget(older_than: timedelta) -> int:
    """Delete the open tenant's answers that are older; returns how many."""
    return KeptAnswer.objects.filter(created_at__lt=timezone.now() - older_than).delete()[0]
