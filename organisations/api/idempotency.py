"""The same request twice has its effect once: the answer is kept under the caller's Idempotency-Key."""

import hashlib
import json
import re

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from organisations.audit.record import record_access
from organisations.models import KeptAnswer
from organisations.tokens import answers

HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,100}", re.ASCII)


class AnsweredBefore(Exception):
    """The request was carried out before; `kept` holds its answer."""

    def __init__(self, kept: KeptAnswer):
        super().__init__("answered before")
        self.kept = kept


def begin(request: Request) -> KeptAnswer | None:
    """The place for this request's answer; None without a key. A second request at once waits for the first.

    AnsweredBefore for a repeat; ValidationError for the key of another request, or one that is no key.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise ValidationError({HEADER: _("A key has 1 to 100 visible ASCII characters.")})
    told = hash_of(request)
    kept, is_new = answers.reserve(token=request.auth, key=key, request_hash=told, kept_for=answers.KEPT_FOR)
    if is_new:
        return kept
    if bytes(kept.request_hash) != told:
        raise ValidationError({HEADER: _("This key stands for another request.")})
    raise AnsweredBefore(kept)


def hash_of(request: Request) -> bytes:
    """The sha-256 of what is asked: method, path, query and body."""
    asked = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(asked).digest()


def keep(kept: KeptAnswer, response: Response, client_ids: set) -> None:
    """Store the answer that repeats of the request will get for a day."""
    answers.store(kept, status=response.status_code, body=JSONRenderer().render(response.data).decode(), of=client_ids)


def row_of(kept: KeptAnswer) -> str:
    """The id of the row that an answer shows."""
    return json.loads(kept.body)["id"]


def replay(kept: KeptAnswer, action: str) -> HttpResponse:
    """The answer that was given before, said to be that; on record as a look at its clients."""
    record_access(action, kept.client_ids, purpose="repeated request")
    response = HttpResponse(kept.body, status=kept.status, content_type="application/json")
    response["Idempotency-Replayed"] = "true"
    return response
