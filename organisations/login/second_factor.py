"""The second factor: what somebody has, who must have one, and how its secrets are kept."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from organisations.models import User

REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes are none by themselves
DEVICES = ("iPad", "iPhone", "Android", "Windows", "Macintosh", "CrOS", "Linux")  # in this order
NAMES = {"Macintosh": "Mac", "CrOS": "Chromebook"}


def _box() -> MultiFernet:
    """Seals with the newest key; opens with the earlier ones too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(f"second factor:{key}".encode()).digest())) for key in keys])


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are sealed in the database; passkeys belong to SITE_URL, never to a request's Host header."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": "Medspil"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  the library names it
        """What the device calls itself: somebody with three keys must know which one is lost."""
        said = context.request.headers.get("User-Agent", "")
        found = next((device for device in DEVICES if re.search(rf"\b{device}\b", said)), "")
        return NAMES.get(found, found) or _("Passkey")


def reseal(authenticator: Authenticator) -> bool:
    """Seal the secrets of an authenticator with the newest SECRET_KEY; whether there was anything to seal."""
    sealed = {name: authenticator.data[name] for name in ("secret", "seed") if name in authenticator.data}
    for name, value in sealed.items():
        authenticator.data[name] = _box().rotate(value.encode()).decode()
    if sealed:
        authenticator.save(update_fields=["data"])
    return bool(sealed)


@dataclass(frozen=True)
class Factors:
    """What somebody has set up."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes: Authenticator | None

    @property
    def any(self) -> bool:
        """Whether there is a second factor at all."""
        return bool(self.app or self.passkeys)

    @property
    def codes_left(self) -> int:
        """How many recovery codes are unused."""
        return len(self.codes.wrap().get_unused_codes()) if self.codes else 0


def factors_of(user: User) -> Factors:
    """Everything that somebody has set up, passkeys in the order of their age. One query."""
    found = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))

    def of(kind: str) -> list[Authenticator]:
        return [authenticator for authenticator in found if authenticator.type == kind]

    kinds = Authenticator.Type
    return Factors(next(iter(of(kinds.TOTP)), None), of(kinds.WEBAUTHN), next(iter(of(kinds.RECOVERY_CODES)), None))


def has_second_factor(user: User) -> bool:
    """Whether somebody can be asked for a second factor."""
    return Authenticator.objects.filter(user=user, type__in=REAL).exists()


def has_passkey(user: User) -> bool:
    """Whether somebody has a passkey, on whatever device."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


def users_with_second_factor(users: Iterable[UUID]) -> set[UUID]:
    """Which of these users can be asked for a second factor. One query."""
    return set(Authenticator.objects.filter(user__in=list(users), type__in=REAL).values_list("user_id", flat=True))


def remove_all(user: User) -> int:
    """Forget every factor of somebody who has lost them; how many."""
    return Authenticator.objects.filter(user=user).delete()[0]
