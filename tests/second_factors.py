"""Second factors for the tests: an authenticator app that knows its codes, a passkey that answers questions."""

import json
import secrets
import time
from hashlib import sha256
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator

# Internal to allauth: the tests are the app and the person who writes recovery codes down.
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

# Internal to allauth: as above.
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from tests.people import PASSWORD

PERIOD = 30  # seconds


class App:
    """An authenticator app that a user has set up."""

    def __init__(self, user):
        self.secret = generate_totp_secret()
        self.authenticator = TOTP.activate(user, self.secret).instance

    def code(self, periods: int = 0) -> str:
        """The code of now, or of so many half minutes later."""
        return code_of(self.secret, periods)


class Key:
    """A passkey that a user has set up; `verifies` is whether it asked for a finger or a PIN."""

    def __init__(self, user, *, verifies: bool = True):
        self.private, self.credential_id = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
        self.flags = AuthenticatorData.FLAG.UP | (AuthenticatorData.FLAG.UV if verifies else 0)
        public = ES256.from_cryptography_key(self.private.public_key())
        data = AttestedCredentialData.create(bytes(16), self.credential_id, public)
        made = AttestationObject.create("none", self._said(data), {})
        self.authenticator = Authenticator.objects.create(
            user=user,
            type="webauthn",
            data={"name": "Key", "credential": self._answer("create", attestationObject=made)},
        )

    def answer(self, question: dict) -> str:
        """What a browser sends for what `question_for` asked."""
        client = self._client("get", question["publicKey"]["challenge"])
        said = self._said()
        signature = self.private.sign(said + client.hash, ec.ECDSA(SHA256()))
        parts = {"authenticatorData": said, "signature": signature}
        return json.dumps(self._answer("get", question["publicKey"]["challenge"], **parts))

    def _said(self, data: bytes = b"") -> AuthenticatorData:
        place = sha256(urlsplit(settings.SITE_URL).hostname.encode()).digest()
        return AuthenticatorData.create(place, self.flags | (AuthenticatorData.FLAG.AT if data else 0), 0, data)

    def _client(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(f"webauthn.{kind}", challenge, settings.SITE_URL)

    def _answer(self, kind: str, challenge: str = "", **parts: bytes) -> dict:
        parts["clientDataJSON"] = self._client(kind, challenge)
        own = {"id": websafe_encode(self.credential_id), "rawId": websafe_encode(self.credential_id)}
        response = {name: websafe_encode(part) for name, part in parts.items()}
        return own | {"type": "public-key", "response": response, "clientExtensionResults": {}}


def code_of(secret: str, periods: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + periods))


def recovery_codes_of(user) -> list[str]:
    return RecoveryCodes.activate(user).get_unused_codes()


def kinds_of(user) -> set[str]:
    """What a user has set up."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def log_in(browser, user, password: str = PASSWORD):
    """Send the log-in form; the answer."""
    return browser.post(reverse("account_login"), {"login": user.email, "password": password})


def confirm(browser, password: str = PASSWORD):
    """Show once more who one is, as changes ask for."""
    return browser.post(reverse("account_reauthenticate"), {"password": password})
