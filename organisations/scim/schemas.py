"""What SCIM says of a user and a group here; what has no use here only where an organisation keeps it too."""

from collections.abc import Collection
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Union, cast

from pydantic import Field, create_model
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    EnterpriseUser,
    ETag,
    Filter,
    Group,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    Returned,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
    User,
)

MOST_RESULTS = 200
POLICY = ScimPolicy(
    # An IT department sends what it has: what we have no use for is left out without an error.
    unknown=ScimPolicy.Unknown.ignore,
    # Both as Microsoft Entra sends it.
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


class ScimEmail(ComplexAttribute):
    """As of the library, but with any text: an address under .local is one that municipalities have."""

    value: str | None = Field(None, description="The address. The primary one is where mails go.")
    display: str | None = None
    type: str | None = Field(None, examples=["work", "home", "other"])
    primary: bool | None = None


class ScimName(ComplexAttribute):
    """A person's name."""

    formatted: str | None = None
    family_name: str | None = None
    given_name: str | None = None


class ScimMembership(ComplexAttribute):
    """A team that somebody is in; it is changed at the group."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only] = None
    type: Annotated[str | None, Mutability.read_only] = Field(None, examples=["direct"])


class ScimMember(ComplexAttribute):
    """Somebody in a team; no team is in a team."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference[Union["User"]] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class ScimGroup(Resource[Any]):
    """A team."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")
    display_name: Annotated[str | None, Required.true] = Field(None, description="The team's name.")
    members: list[ScimMember] | None = None
    Members: ClassVar[type[ComplexAttribute]] = ScimMember


@lru_cache(maxsize=32)
def provider_for(roles: tuple[str, ...], *, keeps_other: bool) -> ScimProvider:
    """What an organisation announces that lets these roles be given, and keeps what has no use here or does not."""
    return _provider(_user_model(roles, keeps_other=keeps_other), with_enterprise=keeps_other)


def user_model(provider: ScimProvider) -> type[Resource[Any]]:
    """The users of a provider, with what extends them."""
    model = provider.model_for_endpoint("/Users")
    assert model is not None  # noqa: S101  the provider was made with it
    return cast(type[Resource[Any]], model)


def _user_model(roles: Collection[str], *, keeps_other: bool) -> type[Resource[Any]]:
    role = create_model(
        "ScimRole",
        __base__=ComplexAttribute,
        value=(str | None, Field(None, examples=list(roles), description="The role here.")),
        display=(str | None, None),
        type=(str | None, None),
        primary=(bool | None, None),
    )
    fields: dict[str, Any] = {
        "emails": (list[ScimEmail] | None, None),
        "groups": (Annotated[list[ScimMembership] | None, Mutability.read_only], None),
        "roles": (list[role] | None, None),  # type: ignore[valid-type]
    }
    if keeps_other:
        password = Annotated[str | None, Mutability.write_only, Returned.never, CaseExact.true]
        fields["password"] = (password, Field(None, description="Taken and forgotten: it opens nothing here."))
        return create_model("ScimUser", __base__=User, **fields)
    fields |= {
        "user_name": (Annotated[str | None, Uniqueness.server, Required.true], None),
        "name": (ScimName | None, None),
        "display_name": (str | None, None),
        "active": (bool | None, None),
    }
    made = create_model("ScimUser", __base__=Resource, **fields)
    made.__schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")
    return made


def _provider(user: type[Resource[Any]], *, with_enterprise: bool) -> ScimProvider:
    whole = user[EnterpriseUser] if with_enterprise else user  # type: ignore[index]
    types = [ResourceType.from_resource(whole), ResourceType.from_resource(ScimGroup)]
    for one in types:
        one.id = one.name
    models: list[Any] = [user, ScimGroup, *([EnterpriseUser] if with_enterprise else [])]
    return ScimProvider(models, types, _config(), POLICY)


def _config() -> ServiceProviderConfig:
    return ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MOST_RESULTS),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=True),
        etag=ETag(supported=True),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="Token",
                description="Authorization: Bearer, with a token that an administrator has made for this alone.",
                primary=True,
            )
        ],
    )
