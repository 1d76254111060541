"""What no page and no job can use is refused at the door, with 400 or 413 and never with a broken page.

NUL (PostgreSQL cannot store it), text that is no UTF-8, half characters, JSON without end or too deep, too much of it.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.translation import gettext as _

from organisations.problems import is_api, problem
from organisations.views import errors

DEEPEST = 20  # JSON within JSON
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
BRACKETS = re.compile(rb"[\[\]{}]")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
CHARSET = re.compile(r"charset\s*=\s*\"?([^\";\s]*)", re.IGNORECASE)
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
REPLACEMENT = "\ufffd"  # what a decoder puts in the place of bytes that it could not read


class Unusable(Exception):
    """400."""


def takes_body(largest: int) -> Callable:
    """Marks a view that takes more than DATA_UPLOAD_MAX_MEMORY_SIZE: a file of up to `largest` bytes."""

    def mark(view: Callable) -> Callable:
        view.largest_body = largest  # type: ignore[attr-defined]
        return view

    return mark


class InputMiddleware:
    """First the address and the headers, before anybody reads them; then, once the route is known, the body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            _check_head(request)
        except Unusable:
            with translation.override(translation.get_language_from_request(request)):
                return _refuse(request, 400)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        largest = getattr(view, "largest_body", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        length = _length(request)
        if length > largest:
            return _refuse(request, 413)
        if not length:
            return None
        try:
            _check_body(request, length)
        except RequestDataTooBig:
            return _refuse(request, 413)
        except (Unusable, BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
            return _refuse(request, 400)
        return None


def _refuse(request: HttpRequest, status: int) -> HttpResponse:
    if is_api(request):
        title = _("Too large") if status == 413 else _("Not understood")
        return problem(status, title)
    return errors.too_large(request) if status == 413 else errors.bad_request(request)


def _length(request: HttpRequest) -> int:
    """Bytes of the body as announced; what is not announced is not read."""
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def _check_head(request: HttpRequest) -> None:
    if "\x00" in request.path:
        raise Unusable
    query = request.META.get("QUERY_STRING", "")
    if query.count("&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
        raise Unusable
    _check_text(_decoded(query.encode("latin-1", "surrogateescape")))
    for name, value in request.META.items():
        if name.startswith(("HTTP_", "CONTENT_")) and isinstance(value, str) and CONTROL.search(value):
            raise Unusable
    charset = CHARSET.search(request.META.get("CONTENT_TYPE") or "")
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise Unusable


def _check_body(request: HttpRequest, length: int) -> None:
    kind = request.content_type or ""
    if kind == MULTIPART:
        _check_multipart(request, length)
    elif kind == FORM:
        _check_text(_decoded(request.body))
        _check_fields(request)
    elif kind == "application/json" or kind.endswith("+json"):
        _check_json(request.body)


def _decoded(quoted: bytes) -> str:
    try:
        return unquote_to_bytes(quoted.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unusable from error


def _check_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise Unusable


def _check_fields(request: HttpRequest) -> list[str]:
    """Every name and value sent; reading them refuses too many."""
    texts = [text for name, values in request.POST.lists() for text in (name, *values)]
    for text in texts:
        _check_text(text)
    return texts


def _check_multipart(request: HttpRequest, length: int) -> None:
    """Fields are decoded with a stand-in for bytes that are no text: it may be there only if it was sent."""
    raw = request.body if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE else b""
    texts = _check_fields(request)
    if any(REPLACEMENT in text for text in texts) and REPLACEMENT.encode() not in raw:
        raise Unusable
    for _field, files in request.FILES.lists():
        for file in files:
            _check_text(file.name or "")


def _check_json(body: bytes) -> None:
    """Text that is not JSON at all is left to the page, which says so in its own words."""
    if _depth(body) > DEEPEST:
        raise Unusable
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise Unusable from error
    except json.JSONDecodeError:
        return
    except ValueError as error:  # a number of thousands of digits
        raise Unusable from error
    for leaf in _leaves(content):
        if isinstance(leaf, str):
            _check_text(leaf)
        elif isinstance(leaf, float) and not math.isfinite(leaf):
            raise Unusable


def _refuse_constant(name: str) -> None:
    raise Unusable(name)


def _depth(body: bytes) -> int:
    deepest = depth = 0
    for bracket in BRACKETS.findall(STRINGS.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _leaves(content: Any) -> Iterator[Any]:
    if isinstance(content, dict):
        yield from content
        for value in content.values():
            yield from _leaves(value)
    elif isinstance(content, list):
        for value in content:
            yield from _leaves(value)
    else:
        yield content
