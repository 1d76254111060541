"""What a page asks again every few seconds: how far people are, in words."""

import hashlib
import json
from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse

from organisations.audit.record import record_access

States = dict[str, dict]  # by the name of a place on the page: `words`, and whether they can still change (`open`)


def tag_of(states: States) -> str:
    """The same for the same words, as an ETag."""
    return '"' + hashlib.sha256(json.dumps(states, sort_keys=True).encode()).hexdigest()[:32] + '"'


def answer_of(request: HttpRequest, states: States, *, action: str, clients: Iterable[UUID]) -> HttpResponse:
    """The states as JSON, recorded as `action`; 304 while the page shows them already.

    The page says by `If-None-Match` what it shows. An answer that tells no more than that is no look at the
    clients' data, so it is not recorded: else one open page would write a row every five seconds and bury
    the looks that matter. Whatever is new to the viewer is recorded, and so is asking without that header.
    """
    tag = tag_of(states)
    # Whatever compresses an answer on its way marks its tag as weak: W/"…" is the same words.
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return HttpResponseNotModified()
    record_access(action, clients)
    return JsonResponse({"links": states}, headers={"ETag": tag})
