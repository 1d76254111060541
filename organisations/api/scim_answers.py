"""How SCIM is entered and answered: a token that may do this alone, one transaction a call, errors in its own shape."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError
from scim2_models import Error, SCIMException, ScimProvider

from organisations.models import ApiToken, Organisation, Practitioner, Provisioning
from organisations.scim.schemas import POLICY, provider_for
from organisations.services.local_day import today_in
from organisations.services.provisioning import ProvisioningRefused, lock, note_call, provisioning_of
from organisations.tokens.scopes import PROVISIONING
from organisations.web.scim_errors import MEDIA_TYPE, scim_error

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="medspil"'}
READING = ("GET", "HEAD")


@dataclass
class ScimCall:
    """A call that was let in."""

    request: HttpRequest
    token: ApiToken
    provisioning: Provisioning

    @property
    def by(self) -> Practitioner:
        """The system that calls."""
        return self.token.practitioner

    @property
    def organisation(self) -> Organisation:
        return self.by.organisation

    @cached_property
    def today(self) -> date:
        return today_in(self.organisation)

    @cached_property
    def provider(self) -> ScimProvider:
        """What this organisation announces."""
        return provider_for(tuple(self.provisioning.roles), keeps_other=self.provisioning.keeps_other)

    def body(self) -> Any:
        """The body, if it is JSON of any media type."""
        try:
            return json.loads(self.request.body or b"null")
        except ValueError as error:
            raise ProvisioningRefused(_("The body is no JSON."), status=400, scim_type="invalidSyntax") from error

    def lock(self) -> None:
        """Whoever changes something waits for whoever does so now, and sees then what came of it."""
        lock(self.organisation)


Handler = Callable[..., HttpResponse]


def endpoint(resource: str, **handlers: Handler) -> Handler:
    """A route of SCIM: `handlers` by method, in lower case."""
    methods = {name.upper(): handler for name, handler in handlers.items()}
    if "GET" in methods:
        methods["HEAD"] = methods["GET"]

    def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if (refused := _refused(request)) is not None:
            return refused
        handler = methods.get(request.method or "")
        if handler is None:
            return scim_error(405, headers={"Allow": ", ".join(methods)})
        call = ScimCall(request, request.api_token, request.provisioning)
        with POLICY:
            response = _carried_out(call, handler, arguments)
        _note(call, resource, arguments, response)
        return response

    view.by_token = view.kiosk_ok = True
    view.__doc__ = f"SCIM: {resource}."
    return csrf_exempt(login_not_required(view))


def _refused(request: HttpRequest) -> HttpResponse | None:
    token = getattr(request, "api_token", None)
    if token is None:
        return scim_error(401, _("A token is needed, as Authorization: Bearer."), headers=CHALLENGE)
    if PROVISIONING not in token.scopes:
        return scim_error(403, _("The token has not the scope %(scope)s.") % {"scope": PROVISIONING})
    if token.is_waiting:
        return scim_error(403, _("The token opens nothing yet: a second person has to confirm it."))
    request.provisioning = provisioning_of(token.practitioner.organisation)
    if not request.provisioning.is_on:
        return scim_error(403, _("The organisation has not switched SCIM on."))
    return None


def _carried_out(call: ScimCall, handler: Handler, arguments: Mapping[str, Any]) -> HttpResponse:
    try:
        with transaction.atomic():
            return handler(call, **arguments)
    except ProvisioningRefused as error:
        return scim_error(error.status, error.detail, error.scim_type)
    except SCIMException as error:
        return _of_library(error.to_error())
    except ValidationError as error:
        return _of_library(Error.from_validation_errors(error)[0])
    except IntegrityError:
        return scim_error(409, _("Somebody stored the same meanwhile. Try again."), "uniqueness")
    except RequestDataTooBig:
        return scim_error(413)


def _of_library(error: Error) -> HttpResponse:
    return scim_error(error.status or 400, error.detail or "", error.scim_type)


def _note(call: ScimCall, resource: str, arguments: Mapping[str, Any], response: HttpResponse) -> None:
    """A call that changed something, or was refused; what was only read is counted by the token's last use."""
    is_read = call.request.method in READING or resource.endswith(".search")
    if is_read and (response.status_code < 400 or response.status_code == 404):
        return
    detail = json.loads(response.content).get("detail", "") if response.status_code >= 400 and response.content else ""
    pk = next((value for value in arguments.values() if isinstance(value, UUID)), None)
    note_call(
        call.token,
        method=call.request.method or "",
        resource=resource,
        object_id=pk or getattr(response, "object_id", None),
        status=response.status_code,
        detail=detail,
    )


def version_of(document: Mapping[str, Any]) -> str:
    """A weak entity tag of all that SCIM shows of something: it changes with whatever changes it, on either side."""
    text = json.dumps(document, sort_keys=True, default=str)
    return f'W/"{sha256(text.encode()).hexdigest()[:32]}"'


def refuse_other_version(call: ScimCall, version: str) -> None:
    """412 for whoever means to change another version than the one that stands."""
    wanted = call.request.headers.get("If-Match", "")
    if wanted and not _names(wanted, version):
        raise ProvisioningRefused(_("Somebody has changed it meanwhile. Read it again."), status=412)


def is_known(call: ScimCall, version: str) -> bool:
    """Whether the caller has this version already."""
    return _names(call.request.headers.get("If-None-Match", ""), version)


def _names(header: str, version: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or version.removeprefix("W/") in tags


def answer(body: Any, *, status: int = 200, version: str = "", location: str = "", pk: UUID | None = None):
    """A body as application/scim+json."""
    headers = {name: value for name, value in {"ETag": version, "Location": location}.items() if value}
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)
    response.object_id = pk
    return response


def empty(status: int, version: str = "") -> HttpResponse:
    """No body: deleted, or not changed."""
    response = HttpResponse(status=status, content_type=MEDIA_TYPE)
    if version:
        response["ETag"] = version
    return response


def not_found() -> ProvisioningRefused:
    """404, the same for what never was and for what is somebody else's."""
    return ProvisioningRefused(HTTPStatus.NOT_FOUND.phrase, status=404)


def unsupported(call: ScimCall, **arguments: Any) -> HttpResponse:
    """501 for what is announced as not there."""
    return scim_error(501, _("Medspil does not do that."))
