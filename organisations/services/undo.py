"""What stood before something was done, as text that a page carries until somebody takes it back."""

from typing import Any

from django.core import signing

DAY = 24 * 3600


def sign_state(state: dict[str, Any], *, of: object) -> str:
    """The state as text without spaces that nobody can make up; `of` says whose state it is."""
    return signing.dumps(state, salt=f"undo:{of}", compress=True)


def read_state(text: str, *, of: object) -> dict[str, Any] | None:
    """The state that was signed within the last day; None for anything else."""
    try:
        return signing.loads(text, salt=f"undo:{of}", max_age=DAY)
    except signing.BadSignature:
        return None
