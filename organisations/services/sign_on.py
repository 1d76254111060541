"""The way to an organisation's identity provider and back: begun in one browser, answered once, within ten minutes."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from organisations.audit import account_events
from organisations.login.sign_on import oidc
from organisations.login.sign_on.answers import Addresses, ProviderAnswer
from organisations.login.sign_on.refusals import SENTENCES, Refusal, SignOnRefused
from organisations.login.sign_on.sealing import seal, seal_values, unseal, unseal_values
from organisations.models import (
    IdentityProvider,
    Organisation,
    Practitioner,
    ProviderKind,
    SignOn,
    SignOnAttempt,
    SignOnPurpose,
)
from organisations.services.identity_provider import refresh_document

MAY_TAKE = timedelta(minutes=10)
KEPT_FOR = timedelta(days=30)
REFRESH_AFTER = timedelta(minutes=1)
"""A token with an unknown key asks for the keys anew, at most this often."""
OK = "ok"
# What anybody could bring about without an answer of the provider: it stands in the list of tries, not in the log.
NOT_LOGGED = (Refusal.LATE, Refusal.CANCELLED, Refusal.UNREACHABLE, Refusal.OFF)


@dataclass(frozen=True)
class SignOnQuestion:
    """Where the browser goes, and what its session keeps to know its own answer by."""

    url: str
    state: str


def organisation_called(slug: str) -> Organisation | None:
    """The organisation whose short name stands in an address, None for none."""
    return Organisation.objects.filter(slug=slug).first()


def provider_of(organisation: Organisation) -> IdentityProvider | None:
    """The identity provider of an organisation, inside its tenant."""
    return IdentityProvider.objects.filter(organisation=organisation).first()


def organisations_with_sign_on() -> QuerySet[Organisation]:
    """Organisations whose people may log in by their own provider, by name."""
    return Organisation.objects.exclude(sign_on=SignOn.OFF).order_by("name")


def addresses_of(organisation: Organisation) -> Addresses:
    """Ours for this organisation: each has its own, so that no answer for one can be given to another."""
    saml_names = {"slug": organisation.slug}
    return Addresses(
        entity_id=settings.SITE_URL + reverse("sign-on-metadata", kwargs=saml_names),
        answers=settings.SITE_URL + reverse("sign-on-acs", kwargs=saml_names),
    )


def redirect_uri_of(organisation: Organisation) -> str:
    """Where an OpenID provider sends the browser back to."""
    return settings.SITE_URL + reverse("sign-on-answer", kwargs={"slug": organisation.slug})


@transaction.atomic
def begin(
    provider: IdentityProvider,
    organisation: Organisation,
    *,
    purpose: SignOnPurpose = SignOnPurpose.LOG_IN,
    is_fresh: bool = False,
    language: str = "",
    kept: dict[str, Any] | None = None,
) -> SignOnQuestion:
    """A new try; `kept` comes back with its answer. SignOnRefused where the provider is off or publishes nothing."""
    if organisation.sign_on == SignOn.OFF and purpose != SignOnPurpose.TRY:
        raise SignOnRefused(Refusal.OFF)
    state, held = secrets.token_urlsafe(32), dict(kept or {})
    if provider.kind == ProviderKind.OIDC:
        held |= oidc.new_secrets()
        url = oidc.question_url(
            provider,
            held,
            state=state,
            redirect_uri=redirect_uri_of(organisation),
            is_fresh=is_fresh,
            language=language,
        )
    else:
        from organisations.login.sign_on import saml  # loads XML's libraries: only where a provider speaks it

        ours = addresses_of(organisation)
        url = saml.question_url(provider, held, state=state, ours=ours, is_fresh=is_fresh)
    SignOnAttempt.objects.create(
        organisation=organisation,
        provider=provider,
        purpose=purpose,
        state_hash=_hash(state),
        sealed=seal_values(held),
        is_fresh=is_fresh,
    )
    return SignOnQuestion(url, state)


def open_attempt(organisation: Organisation, state: str) -> SignOnAttempt:
    """The try that a state belongs to, locked; SignOnRefused for none, an answered one, one begun too long ago."""
    found = SignOnAttempt.objects.select_for_update(of=("self",)).select_related("provider")
    attempt = found.filter(organisation=organisation, state_hash=_hash(state)).first()
    if attempt is None or attempt.began_at < timezone.now() - MAY_TAKE:
        raise SignOnRefused(Refusal.LATE)
    if attempt.outcome:
        raise SignOnRefused(Refusal.USED)
    return attempt


def kept_of(attempt: SignOnAttempt) -> dict[str, Any]:
    """What a try was begun with."""
    return unseal_values(attempt.sealed)


@transaction.atomic
def keep_answer(organisation: Organisation, state: str, answer: str) -> None:
    """Put an answer that came without the browser's session beside its try, once; SignOnRefused without an open one.

    Nothing of it is believed yet: who reads it has the session that began the try.
    """
    from organisations.login.sign_on import saml

    attempt = open_attempt(organisation, state)
    if attempt.provider.kind != ProviderKind.SAML or not saml.looks_like_an_answer(answer):
        raise SignOnRefused(Refusal.UNTRUSTED)
    if attempt.sealed_answer:
        raise SignOnRefused(Refusal.USED)
    attempt.sealed_answer = seal(answer)
    attempt.save(update_fields=["sealed_answer"])


def verified_answer(attempt: SignOnAttempt, organisation: Organisation, parameters: dict[str, str]) -> ProviderAnswer:
    """The provider's answer to this try, verified; SignOnRefused else. Each assertion counts once."""
    provider, kept = attempt.provider, kept_of(attempt)
    if provider.kind == ProviderKind.OIDC:
        return _oidc_answer(provider, kept, parameters, redirect_uri_of(organisation))
    from organisations.login.sign_on import saml

    if not attempt.sealed_answer:
        raise SignOnRefused(Refusal.CANCELLED)
    answer = saml.read_answer(provider, kept, unseal(attempt.sealed_answer), ours=addresses_of(organisation))
    try:
        with transaction.atomic():
            attempt.answer_id = answer.answer_id
            attempt.save(update_fields=["answer_id"])
    except IntegrityError as error:
        attempt.answer_id = ""
        raise SignOnRefused(Refusal.USED) from error
    return answer


