"""What the pages of this app share: a visible session, an instrument of the path, a page with a form."""

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, JsonResponse, QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.models import Client
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.edits.forms import VersionedForm
from organisations.edits.versions import RowVersion, StoredMeanwhile
from organisations.models import Practitioner
from organisations.views.form_pages import form_page
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import CLIENT
from sessions_app.models import Session

__all__ = ["attempt", "client_of", "form_of", "form_page", "posted", "saved_as_json", "session_of"]


def client_of(request: HttpRequest, client_id: UUID, action: str) -> Client:
    """A client that the practitioner may see, else 404; the access is recorded as `action`."""
    found = _seen_client(request.practitioner, client_id)
    if not found:
        raise Http404
    record_access(action, [found[0].pk])
    return found[0]


@written_once
def _seen_client(by: Practitioner, client_id: UUID):
    return Client.objects.visible_to(by).filter(pk=client_id)


def session_of(request: HttpRequest, session_id: UUID, action: str) -> Session:
    """A session that the practitioner may see, else 404; the access is recorded as `action`."""
    by = request.practitioner
    found = _seen_session(by, session_id)
    if not found:
        raise Http404
    session = found[0]
    session.organisation = by.organisation  # read with the practitioner
    record_access(action, [session.client_id])
    return session


@written_once
def _seen_session(by: Practitioner, session_id: UUID):
    seen = Session.objects.visible_to(by).filter(pk=session_id)
    return seen.select_related("client__contact", "client__second_contact", "episode__service")


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


def saved_as_json(
    form: VersionedForm, saved: Any, time_zone: str, stored: Mapping[str, Any] | None = None
) -> JsonResponse:
    """The answer to the script that saves while somebody writes: 200, 409 with the other text, 422 with the errors.

    The version that goes back says what the page shows: what only a colleague changed is still theirs next time. Where
    not all that was sent is kept yet, `stored` says what stands there, by field.
    """
    if saved is not None:
        version = form.cleaned_data.pop("version")
        kept = {name: form.cleaned_data[name] for name in version.kept}
        shown = RowVersion.of_values({**form.cleaned_data, **(stored or {}), **kept}, saved)
        at = date_format(saved.updated_at.astimezone(ZoneInfo(time_zone)), "TIME_FORMAT")
        answer = {"version": str(shown), "saved": _("Saved %(time)s") % {"time": at}}
        return JsonResponse(answer | ({"theirs": _told(form, version.kept)} if version.kept else {}))
    if form.meanwhile is not None:
        stored = form.meanwhile.stored
        theirs = {name: stored[name] for unit in form.meanwhile.undecided for name in unit}
        seen = RowVersion.of_values(theirs, form.version_of).digests
        version = RowVersion(form.cleaned_data["version"].digests | seen, form.version_of)
        return JsonResponse({"version": str(version), "theirs": _told(form, theirs)}, status=409)
    return JsonResponse(
        {"error": " ".join(str(error) for errors in form.errors.values() for error in errors)}, status=422
    )


def _told(form: VersionedForm, values: dict[str, Any]) -> str:
    return "\n".join(f"{form.label_of(name)}: {form.in_words(name, value)}" for name, value in values.items())
