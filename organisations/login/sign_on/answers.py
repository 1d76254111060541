"""What a provider says of somebody, once it is known to be its own answer, and whether that is enough here.

The organisation is the one whose provider answered and whose number stands in the answer, never that of an address;
the person is whom the lasting id names. What the provider was asked for counts for nothing: a person's own browser
carries the question.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from organisations.login.sign_on.refusals import Refusal, SignOnRefused
from organisations.models import IdentityProvider
from organisations.roles import Role

SKEW = timedelta(seconds=60)  # two clocks may differ by that
UID = 255  # characters at most
ADDRESS = re.compile(r"[^@\s]{1,64}@([a-z0-9.-]{1,190})")


@dataclass(frozen=True)
class Addresses:
    """Ours, absolute by SITE_URL, never by a request's Host header: the name we go by, and where answers come in."""

    entity_id: str
    answers: str


@dataclass(frozen=True)
class ProviderAnswer:
    """A verified answer. `claims` are lists of texts by name; `logged_in_at` is when somebody logged in there."""

    issuer: str
    uid: str
    claims: Mapping[str, list[str]]
    levels: list[str]
    logged_in_at: datetime | None
    answer_id: str = ""
    unverified: frozenset[str] = field(default_factory=frozenset)  # claims that the provider itself vouches not for

    def one(self, claim: str) -> str:
        """The only value of a claim; "" where there is none, or more than one."""
        found = self.claims.get(claim, []) if claim else []
        return found[0].strip() if len(found) == 1 else ""


@dataclass(frozen=True)
class Assertion:
    """What an answer comes to here."""

    issuer: str
    uid: str
    role: Role
    is_strong: bool  # as good as a second factor of ours
    name: str
    email: str  # "" unless of the organisation's own domains


def judge(answer: ProviderAnswer, provider: IdentityProvider, *, began_at: datetime, is_fresh: bool) -> Assertion:
    """What the answer comes to; SignOnRefused with the first reason why it is not enough."""
    for reason in reasons_against(answer, provider, began_at=began_at, is_fresh=is_fresh):
        raise SignOnRefused(reason)
    role = role_in(answer, provider)
    assert role is not None  # noqa: S101  a reason above
    return Assertion(
        answer.issuer,
        answer.uid,
        role,
        any(level in provider.strong_levels for level in answer.levels),
        answer.one(provider.name_claim)[:120],
        address_in(answer, provider),
    )


def reasons_against(
    answer: ProviderAnswer, provider: IdentityProvider, *, began_at: datetime, is_fresh: bool
) -> Iterator[Refusal]:
    """Every reason why a verified answer is not enough; none where it is."""
    if not answer.uid or len(answer.uid) > UID:
        yield Refusal.NO_UID
    if not provider.number_value or answer.one(provider.number_claim) != provider.number_value:
        yield Refusal.WRONG_NUMBER
    if role_in(answer, provider) is None:
        yield Refusal.NO_ROLE
    if not set(answer.levels) & set(provider.levels):
        yield Refusal.LOW_LEVEL
    if not _is_recent(answer, provider, began_at=began_at, is_fresh=is_fresh):
        yield Refusal.OLD_LOG_IN


def role_in(answer: ProviderAnswer, provider: IdentityProvider) -> Role | None:
    """The role that the answer gives; None without a known one, and for two that one person cannot have.

    A team lead is a practitioner too; an administrator is neither.
    """
    said = {provider.roles[value] for value in answer.claims.get(provider.role_claim, []) if value in provider.roles}
    if said == {Role.PRACTITIONER.value, Role.TEAM_LEAD.value}:
        return Role.TEAM_LEAD
    return Role(said.pop()) if len(said) == 1 else None


def address_in(answer: ProviderAnswer, provider: IdentityProvider) -> str:
    """The address for mails, where it is of the organisation's own domains and not said to be unverified; else ""."""
    said = answer.one(provider.email_claim).lower()
    parts = ADDRESS.fullmatch(said)
    if parts is None or parts[1] not in provider.mail_domains or provider.email_claim in answer.unverified:
        return ""
    return said


def _is_recent(answer: ProviderAnswer, provider: IdentityProvider, *, began_at: datetime, is_fresh: bool) -> bool:
    """Whether somebody logged in there lately: since they were sent there where that was asked for."""
    at, now = answer.logged_in_at, timezone.now()
    if at is None or at > now + SKEW:
        return False
    if is_fresh:
        return at >= began_at - SKEW
    return at >= now - timedelta(minutes=provider.max_age_minutes) - SKEW
