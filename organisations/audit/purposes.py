"""What a row of the access log may give as its purpose: words of the program's own, never what somebody typed.

What was typed (a search, a reason) has a column of its own. Each app adds its words when it starts.
"""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Each with what a reader of the log is told; nothing where the action's own sentence says it.
KNOWN: dict[str, Promise | str] = {
    "": "",
    "repeated request": gettext_lazy("the same request once more"),
    "by an administrator": gettext_lazy("by an administrator"),
    "by the operator": gettext_lazy("by whoever runs Medspil"),
    "second factor required": gettext_lazy("second factor required from now on"),
    "second factor not required": gettext_lazy("second factor no longer required"),
    "right taken": gettext_lazy("took a right from a role"),
    "right given": gettext_lazy("gave a right back to a role"),
    "emergency hours": gettext_lazy("for how long a client stays open in an emergency"),
    "password": gettext_lazy("password"),
    "totp": gettext_lazy("code from an app"),
    "webauthn": gettext_lazy("passkey or security key"),
    "recovery_codes": gettext_lazy("recovery code"),
    "other": gettext_lazy("another way"),
    "sign_on": gettext_lazy("the organisation's own log-in"),
    "by scim": gettext_lazy("by the IT department's system (SCIM)"),
    "provisioning on": gettext_lazy("switched on"),
    "provisioning off": gettext_lazy("switched off"),
    "sign-on off": gettext_lazy("switched off"),
    "sign-on offered": gettext_lazy("switched on"),
    "sign-on required": gettext_lazy("required from now on"),
}
# The beginning of a token, the key of a row, the status of a refusal.
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{3}")
TOKEN = re.compile(r"(?:API|token) ([A-Za-z0-9_-]{6,8})")
NUMBERED = re.compile(r"(.+?)-([0-9]{1,2})")


class UnknownPurpose(ValueError):
    """A purpose that the program does not know; its text is not told, since nobody knows whose it is."""


def know(words: Mapping[str, Promise | str]) -> None:
    """Let these words be purposes too; each with what a reader of the log is told."""
    KNOWN.update(words)


def in_words(purpose: str) -> str:
    """A purpose for a reader: "cors:teacher-2 qr" as its form, rater and way. Keys of rows say nothing to anybody."""
    if token := TOKEN.fullmatch(purpose):
        return _("API token %(prefix)s…") % {"prefix": token[1]}
    if purpose in KNOWN:
        return str(KNOWN[purpose])
    return ", ".join(filter(None, map(_piece_in_words, re.split(r", | ", purpose))))


def _piece_in_words(piece: str) -> str:
    return str(KNOWN[piece]) if piece in KNOWN else ": ".join(filter(None, map(_part_in_words, piece.split(":"))))


def _part_in_words(part: str) -> str:
    if part in KNOWN:
        return str(KNOWN[part])
    numbered = NUMBERED.fullmatch(part)
    return f"{KNOWN[numbered[1]]} {numbered[2]}" if numbered and numbered[1] in KNOWN else ""


def is_known(purpose: str) -> bool:
    """Whether a purpose is known as a whole, or piece by piece: "cors:teacher-2 qr", "password, totp"."""
    if purpose in KNOWN or TOKEN.fullmatch(purpose):
        return True
    return all(_is_piece(piece) for piece in re.split(r", | ", purpose))


def _is_piece(piece: str) -> bool:
    if piece in KNOWN or ID.fullmatch(piece):
        return piece != ""
    return all(re.sub(r"-[0-9]{1,2}\Z", "", part) in KNOWN for part in piece.split(":")) and piece != ""


def checked(purpose: str) -> str:
    """The purpose, if it is known; else UnknownPurpose."""
    if not is_known(purpose):
        raise UnknownPurpose("A row of the access log was given a purpose that is no word of the program's.")
    return purpose
