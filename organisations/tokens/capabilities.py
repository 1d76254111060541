"""Tokens that open exactly one thing. Only their sha-256 is stored."""

import hashlib
import json
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from organisations.history.tracking import CONTEXT
from organisations.models import Capability, CapabilityKind, OrganisationState
from organisations.tenancy.context import SETTING, USER_SETTING

# The token of a form on the client's own device; the cookie's path is that form's page, so that two never mix.
FORM_COOKIE = "medspil_form"

_SUSPENDED = OrganisationState.objects.filter(
    organisation=models.OuterRef("organisation_id"), suspended_at__isnull=False
)
_COLUMNS = [str(field.column) for field in Capability._meta.concrete_fields]
_NAMES = [field.attname for field in Capability._meta.concrete_fields]
# `find` and `history.tracking.enter` in one statement: the table is global, and its row says what to enter.
_ENTER = f"""
    SELECT {", ".join(f"found.{column}" for column in _COLUMNS)},
        EXISTS (
            SELECT FROM organisations_organisationstate state
            WHERE state.organisation_id = found.organisation_id AND state.suspended_at IS NOT NULL
        ),
        set_config(%s, found.organisation_id::text, true), set_config(%s, %s, true), set_config(%s, '', true)
    FROM organisations_capability found WHERE found.token_hash = %s AND found.kind = ANY(%s)
"""  # noqa: S608  (our own columns)


def hash_of(token: str) -> bytes:
    """The sha-256 of a token, as stored."""
    return hashlib.sha256(token.encode()).digest()


def mint(
    *,
    kind: CapabilityKind,
    organisation_id: UUID,
    object_id: UUID,
    lifetime: timedelta,
    detail: str = "",
    closing: str = "",
    handover: UUID | None = None,
    token: str = "",
) -> str:
    """A new 256-bit token for one object; the caller shows it once, it cannot be read back.

    `token` is one that the caller has drawn at random, where what it is shown in needs other letters.
    """
    token = token or secrets.token_urlsafe(32)
    Capability.objects.create(
        token_hash=hash_of(token),
        kind=kind,
        organisation_id=organisation_id,
        object_id=object_id,
        detail=detail,
        closing=closing,
        handover=handover,
        expires_at=timezone.now() + lifetime,
    )
    return token


def find(token: str, *kinds: CapabilityKind) -> Capability | None:
    """The row of a token, expired and used ones too (their pages say so); None for any other text.

    How long the look-up takes tells nothing about the tokens that exist: what is compared is the sha-256 of the
    guess, and a guess that shares more of a hash with a stored one is no closer to its token.
    """
    rows = Capability.objects.filter(token_hash=hash_of(token), kind__in=kinds)
    return rows.annotate(is_suspended=models.Exists(_SUSPENDED)).first()


def find_and_enter(token: str, *kinds: CapabilityKind, author: dict[str, str]) -> Capability | None:
    """As `find`, and the open transaction belongs to the row's organisation now; `author` as `tracking.enter` takes it.

    Nothing is entered for a text that is no token.
    """
    settings = [SETTING, CONTEXT, json.dumps(author), USER_SETTING]
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [*settings, hash_of(token), [str(kind) for kind in kinds]])
        row = cursor.fetchone()
    if row is None:
        return None
    found = Capability.from_db(connection.alias, _NAMES, row[: len(_NAMES)])
    found.is_suspended = row[len(_NAMES)]  # as `find` annotates it
    return found


def opened_by(token: str) -> Capability:
    """The row of a token that was minted just now."""
    return Capability.objects.get(token_hash=hash_of(token))


def public_id(capability: Capability) -> UUID:
    """A name for a token's row that addresses may hold: half of the hash, which opens nothing."""
    return UUID(bytes=bytes(capability.token_hash)[:16])


def named(name: str, *kinds: CapabilityKind) -> Capability | None:
    """The row that `public_id` names, in 32 hexadecimal digits; None for any other text."""
    try:
        half = bytes.fromhex(name)
    except ValueError:
        return None
    if len(half) != 16:
        return None
    span = (half + bytes(16), half + b"\xff" * 16)
    return Capability.objects.filter(token_hash__range=span, kind__in=kinds).first()


def is_open(capability: Capability) -> bool:
    """Whether it may still be opened."""
    return capability.revoked_at is None and capability.expires_at > timezone.now()


def close_unanswered(rows: models.QuerySet[Capability]) -> None:
    """Close for good what of `rows` was not answered; an answer that comes all the same waits for a decision."""
    rows.filter(used_at=None, revoked_at=None).update(revoked_at=timezone.now())


def close_handover(handover: UUID) -> None:
    """Close every form that was opened or carried for a hand-over and is not answered."""
    close_unanswered(Capability.objects.filter(kind=CapabilityKind.HANDOVER, handover=handover))