def _oidc_answer(
    provider: IdentityProvider, kept: dict[str, Any], parameters: dict[str, str], redirect_uri: str
) -> ProviderAnswer:
    token = oidc.fetch_token(provider, kept, parameters, redirect_uri=redirect_uri)
    is_old = provider.document_at is None or provider.document_at < timezone.now() - REFRESH_AFTER
    if is_old and not oidc.has_key(provider, token):
        refresh_document(provider)  # the keys have changed since
    return oidc.answer_of(provider, oidc.verified_claims(provider, token, nonce=kept["nonce"]))


def close(attempt: SignOnAttempt, outcome: str, *, by: Practitioner | None = None) -> None:
    """Write down what has become of a try, and forget its secrets; a refusal that means something is on record."""
    attempt.outcome, attempt.ended_at = outcome, timezone.now()
    attempt.sealed = attempt.sealed_answer = ""
    attempt.save(update_fields=["outcome", "ended_at", "sealed", "sealed_answer"])
    if outcome == OK or outcome in NOT_LOGGED:
        return
    purpose = f"sign-on {outcome}"
    if by is not None:
        account_events.record_of(by, account_events.SIGN_ON_REFUSED, purpose=purpose)
    else:
        account_events.record_unnamed(attempt.organisation_id, account_events.SIGN_ON_REFUSED, purpose=purpose)


def latest_attempts(provider: IdentityProvider, most: int = 10) -> list[SignOnAttempt]:
    """The latest tries, the newest first: what an administrator looks a reference up in."""
    return list(provider.attempts.order_by("-began_at")[:most])


def forget_attempts(organisation_id: UUID, now: datetime) -> int:
    """Delete tries that are a month old, and those that nobody came back from; how many."""
    old = SignOnAttempt.objects.filter(organisation_id=organisation_id)
    gone = old.filter(outcome="", began_at__lt=now - timedelta(days=1)).delete()[0]
    return gone + old.filter(began_at__lt=now - KEPT_FOR).delete()[0]


PURPOSES = {f"sign-on {reason}": sentence for reason, sentence in SENTENCES.items() if reason not in NOT_LOGGED}
"""What the access log says of a refusal."""


def _hash(state: str) -> str:
    return sha256(state.encode()).hexdigest()
