"""Make, find and revoke tokens of the API."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.account_events import record_of
from organisations.jobs.outbox import ask_for
from organisations.models import ApiToken, Capability, CapabilityKind, Membership, Practitioner, Team
from organisations.roles import Can
from organisations.tokens import capabilities
from organisations.tokens.scopes import PROVISIONING, SCOPES, in_words, reads_words

LONGEST = timedelta(days=365)
MARK = "medspil_"  # begins each secret: found by tools that search for leaked ones
SHOWN = 6  # letters of the secret that lists show
TELL = "organisations.tasks.tell_of_token_request"
USE_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Minted:
    """A new token with its secret, which is shown once."""

    token: ApiToken
    secret: str


@transaction.atomic
def mint_token(
    *, practitioner: Practitioner, name: str, scopes: Collection[str], lifetime: timedelta, by: Practitioner
) -> Minted:
    """A token with `practitioner`'s rights, cut down to `scopes`; ValidationError for one that could open nothing."""
    if not practitioner.can(Can.VIEW_CLIENT):
        raise ValidationError(_("An administrator sees no client's data, and neither would the token."))
    if not timedelta() < lifetime <= LONGEST:
        raise ValidationError({"lifetime": _("A token works for a year at most.")})
    _refuse_scopes(scopes, is_own=practitioner == by)
    token = ApiToken(
        organisation_id=by.organisation_id,
        practitioner=practitioner,
        name=name,
        scopes=[scope for scope in (*SCOPES, PROVISIONING) if scope in scopes],
        created_by=by,
    )
    secret = capabilities.mint(
        kind=CapabilityKind.API, organisation_id=by.organisation_id, object_id=token.pk, lifetime=lifetime
    )
    token.prefix = secret[:SHOWN]
    token.full_clean(exclude=["organisation", "practitioner", "created_by", "last_used_at"])
    token.save(force_insert=True)
    record_of(by, "token.mint", purpose=f"token {token.prefix}")
    return Minted(token, MARK + secret)


def _refuse_scopes(scopes: Collection[str], *, is_own: bool) -> None:
    wanted = set(scopes)
    if PROVISIONING in wanted and len(wanted) > 1:
        raise ValidationError({"scopes": _("A token that makes log-ins can do nothing else: make two.")})
    if not wanted or (not wanted.issubset([] if is_own else [PROVISIONING]) and not wanted.issubset(SCOPES)):
        raise ValidationError({"scopes": _("Choose what the token may do.")})


@transaction.atomic
def mint_own_token(*, name: str, scopes: Collection[str], lifetime: timedelta, by: Practitioner) -> Minted:
    """A token that acts for `by`."""
    return mint_token(practitioner=by, name=name, scopes=scopes, lifetime=lifetime, by=by)


@transaction.atomic
def mint_system_token(
    *, name: str, scopes: Collection[str], lifetime: timedelta, teams: Iterable[Team], by: Practitioner, system=None
) -> Minted:
    """A token of another system; without `system` it is a new practitioner, named as the token, in `teams`.

    It opens nothing until a second person has confirmed it (confirming.py); who may is told by mail.
    ValidationError for a new system without a team, and for somebody who logs in.
    """
    if system is None:
        system = _new_system(name, set(teams), by, is_in_team=PROVISIONING not in scopes)
    if PROVISIONING in scopes and (list(teams) or system.memberships.exists()):
        raise ValidationError({"teams": _("A token that makes log-ins sees no client, so it has no team.")})
    if not is_system(system):
        raise ValidationError({"system": _("A person makes their own tokens.")})
    minted = mint_token(practitioner=system, name=name, scopes=scopes, lifetime=lifetime, by=by)
    announce(minted.token)
    return minted


def announce(token: ApiToken) -> None:
    """Have everybody who may confirm a system's token told by mail, after this transaction."""
    ask_for(TELL, organisation_id=token.organisation_id, object_id=token.pk)


def is_system(practitioner: Practitioner) -> bool:
    """Whether a practitioner is another system, or a person who never logs in."""
    return practitioner.user_id is None and not practitioner.email


def _new_system(name: str, teams: set[Team], by: Practitioner, *, is_in_team: bool) -> Practitioner:
    if is_in_team and not teams:
        raise ValidationError({"teams": _("Choose at least one team; else the system sees nobody.")})
    system = Practitioner(organisation_id=by.organisation_id, name=name)
    system.full_clean(exclude=["organisation", "user"])
    system.save(force_insert=True)
    Membership.objects.bulk_create(
        Membership(organisation_id=by.organisation_id, practitioner=system, team=team) for team in teams
    )
    return system


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Practitioner) -> None:
    """Close a token at once; a repeat changes nothing."""
    close_token(token, by, "token.revoke")


def close_token(token: ApiToken, by: Practitioner, action: str) -> bool:
    """Close a token in the open transaction and put that on record as `action`; False if it was closed already."""
    row = Capability.objects.filter(kind=CapabilityKind.API, object_id=token.pk, revoked_at=None)
    if not row.update(revoked_at=timezone.now()):
        return False
    record_of(by, action, purpose=f"token {token.prefix}")
    return True


@transaction.atomic
def revoke_tokens_of(*, practitioner: Practitioner, by: Practitioner) -> int:
    """Close every token that acts for a person, as `by`; returns how many were open."""
    tokens = ApiToken.objects.filter(practitioner=practitioner).newest_first()
    return sum(close_token(token, by, "token.revoke") for token in tokens)


@dataclass(frozen=True)
class TokenSummary:
    """A token as a list shows it; `state` is open, waiting (for a second person), expired or revoked."""

    token: ApiToken
    state: str
    scopes: list[str]
    reads_words: bool

    @property
    def beginning(self) -> str:
        """The secret's first letters, to recognise it by."""
        return MARK + self.token.prefix


def told(tokens: Iterable[ApiToken]) -> list[TokenSummary]:
    """Tokens (with their validity, and whether they are waiting) and what has become of them."""
    return [
        TokenSummary(token, _state(token), [in_words(scope) for scope in token.scopes], reads_words(token.scopes))
        for token in tokens
    ]


def _state(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if not token.expires_at or token.expires_at <= timezone.now():
        return "expired"
    return "waiting" if token.is_waiting else "open"


def find_token(secret: str) -> ApiToken | None:
    """The open token of a secret, with its practitioner, its organisation activated by the caller's `enter`."""
    capability = capabilities.find(secret.removeprefix(MARK), CapabilityKind.API)
    if capability is None or capability.is_suspended or not capabilities.is_open(capability):
        return None
    return ApiToken(pk=capability.object_id, organisation_id=capability.organisation_id)


def load_token(found: ApiToken) -> ApiToken | None:
    """The token's row inside its organisation; None when its practitioner or their log-in was deactivated, or
    their access is over.

    `is_waiting` says whether it opens nothing yet.
    """
    tokens = ApiToken.objects.select_related("practitioner__organisation", "practitioner__user").with_waiting()
    token = tokens.filter(pk=found.pk).first()
    if token is None or not token.practitioner.is_active:
        return None
    if token.practitioner.access_is_over(token.practitioner.organisation.day_of(timezone.now())):
        return None
    user = token.practitioner.user
    return None if user is not None and not user.is_active else token


def note_use(token: ApiToken) -> None:
    """Remember when a token was used last, to five minutes; requests at once do not wait for each other.

    No lock on the key: rows that point to the token are checked at their COMMIT, and would wait for this one.
    """
    now = timezone.now()
    if token.last_used_at and now - token.last_used_at < USE_NOTED_EVERY:
        return
    free = ApiToken.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=token.pk)
    ApiToken.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(last_used_at=now)
