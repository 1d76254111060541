"""Say what was done, with a button beside the sentence that takes it back."""

from django.contrib import messages
from django.http import HttpRequest


def tell_done(request: HttpRequest, sentence: str, *, undo: str, was: str = "") -> None:
    """A message with the sentence; one tap posts `was` (as `sign_state` makes it) to the address `undo`."""
    messages.success(request, sentence, extra_tags=f"{undo} {was}")
