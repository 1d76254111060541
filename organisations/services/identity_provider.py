"""An organisation's identity provider: its settings, what it publishes, on and off."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit import account_events
from organisations.edits.versions import RowVersion, merge
from organisations.login.sign_on import oidc
from organisations.login.sign_on.fetching import is_usable_address
from organisations.login.sign_on.refusals import SENTENCES, SignOnRefused
from organisations.login.sign_on.sealing import seal
from organisations.models import IdentityProvider, Organisation, Practitioner, ProviderKind, SignOn
from organisations.roles import Role

PLAIN = (
    "name",
    "issuer",
    "source_url",
    "application_id",
    "secret_ends_on",
    "uid_claim",
    "number_claim",
    "number_value",
)
CLAIMS = ("role_claim", "name_claim", "email_claim", "level_claim")
SWITCHES = ("max_age_minutes", "signs_requests", "wants_encryption", "admits_new")
LISTS = ("mail_domains", "strong_levels", "weak_levels")
ROLE_LISTS = {"practitioners": Role.PRACTITIONER, "leads": Role.TEAM_LEAD, "admins": Role.ADMIN}
"""Fields that hold, line by line, the values that give a role."""
NEEDS_NO_TRY = {"name", "secret_ends_on"}
CERTIFICATE_DAYS = 5 * 365
SOON = 30
"""Days: what ends sooner is said as a warning."""
LEVEL = re.compile(r"[\w:/.#?=-]{1,200}")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class EndsOn:
    """Something that ends by itself, in `days` (fewer than none: it is over)."""

    what: str
    on: date
    days: int

    @property
    def is_soon(self) -> bool:
        return self.days <= SOON


def shown(provider: IdentityProvider) -> dict[str, Any]:
    """The settings as the form shows them: lists line by line, never a secret."""
    lines = {name: "\n".join(getattr(provider, name)) for name in LISTS}
    roles = {
        name: "\n".join(value for value, given in provider.roles.items() if given == role)
        for name, role in ROLE_LISTS.items()
    }
    return {name: getattr(provider, name) for name in (*PLAIN, *CLAIMS, *SWITCHES)} | lines | roles


@transaction.atomic
def save_provider(
    *, kind: str, by: Practitioner, secret: str = "", version: RowVersion | None = None, **fields: Any
) -> IdentityProvider:
    """Store the settings, made anew where there are none; what the provider publishes is fetched at once.

    ValidationError by field; StoredMeanwhile by `version` as in `merge`. What decides who gets in has to be tried
    again before it can be switched on.
    """
    Organisation.objects.select_for_update().get(pk=by.organisation_id)
    provider = IdentityProvider.objects.filter(organisation=by.organisation_id).first()
    if provider is None:
        provider = IdentityProvider(organisation_id=by.organisation_id, kind=kind)
    before = shown(provider)
    fields = merge(version, before, fields)
    changed = _changed(before, fields)
    if not provider._state.adding and provider.kind == kind and not secret and not changed:
        return provider
    must_be_tried = provider._state.adding or provider.kind != kind or bool(secret) or changed - NEEDS_NO_TRY
    provider.kind = kind
    _set(provider, fields, secret)
    if must_be_tried:
        provider.tried_at = None
        _fetch_or_refuse(provider)
    provider.full_clean(exclude=["roles"])
    _store(provider)
    account_events.record_of(by, account_events.PROVIDER_CHANGED)
    return provider


def _store(provider: IdentityProvider) -> None:
    if provider._state.adding:
        provider.save(force_insert=True)
    else:
        provider.save(update_fields=[field.name for field in provider._meta.local_fields if not field.primary_key])


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {name for name, value in after.items() if before.get(name) != value}


def _set(provider: IdentityProvider, fields: Mapping[str, Any], secret: str) -> None:
    for name in (*PLAIN, *CLAIMS, *SWITCHES):
        if name in fields:
            setattr(provider, name, fields[name])
    for name in LISTS:
        setattr(provider, name, _lines(fields.get(name, "")))
    provider.mail_domains = [domain.lower().lstrip("@") for domain in provider.mail_domains]
    provider.roles = _roles(fields)
    if secret:
        provider.sealed_secret = seal(secret)
    if provider.kind == ProviderKind.SAML and not provider.certificate:
        provider.certificate, key = _new_key(provider)
        provider.sealed_key = seal(key)
    _refuse_unfit(provider)


def _roles(fields: Mapping[str, Any]) -> dict[str, str]:
    roles: dict[str, str] = {}
    for name, role in ROLE_LISTS.items():
        for value in _lines(fields.get(name, "")):
            if value in roles:
                raise ValidationError({name: _("“%(value)s” gives two roles.") % {"value": value}})
            roles[value] = role.value
    if not roles:
        raise ValidationError({"practitioners": _("Say which values give a role: without one nobody gets in.")})
    return roles


def _refuse_unfit(provider: IdentityProvider) -> None:
    if not provider.levels:
        raise ValidationError({"strong_levels": _("Say which levels are enough: without one nobody gets in.")})
    for name in ("strong_levels", "weak_levels"):
        if not all(LEVEL.fullmatch(level) for level in getattr(provider, name)):
            raise ValidationError({name: _("A level is one word or address in each line.")})
    if not all(DOMAIN.fullmatch(domain) for domain in provider.mail_domains):
        raise ValidationError({"mail_domains": _("A domain is written like solby.example, one in each line.")})
    if provider.admits_new and not (provider.mail_domains and provider.email_claim):
        raise ValidationError(
            {"mail_domains": _("New people need an address: say which claim holds it, and the domains of your own.")}
        )
    if not is_usable_address(provider.source_url):
        raise ValidationError({"source_url": _("The address has to start with https:// and be in the open internet.")})
    if provider.kind == ProviderKind.OIDC and not provider.application_id:
        raise ValidationError(
            {"application_id": _("Your identity provider gives us an application id; write it here.")}
        )
    if provider.kind == ProviderKind.OIDC and not provider.sealed_secret:
        raise ValidationError({"secret": _("Your identity provider gives us a secret; write it here.")})


def _fetch_or_refuse(provider: IdentityProvider) -> None:
    try:
        _fetch(provider)
    except SignOnRefused as refused:
        said = _("Nothing usable was found there. %(reason)s") % {"reason": SENTENCES[refused.reason]}
        raise ValidationError({"source_url": said}) from refused


def _fetch(provider: IdentityProvider) -> None:
    if provider.kind == ProviderKind.OIDC:
        fetch = oidc.fetch_document
    else:
        from organisations.login.sign_on.saml_metadata import fetch_document as fetch  # loads XML's libraries
    provider.document = fetch(provider.source_url, issuer=provider.issuer)
    provider.document_at, provider.document_fault = timezone.now(), ""


@transaction.atomic
def refresh_document(provider: IdentityProvider) -> bool:
    """Ask the provider again what it publishes, such as new keys; whether it answered. What is known stays else."""
    try:
        _fetch(provider)
    except SignOnRefused as refused:
        provider.document_fault = refused.reason.value
        provider.save(update_fields=["document_fault"])
        return False
    provider.save(update_fields=["document", "document_at", "document_fault"])
    return True


@transaction.atomic
def switch(*, on: bool, by: Practitioner) -> None:
    """Offer the log-in to everybody here, or take it away; ValidationError before it was tried.

    Switched off, everybody logs in as before, and every log-in that came by the provider is over.
    """
    organisation = Organisation.objects.select_for_update().get(pk=by.organisation_id)
    provider = IdentityProvider.objects.get(organisation=organisation)
    if on and provider.tried_at is None:
        raise ValidationError(_("Try it out first: then you see whether it lets the right people in."))
    if on == (organisation.sign_on != SignOn.OFF):
        return
    organisation.sign_on = SignOn.OFFERED if on else SignOn.OFF
    organisation.save(update_fields=["sign_on"])
    if not on:
        Practitioner.objects.filter(organisation=organisation, is_emergency_admin=True).update(is_emergency_admin=False)
    account_events.record_of(by, account_events.PROVIDER_CHANGED, purpose=f"sign-on {organisation.sign_on or 'off'}")


def endings(provider: IdentityProvider, today: date) -> list[EndsOn]:
    """What ends by itself, the soonest first: the provider's certificate, ours, the secret."""
    found = []
    if provider.secret_ends_on and provider.kind == ProviderKind.OIDC:
        found.append((_("The secret"), provider.secret_ends_on))
    if provider.kind == ProviderKind.SAML and provider.document:
        from organisations.login.sign_on import saml_metadata

        try:
            known = saml_metadata.certificates(saml_metadata.read_metadata(provider.document, provider.issuer))
        except SignOnRefused:
            known = []
        if known:
            found.append((_("Your identity provider's certificate"), known[0].not_valid_after_utc.date()))
    if provider.kind == ProviderKind.SAML and provider.certificate:
        ours = x509.load_pem_x509_certificate(provider.certificate.encode())
        found.append((_("Our certificate"), ours.not_valid_after_utc.date()))
    return sorted((EndsOn(what, on, (on - today).days) for what, on in found), key=lambda one: one.days)


def _new_key(provider: IdentityProvider) -> tuple[str, str]:
    """A certificate of our own and its key, both PEM: requests are signed and answers encrypted with it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Medspil {provider.organisation_id}")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=CERTIFICATE_DAYS))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM).decode(), private.decode()


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
