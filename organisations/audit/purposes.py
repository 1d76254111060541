"""What a row of the access log may give as its purpose: words of the program's own, never what somebody typed.

What was typed (a search, a reason) has a column of its own. Each app adds its words when it starts.
"""

import re
from collections.abc import Iterable

KNOWN = {
    "",
    "repeated request",
    "by an administrator",
    "by the operator",
    "second factor required",
    "second factor not required",
    "password",
    "totp",
    "webauthn",
    "recovery_codes",
    "other",
}
# The beginning of a token, the key of a row, the status of a refusal.
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{3}")
TOKEN = re.compile(r"(?:API|token) [A-Za-z0-9_-]{6,8}")


class UnknownPurpose(ValueError):
    """A purpose that the program does not know; its text is not told, since nobody knows whose it is."""


def know(words: Iterable[str]) -> None:
    """Let these words be purposes too."""
    KNOWN.update(words)


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
