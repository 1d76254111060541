"""Refusals of SCIM in its own shape (RFC 7644, 3.12), wherever in the program they arise."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse

SCIM = "/scim/"
MEDIA_TYPE = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def is_scim(request: HttpRequest) -> bool:
    """Whether an IT department's system is asking."""
    return request.path.startswith(SCIM)


def scim_error(
    status: int, detail: str = "", scim_type: str | None = None, *, headers: Mapping[str, str] | None = None
) -> JsonResponse:
    """An error; its status is a text, as SCIM has it."""
    body = {"schemas": [ERROR], "status": str(status), "detail": detail or HTTPStatus(status).phrase}
    if scim_type:
        body["scimType"] = scim_type
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)
