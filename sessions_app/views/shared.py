"""What the pages of this app share: a visible session, an instrument of the path, a page with a form."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404

from clients.models import Client
from organisations.audit.record import record_access
from organisations.edits.forms import VersionedForm
from organisations.edits.versions import StoredMeanwhile
from organisations.views.form_pages import form_page
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import CLIENT
from sessions_app.models import Session

__all__ = ["attempt", "client_of", "form_of", "form_page", "posted", "session_of"]


def client_of(request: HttpRequest, client_id: UUID, action: str) -> Client:
    """A client that the practitioner may see, else 404; the access is recorded as `action`."""
    client = get_object_or_404(Client.objects.visible_to(request.practitioner), pk=client_id)
    record_access(action, [client.pk])
    return client


def session_of(request: HttpRequest, session_id: UUID, action: str) -> Session:
    """A session that the practitioner may see, else 404; the access is recorded as `action`."""
    sessions = Session.objects.visible_to(request.practitioner).select_related("client", "episode__service")
    session = get_object_or_404(sessions, pk=session_id)
    record_access(action, [session.client_id])
    return session


def form_of(detail: str) -> FormKey:
    """The form about a client that a path names ("ors", "cors:mother"), else 404."""
    try:
        form = FormKey.parse(detail)
    except ValueError as error:
        raise Http404 from error
    if CLIENT not in form.instrument.raters:
        raise Http404
    return form


def posted(request: HttpRequest) -> QueryDict | None:
    """The data of a form: what was posted, empty or not; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def attempt(form: BaseForm, service: Callable, /, **arguments: Any) -> Any:
    """What the service returns; None when it refuses, with its words (or what is stored meanwhile) in the form."""
    try:
        return service(**arguments)
    except ValidationError as error:
        form.add_error(None, error)
    except StoredMeanwhile as meanwhile:
        cast(VersionedForm, form).note_meanwhile(meanwhile)
    return None
