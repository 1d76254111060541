"""Make, find and revoke tokens of the API."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations import capabilities
from organisations.account_log import record_of
from organisations.models import Capability, CapabilityKind, Membership, Practitioner, Team
from organisations.roles import Can
from organisations.tokens.models import ApiToken
from organisations.tokens.scopes import SCOPES, choices

LONGEST = timedelta(days=365)
MARK = "medspil_"  # begins each secret: found by tools that search for leaked ones
SHOWN = 6  # letters of the secret that lists show
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
    unknown = sorted(set(scopes).difference(SCOPES))
    if unknown or not scopes:
        raise ValidationError({"scopes": _("Choose what the token may do.")})
    token = ApiToken(
        organisation_id=by.organisation_id,
        practitioner=practitioner,
        name=name,
        scopes=[scope for scope in SCOPES if scope in scopes],
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


@transaction.atomic
def mint_own_token(*, name: str, scopes: Collection[str], lifetime: timedelta, by: Practitioner) -> Minted:
    """A token that acts for `by`."""
    return mint_token(practitioner=by, name=name, scopes=scopes, lifetime=lifetime, by=by)


@transaction.atomic
def mint_system_token(
    *, name: str, scopes: Collection[str], lifetime: timedelta, teams: Iterable[Team], by: Practitioner, system=None
) -> Minted:
    """A token of another system; without `system` it is a new practitioner, named as the token, in `teams`.

    ValidationError for a new system without a team, and for somebody who logs in.
    """
    if system is None:
        system = _new_system(name, set(teams), by)
    if not is_system(system):
        raise ValidationError({"system": _("A person makes their own tokens.")})
    return mint_token(practitioner=system, name=name, scopes=scopes, lifetime=lifetime, by=by)


def is_system(practitioner: Practitioner) -> bool:
    """Whether a practitioner is another system, or a person who never logs in."""
    return practitioner.user_id is None and not practitioner.email


def _new_system(name: str, teams: set[Team], by: Practitioner) -> Practitioner:
    if not teams:
        raise ValidationError({"teams": _("Choose at least one team; else the system sees nobody.")})
    system = Practitioner(organisation_id=by.organisation_id, name=name)
    system.full_clean(exclude=["organisation", "user"])
    system.save()
    Membership.objects.bulk_create(
        Membership(organisation_id=by.organisation_id, practitioner=system, team=team) for team in teams
    )
    return system


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Practitioner) -> None:
    """Close a token at once; a repeat changes nothing."""
    row = Capability.objects.filter(kind=CapabilityKind.API, object_id=token.pk, revoked_at=None)
    if row.update(revoked_at=timezone.now()):
        record_of(by, "token.revoke", purpose=f"token {token.prefix}")


def revoke_tokens_of(*, practitioner: Practitioner) -> None:
    """Close every token that acts for somebody who leaves."""
    tokens = ApiToken.objects.filter(practitioner=practitioner).values("pk")
    Capability.objects.filter(kind=CapabilityKind.API, object_id__in=tokens, revoked_at=None).update(
        revoked_at=timezone.now()
    )


@dataclass(frozen=True)
class Told:
    """A token as a list shows it; `state` is open, expired or revoked."""

    token: ApiToken
    state: str
    scopes: list[str]

    @property
    def beginning(self) -> str:
        """The secret's first letters, to recognise it by."""
        return MARK + self.token.prefix


def told(tokens: Iterable[ApiToken]) -> list[Told]:
    """Tokens (with their validity) and what has become of them."""
    words = {scope: str(label) for scope, label in choices()}
    return [Told(token, _state(token), [words[scope] for scope in token.scopes]) for token in tokens]


def _state(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "open" if token.expires_at and token.expires_at > timezone.now() else "expired"


def find_token(secret: str) -> ApiToken | None:
    """The open token of a secret, with its practitioner, its organisation activated by the caller's `enter`."""
    capability = capabilities.find(secret.removeprefix(MARK), CapabilityKind.API)
    if capability is None or not capabilities.is_open(capability):
        return None
    return ApiToken(pk=capability.object_id, organisation_id=capability.organisation_id)


def load_token(found: ApiToken) -> ApiToken | None:
    """The token's row inside its organisation; None when its practitioner or their log-in was deactivated."""
    token = (
        ApiToken.objects.select_related("practitioner__organisation", "practitioner__user").filter(pk=found.pk).first()
    )
    if token is None or not token.practitioner.is_active:
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
