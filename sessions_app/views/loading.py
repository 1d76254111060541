"""What the pages of this app share: a visible session, an instrument of the path, a page with a form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from clients.models import Client
from organisations.audit import record_access
from sessions_app.form_ref import FormRef
from sessions_app.measures.instruments import CLIENT
from sessions_app.models import Session


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


def form_of(detail: str) -> FormRef:
    """The form about a client that a path names ("ors", "cors:mother"), else 404."""
    try:
        form = FormRef.parse(detail)
    except ValueError as error:
        raise Http404 from error
    if CLIENT not in form.about.raters:
        raise Http404
    return form


def posted(request: HttpRequest) -> QueryDict | None:
    """The data of a form: what was posted, empty or not; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def attempt(form: BaseForm, service: Callable, /, **arguments: Any) -> Any:
    """What the service returns; None when it refuses, with its words in the form."""
    try:
        return service(**arguments)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def form_page(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> TemplateResponse:
    """A page with a form: 422 once something was posted, 200 while somebody searches for what to choose in it."""
    searching = getattr(form, "is_searching", False)
    status = 422 if form.is_bound and not searching else 200
    return TemplateResponse(request, template, {"form": form, **context}, status=status)
