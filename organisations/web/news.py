"""Is there something new for a person, or about a row? Open pages ask every few seconds: one read of the cache each.

No session, no database: a page carries a pass that names its topic, signed, and the answer is a moment in
time, never a word about anybody. While the cache is away nobody hears of anything; it stands on the pages all the same.
"""

import time
from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from organisations.access import public

SALT = "organisations.web.news"
PASS_FOR = 12 * 3600  # seconds: a page that stays open longer than a working day is asked for anew
KEPT_FOR = 24 * 3600


class NewsMiddleware:
    """Answers before a session, a tenant or a transaction is asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return news(request) if request.path == reverse("news") else self.get_response(request)


@public
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """The moment of a topic's last news, in seconds since 1970, or 0; 404 without a valid pass."""
    try:
        topic = signing.loads(request.GET.get("pass", ""), salt=SALT, max_age=PASS_FOR)
    except signing.BadSignature:
        return HttpResponse(status=404)
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(str(cache.get(_key(topic), 0)), content_type="text/plain", headers=headers)


def news_pass(topic: UUID) -> str:
    """What a page asks with about a topic: a practitioner, or a row that several people look at together."""
    return signing.dumps(topic.hex, salt=SALT)


def last_told(topic: UUID) -> float:
    """The moment of the topic's last news, as `news` answers it; 0 where there was none."""
    return cache.get(_key(topic.hex), 0)


def tell(topics: Iterable[UUID]) -> None:
    """Let the open pages about these topics know, as soon as the transaction is committed."""
    keys = [_key(topic.hex) for topic in topics]
    if keys:
        transaction.on_commit(partial(_set_now, keys), robust=True)


def _set_now(keys: list[str]) -> None:
    for key in keys:
        cache.set(key, time.time(), KEPT_FOR)


def _key(topic: str) -> str:
    return f"news-{topic}"
