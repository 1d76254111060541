"""What a client's form says of whoever fills it in and of what they work on."""

from typing import Any
from uuid import UUID

from organisations.models import Capability, CapabilityKind
from sessions_app.measures.instruments.form_key import ALLIANCE, FormKey
from sessions_app.services.goals import worked_on_at
from sessions_app.services.rater_queue import labels_about
from sessions_app.texts.instruments import rater_words


def for_whom(form: FormKey, shown: Capability, here: UUID | None, *, nameless: bool) -> dict[str, Any]:
    """Who fills in, where it is not the client; whether faces are shown; what is worked on.

    `here` is the hand-over that the browser is in: whoever has only the address of a form reads nobody's goals.
    `nameless` on a page that a device keeps for every client: without the rater's own label, and without goals.
    """
    who = "" if form.by_client else rater_words(form.rater, {} if nameless else labels_about(shown))
    about = {"for_whom": who, "has_faces": not form.instrument.scored, "child_ends": form.instrument.has_drawn_ends}
    return about | {"worked_on": _worked_on(form, shown) if here and not nameless and here == shown.handover else []}


def _worked_on(form: FormKey, shown: Capability) -> list[str]:
    """The client's goals, on their own form about the alliance that staff hand over; never on one that is sent out."""
    if form.part != ALLIANCE or not form.by_client or shown.kind != CapabilityKind.HANDOVER:
        return []
    return worked_on_at(shown.object_id)
