"""Routes of SCIM 2.0: users are people, groups are teams; no client is anywhere in it."""

from typing import Any

from django.urls import path
from scim2_models import Context

from organisations.api import scim_kinds
from organisations.api.scim_answers import ScimCall, answer, endpoint, not_found, unsupported
from organisations.api.scim_kinds import GroupKind, ScimKind, UserKind
from organisations.api.scim_search import LIST, search, search_all
from organisations.scim.documents import base_url
from organisations.services.provisioning import ProvisioningRefused


def service_provider_config(call: ScimCall):
    """What this service does and does not do."""
    config = call.provider.config
    assert config is not None  # noqa: S101  our providers have one
    return answer(_described(config, "ServiceProviderConfig", f"{base_url()}/ServiceProviderConfig"))


def resource_types(call: ScimCall, schema_name: str = ""):
    """Users and groups."""
    types = {str(one.name): one for one in call.provider.resource_types}
    return _listed(call, types, schema_name, "ResourceType", f"{base_url()}/ResourceTypes")


def schemas(call: ScimCall, schema_name: str = ""):
    """What each has."""
    found = {str(one.id): one for one in call.provider.schemas}
    for one in found.values():
        one.name = {"ScimUser": "User", "ScimGroup": "Group"}.get(str(one.name), one.name)
    return _listed(call, found, schema_name, "Schema", f"{base_url()}/Schemas")


def _listed(call: ScimCall, found: dict[str, Any], name: str, kind: str, place: str):
    if "filter" in call.request.GET:
        raise ProvisioningRefused("", status=403)  # RFC 7644, 4
    if name:
        one = {key.casefold(): value for key, value in found.items()}.get(name.casefold())
        if one is None:
            raise not_found()
        return answer(_described(one, kind, f"{place}/{name}"))
    listed = [_described(one, kind, f"{place}/{key}") for key, one in found.items()]
    number = len(listed)
    return answer(
        {"schemas": [LIST], "totalResults": number, "startIndex": 1, "itemsPerPage": number, "Resources": listed}
    )


def _described(one: Any, kind: str, place: str) -> dict[str, Any]:
    document = one.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    return document | {"meta": {"resourceType": kind, "location": place}}


def _of(kind: type[ScimKind], act):
    return lambda call, **arguments: act(kind(call), **arguments)


def _routes(name: str, kind: type[ScimKind], route: str):
    of_all = {"get": _of(kind, search), "post": _of(kind, scim_kinds.create)}
    acts = {"get": "retrieve", "put": "replace", "patch": "patch", "delete": "delete"}
    of_one = {method: _of(kind, getattr(scim_kinds, act)) for method, act in acts.items()}
    return [
        path(name, endpoint(name, **of_all), name=f"{route}-list"),
        path(f"{name}/.search", endpoint(f"{name}/.search", post=_of(kind, search)), name=f"{route}-search"),
        path(f"{name}/<uuid:provisioned_id>", endpoint(name, **of_one), name=route),
    ]


def _nothing(resource: str):
    return endpoint(resource, **dict.fromkeys(("get", "post", "put", "patch", "delete"), unsupported))


urlpatterns = [
    path(
        "ServiceProviderConfig",
        endpoint("ServiceProviderConfig", get=service_provider_config),
        name="scim-service-provider-config",
    ),
    path("ResourceTypes", endpoint("ResourceTypes", get=resource_types), name="scim-resource-types"),
    path("ResourceTypes/<str:schema_name>", endpoint("ResourceTypes", get=resource_types), name="scim-resource-type"),
    path("Schemas", endpoint("Schemas", get=schemas), name="scim-schemas"),
    path("Schemas/<str:schema_name>", endpoint("Schemas", get=schemas), name="scim-schema"),
    *_routes("Users", UserKind, "scim-user"),
    *_routes("Groups", GroupKind, "scim-group"),
    path("", endpoint("/", get=search_all), name="scim-all"),
    path(".search", endpoint(".search", post=search_all), name="scim-search"),
    path("Bulk", _nothing("Bulk"), name="scim-bulk"),
    path("Me", _nothing("Me"), name="scim-me"),
]
