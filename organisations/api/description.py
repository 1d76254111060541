"""How a route describes itself: what it takes, what it gives, and every refusal that it may answer with."""

from collections.abc import Callable
from typing import Any

from django_filters import Filter, UUIDFilter
from django_filters.rest_framework import FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer, inline_serializer
from rest_framework import serializers

from organisations.api.filters import DayFilter, MomentFilter
from organisations.api.idempotency import HEADER
from organisations.api.paging import FEWEST, MOST, USUAL
from organisations.web.problems import MEDIA_TYPE

REFUSALS = {
    400: "The body is not JSON, or holds what no text may hold.",
    401: "No token, or one that has ended or was revoked.",
    403: "The token has not the scope, or its practitioner may not do this.",
    404: "There is no such row, or the caller may not see it.",
    405: "The route does not know this method.",
    406: "Only JSON is answered.",
    409: "Somebody was here before: `detail` says what is stored.",
    413: "The body is larger than 256 KB.",
    415: "Only JSON is read.",
    422: "Not carried out: `errors` has sentences by field, `detail` those about no field. The sentences of the pages.",
    429: "More than 600 requests a minute; `Retry-After` says how many seconds to wait.",
    503: "The database is out of reach; nothing was stored. Try again.",
}
OF_READING = (400, 401, 403, 404, 405, 406, 422, 429, 503)
OF_LISTS = (400, 401, 403, 405, 406, 422, 429, 503)
OF_WRITING = tuple(REFUSALS)


@extend_schema_serializer(component_name="Problem")
class ProblemOut(serializers.Serializer):
    """A refusal (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    request_id = serializers.CharField(help_text="Quote it when you ask us about the refusal.")
    errors = serializers.DictField(  # type: ignore[assignment]  # the shape's field, not the serializer's own
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


KEY = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="1 to 100 visible ASCII characters, new for each request. A repeat within 24 hours gets the first "
    "answer again and changes nothing; the key with another request is refused with 422.",
    pattern="^[!-~]{1,100}$",
)
PAGES = [
    OpenApiParameter("limit", {"type": "integer", "minimum": FEWEST, "maximum": MOST, "default": USUAL}),
    OpenApiParameter("cursor", OpenApiTypes.STR, description="From `next` of the page before."),
]


TYPES = {UUIDFilter: OpenApiTypes.UUID, MomentFilter: OpenApiTypes.DATETIME, DayFilter: OpenApiTypes.DATE}
WORDS = {"updated_since": "Only what changed at that moment or later; take `as_of` of an earlier page."}


def refusals(statuses: tuple[int, ...]) -> dict[Any, Any]:
    """The problems of these statuses, for a route's responses."""
    return {(status, MEDIA_TYPE): ProblemOut for status in statuses}


def described(
    text: str, *, gives: Any, takes: Any = None, made: bool = False, repeats: bool = False, name: str | None = None
) -> Callable:
    """A route about one row. `made`: it answers 201; `repeats`: it may also answer 200 for what was there already."""
    good = [201] if made else [200]
    good += [200] if made and repeats else []

    def decorate(method: Callable) -> Callable:
        writes = takes is not None
        posts = writes and method.__name__ != "partial_update"
        statuses = OF_WRITING if writes else OF_READING
        return extend_schema(
            operation_id=name,
            summary=text.partition(". ")[0].rstrip("."),
            description=text,
            request=takes,
            responses=dict.fromkeys(good, gives) | refusals(statuses),
            parameters=[KEY] if posts else [],
        )(method)

    return decorate


def page_described(text: str, *, gives: Any, by: type[FilterSet]) -> Callable:
    """A list: pages of rows in the order of their last change, narrowed `by` filters."""
    name = gives.__name__.removesuffix("Out") + "Page"
    page = inline_serializer(
        name,
        {
            "results": gives(many=True),
            "next": serializers.CharField(allow_null=True, help_text="The next page's address; null on the last."),
            "as_of": serializers.DateTimeField(
                help_text="Ask with it as `updated_since` next time: a row may come twice, none is left out."
            ),
        },
    )
    return extend_schema(
        summary=text.partition(". ")[0].rstrip("."),
        description=text,
        parameters=[*PAGES, *map(_parameter, by.base_filters.items())],
        responses={200: extend_schema_serializer(many=False)(type(page))} | refusals(OF_LISTS),
    )


def _parameter(named: tuple[str, Filter]) -> OpenApiParameter:
    """How a filter stands in the description."""
    name, narrowing = named
    enum = None
    if "choices" in narrowing.extra:
        enum = [value for value, _label in narrowing.extra["choices"]]
    return OpenApiParameter(
        name, TYPES.get(type(narrowing), OpenApiTypes.STR), enum=enum, description=WORDS.get(name, "")
    )
