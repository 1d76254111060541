"""Secrets of single sign-on in the database: sealed with SECRET_KEY, opened with the earlier ones too."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from organisations.models import IdentityProvider


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(f"single sign-on:{key}".encode()).digest())) for key in keys])


def seal(text: str) -> str:
    """Sealed text for a column; "" for none."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """What was sealed; "" for none."""
    return _box().decrypt(sealed.encode()).decode() if sealed else ""


def seal_values(values: dict[str, Any]) -> str:
    """Several values in one sealed text."""
    return seal(json.dumps(values))


def unseal_values(sealed: str) -> dict[str, Any]:
    """What `seal_values` was given."""
    return json.loads(unseal(sealed))


def reseal(provider: IdentityProvider) -> bool:
    """Seal a provider's secrets with the newest SECRET_KEY; whether there was anything to seal."""
    held = [name for name in ("sealed_secret", "sealed_key") if getattr(provider, name)]
    for name in held:
        setattr(provider, name, _box().rotate(getattr(provider, name).encode()).decode())
    if held:
        provider.save(update_fields=held)
    return bool(held)
