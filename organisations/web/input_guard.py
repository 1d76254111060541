"""What no page and no job can use is refused at the door, with 400 or 413 and never with a broken page.

Only what nobody behind it refuses everywhere: a view that reads no body would take any, Django puts a stand-in where
bytes are no text, PostgreSQL cannot store NUL, and half a character breaks whatever writes it.
"""

import json
import math
import re
from collections.abc import Callable, Iterable
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import translation
from django.utils.translation import gettext as _

from organisations.web import errors
from organisations.web.problems import is_api, problem
from organisations.web.scim_errors import is_scim, scim_error

DEEPEST = 20  # JSON within JSON
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
REPLACEMENT = "\ufffd"  # what a decoder puts in the place of bytes that it could not read
# The checks below raise ValueError, as the standard library does for bytes that are no text, too many fields, a number
# of thousands of digits; JSON without end exhausts the stack. What Django's own parsers refuse is 400 without us.
UNUSABLE = (ValueError, RecursionError, UnreadablePostError)


class TakesBody(Protocol):
    """A view that takes a body of up to `largest_body` bytes."""

    largest_body: int

    def __call__(self, request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse: ...


def takes_body(largest: int) -> Callable[[Callable[..., HttpResponse]], TakesBody]:
    """Marks a view that takes more than DATA_UPLOAD_MAX_MEMORY_SIZE: a file of up to `largest` bytes."""

    def mark(view: Callable[..., HttpResponse]) -> TakesBody:
        marked = cast(TakesBody, view)
        marked.largest_body = largest
        return marked

    return mark


class InputMiddleware:
    """First the address and the headers, before anybody reads them; then, once the route is known, the body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            _check_head(request)
        except UNUSABLE:
            with translation.override(translation.get_language_from_request(request)):
                return _refuse(request, 400)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        largest = getattr(view, "largest_body", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
            if length > largest:
                return _refuse(request, 413)
            if length > 0:
                _check_body(request, length)
        except RequestDataTooBig:
            return _refuse(request, 413)
        except UNUSABLE:
            return _refuse(request, 400)
        return None


def _refuse(request: HttpRequest, status: int) -> HttpResponse:
    if is_scim(request):
        return scim_error(status, scim_type="invalidSyntax" if status == 400 else None)
    if is_api(request):
        title = _("Too large") if status == 413 else _("Not understood")
        return problem(status, title)
    return errors.too_large(request) if status == 413 else errors.bad_request(request)


def _check_head(request: HttpRequest) -> None:
    headers = (value for name, value in request.META.items() if name.startswith(("HTTP_", "CONTENT_")))
    if "\x00" in request.path or any(CONTROL.search(str(value)) for value in headers):
        raise ValueError("a control character")
    if (request.encoding or "utf-8").lower() not in ("utf-8", "utf8"):
        raise ValueError("another alphabet")
    _check_fields(request.META.get("QUERY_STRING", "").encode("latin-1"))


def _check_body(request: HttpRequest, length: int) -> None:
    kind = request.content_type or ""
    if kind == MULTIPART:
        _check_multipart(request, length)
    elif kind == FORM:
        _check_fields(request.body)
    elif kind == "application/json" or kind.endswith("+json"):
        _check_json(request.body)


def _check_fields(quoted: bytes) -> None:
    """Names and values of a query or a form: not too many, and each of them text."""
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    pairs = parse_qsl(quoted.decode(), keep_blank_values=True, errors="strict", max_num_fields=most)
    check_texts(text for pair in pairs for text in pair)


def check_texts(texts: Iterable[str]) -> None:
    """ValueError for half a character or NUL in one of them."""
    for text in texts:
        text.encode()  # half a character has no bytes
        if "\x00" in text:
            raise ValueError("NUL")


def _check_multipart(request: HttpRequest, length: int) -> None:
    """Fields are decoded with a stand-in for bytes that are no text: it may be there only if it was sent."""
    raw = request.body if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE else b""
    texts = [text for name, values in request.POST.lists() for text in (name, *values)]
    if any(REPLACEMENT in text for text in texts) and REPLACEMENT.encode() not in raw:
        raise ValueError("bytes that are no text")
    names = (file.name or "" for _field, files in request.FILES.lists() for file in files)
    check_texts([*texts, *names])


def _check_json(body: bytes) -> None:
    """Text that is not JSON at all is left to the page, which says so in its own words."""
    text = body.decode()
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        return
    _check_value(content, DEEPEST)


def _check_value(value: Any, levels: int) -> None:
    if isinstance(value, dict | list):
        if not levels:
            raise ValueError("too deep")
        if isinstance(value, dict):
            check_texts(value)
        for inner in value.values() if isinstance(value, dict) else value:
            _check_value(inner, levels - 1)
    elif isinstance(value, str):
        check_texts([value])
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("no number")
