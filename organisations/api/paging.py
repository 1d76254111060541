"""Lists in the order of their rows' last change: a page begins where the one before it ended, never by a count."""

import base64
import binascii
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

FEWEST, USUAL, MOST = 1, 50, 200
PARAMETERS = ("limit", "cursor")


def page_of(rows: QuerySet, request: Request, *, column: str = "updated_at") -> tuple[list[Any], str | None]:
    """(rows of the page, address of the next one or None), by (`column`, pk) upwards.

    A row that changes while somebody pages moves to the end: it comes again and is never left out.
    """
    limit, start = _limit(request), request.query_params.get("cursor")
    if start is not None:
        moment, pk = _read(start)
        rows = rows.filter(Q(**{f"{column}__gt": moment}) | Q(**{column: moment, "pk__gt": pk}))
    found = list(rows.order_by(column, "pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], _address(request, _written(getattr(last, column), last.pk))


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and len(text) < 5 and FEWEST <= int(text) <= MOST):
        raise ValidationError({"limit": [_("Between %(least)d and %(most)d.") % {"least": FEWEST, "most": MOST}]})
    return int(text)


def _written(moment: datetime, pk: Any) -> str:
    return base64.urlsafe_b64encode(f"{moment.isoformat()}|{pk}".encode()).decode()


def _read(cursor: str) -> tuple[datetime, Any]:
    """Where a page begins; a row's key is a UUID, but that of a history's row a number."""
    try:
        moment, _bar, pk = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().partition("|")
        place = int(pk) if pk.isdigit() and len(pk) < 16 else uuid.UUID(pk)
        when = datetime.fromisoformat(moment)
        if when.tzinfo is None or not 1900 < when.year < 2200:
            raise ValueError(moment)
        return when, place
    except (ValueError, binascii.Error) as error:
        raise ValidationError({"cursor": [_("Take the address of the next page as it was given.")]}) from error


def _address(request: Request, cursor: str) -> str:
    """Absolute by SITE_URL, never by the request's Host header."""
    asked = {key: value for key, value in request.query_params.items() if key != "cursor"}
    return f"{settings.SITE_URL}{request.path}?{urlencode(asked | {'cursor': cursor})}"
