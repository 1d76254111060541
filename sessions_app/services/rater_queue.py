"""One after the other: a handed-over device goes from rater to rater without coming back to staff.

Who is next stands in the parked staff session, on the server; a token still opens one form only.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from clients.models import Client
from organisations.models import Capability, Practitioner
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import Session
from sessions_app.services.forms_due import labels_of, ratings_of
from sessions_app.services.handover import KIOSK, handover_of, open_form, parked_user
from sessions_app.texts.instruments import rater_words

THEN = "then"


def start_queue(request: HttpRequest, *, session: Session, forms: Sequence[FormKey]) -> None:
    """Remember in the parked session who fills in after the first one, and about whom."""
    about = {"session": str(session.pk), "client": str(session.client_id)}
    request.session[KIOSK][THEN] = about | {"forms": [form.key for form in forms]}
    request.session.modified = True


def next_in_line(request: HttpRequest, capability: Capability) -> FormKey | None:
    """The next form of the session whose token this is, on the device that it was handed over on; else None.

    None too once the session is another client's: the device is still with those of before.
    """
    then = request.session.get(KIOSK, {}).get(THEN)
    if not then or then["session"] != str(capability.object_id) or capability.used_at is None:
        return None
    about = {"pk": capability.object_id, "client": then.get("client")}
    session = Session.objects.filter(voided_at=None, episode__ended_on=None, **about).first()
    if session is None or parked_user(request) is None:
        return None
    answered = ratings_of(session)
    return next((FormKey.parse(detail) for detail in then["forms"] if detail not in answered), None)


def open_next(request: HttpRequest, capability: Capability) -> str | None:
    """A token for the next form in line, in the name of whoever handed the device over; None when nobody is left."""
    form = next_in_line(request, capability)
    if form is None:
        return None
    by = Practitioner.objects.get(pk=request.session[KIOSK]["practitioner"])
    session, handover = Session.objects.get(pk=capability.object_id), handover_of(request)
    try:
        return open_form(session=session, form=form, by=by, handover=handover)
    except ValidationError:
        return None  # the session was voided, or its rater taken out, at this moment


def next_of(request: HttpRequest, token: str) -> dict[str, str] | None:
    """Who marks next on this device, and where the thanks lead on to; None when nobody does."""
    form = next_in_line(request, request.capability)  # type: ignore[attr-defined]  # set by the middleware
    if form is None:
        return None
    who = rater_words(form.rater, labels_about(request.capability))  # type: ignore[attr-defined]
    return {"who": who, "url": reverse("rating-next", args=[token])}


def labels_about(shown: Capability) -> dict[str, str]:
    """The labels of the raters of the client whose form a token opens, by key."""
    about = Q(sessions=shown.object_id) | Q(episodes=shown.object_id)  # a form ahead of a session is an episode's
    client = Client.objects.filter(about).first()
    return labels_of(client) if client else {}
