"""Refusals of the API in one shape: problem+json (RFC 9457), with the request's id."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse

from organisations.monitoring.logs import request_id_var

API = "/api/"
MEDIA_TYPE = "application/problem+json"


def is_api(request: HttpRequest) -> bool:
    """Whether another system is asking, and wants its errors as problem+json."""
    return request.path.startswith(API)


def problem(
    status: int,
    title: str,
    detail: str = "",
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JsonResponse:
    """A refusal: `title` says what kind, `detail` the sentence a page would show, `errors` sentences by field."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    body["request_id"] = request_id_var.get()
    if errors:
        body["errors"] = errors
    return JsonResponse(body | more, status=status, content_type=MEDIA_TYPE, headers=headers)
