"""What every route of the API does: in by a token, only visible rows, each look on record, errors as problem+json."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from operator import attrgetter
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django_filters.rest_framework import FilterSet
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from organisations.api import idempotency
from organisations.api.authentication import TokenAuthentication, TokenMay
from organisations.api.errors import as_problem
from organisations.api.fields import StrictSerializer
from organisations.api.paging import PARAMETERS, page_of
from organisations.api.unused import UnusedData, refuse_unused, without_unused
from organisations.audit.record import record_access
from organisations.edits.versions import RowVersion
from organisations.history.updated_at import known_until
from organisations.models import KeptAnswer
from organisations.roles import Can
from organisations.tokens.scopes import Resource

WRITING = ("POST", "PATCH")


class Nothing(StrictSerializer):
    """No field: `{}`, or no body at all."""


class TokenView:
    """Mixed into DRF's views: tokens only, no metadata, JSON only."""

    by_token = True  # read by the middleware and by organisations.access
    resource: ClassVar[Resource | None] = None
    authentication_classes = [TokenAuthentication]
    permission_classes = [TokenMay]
    parser_classes = [JSONParser]
    renderer_classes = [JSONRenderer]
    metadata_class = None
    http_method_names = ["get", "head", "post", "patch"]

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Callable:
        view = super().as_view(*args, **kwargs)
        view.by_token = view.kiosk_ok = True
        return view

    def get_exception_handler(self) -> Callable:
        return as_problem


class ResourceViewSet(TokenView, GenericViewSet, ABC):
    """One kind of row. `needs` names the verb of each action; an action without one is nobody's."""

    kind: ClassVar[str]  # begins the actions of the access log
    needs: ClassVar[dict[str, Can]]
    client_path: ClassVar[str]  # from a row to its client's id
    filterset_class: ClassVar[type[FilterSet]]
    filter_backends: ClassVar[list] = []  # a row is looked up by its id alone; lists are narrowed by `page`
    lookup_value_converter = "uuid"
    kept: KeptAnswer | None = None
    # What a request calls what the services call otherwise, in refusals.
    field_names: ClassVar[dict[str, str]] = {}
    asked_fields: Collection[str] | None = None  # those that the request may have, once its body is looked at

    @abstractmethod
    def rows(self) -> QuerySet:
        """Every row that the caller may see, with what its serializer reads."""

    def verb(self) -> Can | None:
        return self.needs.get(self.action)

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):  # the description is made without a caller
            return self.serializer_class.Meta.model.objects.none()
        return self.rows()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.seen: set[UUID] = set()
        if request.method in WRITING:
            request._request.body  # noqa: B018  refused here if it is too large
        if request.method == "POST":
            self.kept = idempotency.begin(request)

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, idempotency.AnsweredBefore):
            exc = self._hidden_since(exc.kept) or exc
        if isinstance(exc, idempotency.AnsweredBefore):
            return idempotency.replay(exc.kept, f"{self.kind}.{self.action}")
        return super().handle_exception(exc)

    def _hidden_since(self, kept: KeptAnswer) -> Exception | None:
        """Why what the first request was answered with is not shown again; None where it is."""
        if not self.rows().filter(pk=idempotency.row_of(kept)).exists():
            return Http404()
        try:
            refuse_unused(kept.client_ids)
        except UnusedData as error:
            return error
        return None

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if self.kept is not None and isinstance(response, Response) and not getattr(response, "exception", False):
            idempotency.keep(self.kept, response, self.seen)
        return super().finalize_response(request, response, *args, **kwargs)

    def look(self, action: str, clients: Iterable[UUID], *, typed: str = "") -> None:
        """Put a look on record, with the token that was used and what was searched for.

        UnusedData for a client whose data are not used for now: nothing is read, and what was written is undone.
        """
        clients = set(clients)
        refuse_unused(clients)
        self.seen |= clients
        record_access(f"{self.kind}.{action}", clients, purpose=f"API {self.request.auth.prefix}", typed=typed)

    def found(self, action: str) -> Any:
        """The row of the address, on record; 404 when the caller may not see it."""
        row = self.get_object()
        self.look(action, [attrgetter(self.client_path)(row)])
        return row

    def checked(self, serializer_class: type, *, partial: bool = False, **context: Any) -> dict[str, Any]:
        """The body's fields, cleaned; 422 with sentences beside them if they are not right."""
        serializer = serializer_class(
            data=self.request.data, partial=partial, context={**self.get_serializer_context(), **context}
        )
        self.asked_fields = set(serializer.fields)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def answer(self, pk: UUID, *, status: int = 200) -> Response:
        """A row as it is stored now."""
        row = self.rows().filter(pk=pk).first()
        if row is None:
            raise Http404
        self.look("view", [attrgetter(self.client_path)(row)])
        return Response(self.get_serializer(row).data, status=status)

    def change(
        self, service: Callable[..., Any], takes: type = Nothing, *, over: dict[str, Any] | None = None, **more: Any
    ) -> Response:
        """Let a service carry out the route's action on its row with the body's fields, and answer with the row.

        `over`: the values that the action is meant for; 409 where others stand.
        """
        row = self.found(self.action)
        if over is not None:
            more["version"] = RowVersion.of_values(over, row, sent_counts=True)
        service(**{self.kind: row}, by=self.request.practitioner, **more, **self.checked(takes))
        return self.answer(row.pk)

    def change_fields(self, row: Any, service: Callable[..., Any], takes: type) -> Response:
        """Let a service change the fields that were sent of a row; with their `version` only if they still have it."""
        fields = self.checked(takes, partial=True)
        if "version" in fields:
            fields["version"] = RowVersion.parse(fields["version"], row, sent_counts=True)
        service(**{self.kind: row}, by=self.request.practitioner, **fields)
        return self.answer(row.pk)

    # The two that every kind has

    def list(self, request: Request) -> Response:
        return self.page(self.get_queryset(), self.filterset_class, self.serializer_class)

    def page(
        self, rows: QuerySet, filterset_class: type[FilterSet], serializer_class: type, column: str = "updated_at"
    ) -> Response:
        """One page of rows, narrowed by the query and each on record; `column` is the moment of a row's change."""
        request = self.request
        refuse_unknown(request, filterset_class.base_filters)
        rows = without_unused(rows, self.client_path)
        narrowed = filterset_class(request.query_params, queryset=rows, request=request)
        if not narrowed.is_valid():
            raise exceptions.ValidationError(narrowed.errors)
        as_of = known_until()
        found, following = page_of(narrowed.qs, request, column=column)
        asked = {
            name: request.query_params[name] for name in filterset_class.base_filters if name in request.query_params
        }
        self.look("list", map(attrgetter(self.client_path), found), typed=urlencode(asked))
        results = serializer_class(found, many=True, context=self.get_serializer_context()).data
        return Response({"results": results, "next": following, "as_of": as_of})

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.found("view")).data)


def refuse_unknown(request: Request, known: Iterable[str], *, paged: bool = True) -> None:
    """A filter that does not exist, stands twice or is empty would be overlooked: better to be told."""
    names = {*known, *(PARAMETERS if paged else ())}
    wrong = {name: [_("There is no such parameter.")] for name in request.query_params if name not in names}
    twice = {name: [_("Only once.")] for name, values in request.query_params.lists() if len(values) > 1}
    empty = {name: [_("Without a value it says nothing.")] for name, value in request.query_params.items() if not value}
    if wrong or twice or empty:
        raise exceptions.ValidationError(wrong | twice | empty)
