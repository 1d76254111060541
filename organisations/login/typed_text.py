"""What somebody had typed when their log-in ended: kept for them alone, until they are back.

The fields lie encrypted in the browser's own session row, which nobody is logged in to: bound to the user who typed
them, for an hour. Who that was says a signed cookie, since the session they had is gone by then.
"""

import json
import os
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from organisations.models import TYPED_TEXT

SALT = "organisations.login.typed_text"
KEPT_FOR = 3600  # seconds
NONCE = 12
NOT_TYPED = {"csrfmiddlewaretoken"}


@dataclass(frozen=True)
class TypedText:
    """A form as it was sent: where to, and its fields in their order."""

    path: str
    fields: list[tuple[str, str]]

    @property
    def shown(self) -> list[str]:
        """What a person would know again: the values, without keys and the form's own counts."""
        own = ("version", "submission_id", "_FORMS")
        return [value for name, value in self.fields if value.strip() and not name.endswith(own) and not _is_key(value)]


def remember_typist(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser's cookie say who works here, signed; set where it says something else."""
    user = request.user
    if not user.is_authenticated or _typist(request) == str(user.pk):
        return
    response.set_cookie(
        settings.TYPIST_COOKIE_NAME,
        signing.dumps(str(user.pk), salt=SALT),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def keep(request: HttpRequest, view: Any) -> bool:
    """Keep what was sent by somebody who is logged in no longer, or who is asked something first; whether it is kept.

    Only of views that say so (`organisations.access.keeps_typed`), and of a browser in which somebody worked before.
    """
    typist = _typist(request)
    if request.method != "POST" or typist is None or not getattr(view, "keeps_typed", False):
        return False
    fields = [(name, value) for name in request.POST if name not in NOT_TYPED for value in request.POST.getlist(name)]
    told = json.dumps({"path": request.get_full_path(), "at": int(time.time()), "fields": fields})
    nonce = os.urandom(NONCE)
    sealed = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, told.encode(), typist.encode())
    request.session[TYPED_TEXT] = (nonce + sealed).hex()
    if not request.user.is_authenticated:  # else the session ends when the log-in does
        request.session.set_expiry(KEPT_FOR)
    return True


def kept_for(request: HttpRequest) -> TypedText | None:
    """What was kept for whoever is logged in now; None without, after an hour, and for anybody else."""
    sealed = bytes.fromhex(request.session.get(TYPED_TEXT, ""))
    if not sealed or not request.user.is_authenticated:
        return None
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            told = AESGCM(_key(secret)).decrypt(sealed[:NONCE], sealed[NONCE:], str(request.user.pk).encode())
        except InvalidTag:
            continue
        found = json.loads(told)
        if time.time() - found["at"] < KEPT_FOR:
            return TypedText(found["path"], [(name, value) for name, value in found["fields"]])
    return None


def forget(request: HttpRequest) -> None:
    """Nothing is kept any more."""
    request.session.pop(TYPED_TEXT, None)


def _typist(request: HttpRequest) -> str | None:
    try:
        return signing.loads(request.COOKIES.get(settings.TYPIST_COOKIE_NAME, ""), salt=SALT)
    except signing.BadSignature:
        return None


def _key(secret: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, SALT.encode()).derive(secret.encode())


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
