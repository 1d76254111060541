"""Lists of SCIM: narrowed, ordered and cut into pages by the database."""

from typing import Any

from django.db.models import BooleanField, TextField
from django.db.models.expressions import OrderBy, RawSQL
from django.utils.translation import gettext as _
from scim2_models import Context, SearchRequest

from organisations.api.scim_answers import ScimCall, answer
from organisations.api.scim_kinds import GroupKind, ScimKind, UserKind
from organisations.scim.filters import sql_of_filter, sql_of_order
from organisations.scim.schemas import MOST_RESULTS
from organisations.services.provisioning import ProvisioningRefused

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USUAL = 100
PARAMETERS = ("filter", "sortBy", "sortOrder", "startIndex", "count", "attributes", "excludedAttributes")


def search(kind: ScimKind):
    """One page of one kind, by the query's parameters or the body of a `.search`."""
    asked = SearchRequest[kind.model].model_validate(_given(kind.call))  # type: ignore[name-defined]
    kind.refresh()
    return _page([kind], asked)


def search_all(call: ScimCall):
    """Users and then groups."""
    kinds: list[ScimKind] = [UserKind(call), GroupKind(call)]
    asked = SearchRequest[kinds[0].model | kinds[1].model].model_validate(_given(call))
    if asked.sort_by is not None:
        raise ProvisioningRefused(_("Users and groups have no order in common."), status=400, scim_type="invalidValue")
    kinds[1].refresh()
    return _page(kinds, asked)


def _given(call: ScimCall) -> Any:
    if call.request.method == "POST":
        return call.body()
    return {name: value for name, value in call.request.GET.items() if name in PARAMETERS}


def _page(kinds: list[ScimKind], asked: SearchRequest[Any]):
    start = asked.start_index or 1
    left = min(MOST_RESULTS, USUAL if asked.count is None else asked.count)
    skip, total, resources = start - 1, 0, []
    for kind in kinds:
        rows = _ordered(kind, _narrowed(kind, asked), asked)
        number = rows.count()
        total += number
        if skip < number and left:
            found = list(kind.shown(rows)[skip : skip + left])
            resources += [_dumped(kind, row, asked) for row in found]
            left -= len(found)
        skip = max(0, skip - number)
    body = {
        "schemas": [LIST],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }
    return answer(body)


def _dumped(kind: ScimKind, row: Any, asked: SearchRequest[Any]) -> Any:
    return kind.dumped(kind.resource(kind.document(row)), asked, Context.RESOURCE_QUERY_RESPONSE)


def _narrowed(kind: ScimKind, asked: SearchRequest[Any]):
    if asked.filter is None:
        return kind.rows()
    sql, values = sql_of_filter(asked.filter, kind.model, kind.columns)
    return kind.rows().filter(RawSQL(sql, values, output_field=BooleanField()))  # noqa: S611  made by filters.py


def _ordered(kind: ScimKind, rows, asked: SearchRequest[Any]):
    binding = asked.sort_binding(kind.model) if asked.sort_by is not None else None
    if binding is None:
        return rows.order_by(kind.key)
    value = RawSQL(sql_of_order(binding, kind.model, kind.columns), [], output_field=TextField())  # noqa: S611
    descending = asked.sort_order == SearchRequest.SortOrder.descending
    last = {"nulls_first": True} if descending else {"nulls_last": True}
    return rows.order_by(OrderBy(value, descending=descending, **last), kind.key)
