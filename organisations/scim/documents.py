"""A person and a team in the words of SCIM."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from organisations.models import Practitioner, ProvisionedGroup, ProvisionedUser, Team
from organisations.roles import Role
from organisations.scim.comparing import compared, key_of
from organisations.scim.filters import ScimColumns
from organisations.scim.schemas import POLICY, ScimGroup, provider_for, user_model

ADDRESS = "/scim/v2"
USER, GROUP = "urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
# What stands in columns of its own, or is worked out; the rest of what the IT department says is kept as it is.
NAME = "_name"  # beside the attributes: what members and groups are displayed as
OWN_COLUMNS = ("schemas", "id", "externalId", "meta", "userName", "password", "groups")


def base_url() -> str:
    """The address that an IT department is given."""
    return settings.SITE_URL + ADDRESS


def location(kind: str, pk: UUID | str) -> str:
    return f"{base_url()}/{kind}/{pk}"


def is_open(practitioner: Practitioner, today: date) -> bool:
    """Whether somebody's access is open: what SCIM calls active."""
    return practitioner.is_active and not practitioner.access_is_over(today)


def user_document(record: ProvisionedUser, today: date, teams: Iterable[Team] = ()) -> dict[str, Any]:
    """A person as SCIM shows them, all attributes."""
    practitioner = record.practitioner
    document = {name: value for name, value in record.attributes.items() if name not in ("active", "roles")}
    document["schemas"] = [USER, ENTERPRISE] if ENTERPRISE in document else [USER]
    document |= {"id": str(practitioner.pk), "userName": record.user_name}
    if record.external_id:
        document["externalId"] = record.external_id
    if "active" in record.attributes:  # else the IT department has taken it away: nothing is said of it
        document["active"] = is_open(practitioner, today)
    if roles := _roles(record.attributes.get("roles") or [], practitioner.role):
        document["roles"] = roles
    groups = [
        {"value": str(team.pk), "$ref": location("Groups", team.pk), "display": team.name, "type": "direct"}
        for team in teams
    ]
    if groups:
        document["groups"] = groups
    return document | {"meta": _meta("User", "Users", practitioner.pk, record)}


def group_document(record: ProvisionedGroup, members: Iterable[Practitioner] = ()) -> dict[str, Any]:
    """A team as SCIM shows it."""
    document: dict[str, Any] = {"schemas": [GROUP], "id": str(record.team_id), "displayName": record.team.name}
    if record.external_id:
        document["externalId"] = record.external_id
    shown = [{"value": str(one.pk), "$ref": location("Users", one.pk), "type": "User"} for one in members]
    if shown:
        document["members"] = shown
    return document | {"meta": _meta("Group", "Groups", record.team_id, record)}


def compared_user(record: ProvisionedUser, today: date) -> dict[str, Any]:
    """What filters compare of a person, but for what stands in columns or changes by itself."""
    whole = user_model(provider_for((), keeps_other=True))
    document = {name: value for name, value in user_document(record, today).items() if name not in ("meta", "groups")}
    return compared(whole.model_validate(document, scim_policy=POLICY)) | {NAME: key_of(record.practitioner.name)}


def compared_group(record: ProvisionedGroup) -> dict[str, Any]:
    """What filters compare of a team."""
    form = compared(ScimGroup.model_validate({"schemas": [GROUP], "displayName": record.team.name}))
    return form | {NAME: key_of(record.team.name)}


def _roles(given: list[dict[str, Any]], role: str) -> list[dict[str, Any]]:
    """The roles that were given, as long as they say what the person is; a plain practitioner may have none."""
    if any(one.get("value") == role for one in given):
        return given
    return [] if not given and role == Role.PRACTITIONER else [{"value": role, "primary": True}]


def _meta(kind: str, kinds: str, pk: UUID, record: ProvisionedUser | ProvisionedGroup) -> Mapping[str, Any]:
    return {
        "resourceType": kind,
        "created": record.created_at,
        "lastModified": record.updated_at,
        "location": location(kinds, pk),
    }


def user_columns(today: date) -> ScimColumns:
    """Where filters of users find what they ask for."""
    user, person = "organisations_provisioneduser", "organisations_practitioner"
    is_over = f"coalesce({person}.access_until < DATE '{today.isoformat()}', FALSE)"
    return ScimColumns(
        document=f"{user}.compared",
        single={
            "id": f"{user}.practitioner_id::text",
            "external_id": f"nullif({user}.external_id, '')",
            "user_name": f"{user}.user_name_key",
            "active": f"(CASE WHEN {user}.attributes->'active' IS NOT NULL "
            f"THEN {person}.is_active AND NOT {is_over} END)",
            **_meta_columns(user, "user", "Users", "practitioner_id"),
        },
        many={
            "schemas": f"SELECT to_jsonb(lower(one)) FROM unnest(CASE WHEN {user}.attributes->'{ENTERPRISE}' IS NULL "  # noqa: S608
            f"THEN ARRAY['{USER}'] ELSE ARRAY['{USER}', '{ENTERPRISE}'] END) AS listed(one)",
            "groups": _entries("team_id", "provisionedgroup", "Groups", "direct")
            + f" WHERE membership.practitioner_id = {user}.practitioner_id",
        },
    )


def group_columns(today: date) -> ScimColumns:
    """Where filters of groups find what they ask for."""
    group = "organisations_provisionedgroup"
    return ScimColumns(
        document=f"{group}.compared",
        single={
            "id": f"{group}.team_id::text",
            "external_id": f"nullif({group}.external_id, '')",
            **_meta_columns(group, "group", "Groups", "team_id"),
        },
        many={
            "schemas": f"SELECT to_jsonb(lower('{GROUP}'))",
            "members": _entries("practitioner_id", "provisioneduser", "Users", "user")
            + f" WHERE membership.team_id = {group}.team_id AND other.deleted_at IS NULL",
        },
    )


def _meta_columns(table: str, kind: str, kinds: str, key: str) -> dict[str, str]:
    return {
        "meta.resource_type": f"'{kind.capitalize()}'::text",
        "meta.created": f"{table}.created_at",
        "meta.last_modified": f"{table}.updated_at",
        "meta.location": f"lower('{base_url()}/{kinds}/' || {table}.{key}::text)",
    }


def _entries(key: str, other: str, kinds: str, kind: str) -> str:
    return (
        f"SELECT jsonb_build_object('value', membership.{key}::text, 'type', '{kind}', "  # noqa: S608
        f"'ref', '{base_url()}/{kinds}/' || membership.{key}::text, 'display', other.compared->'{NAME}') "
        f"FROM organisations_membership membership JOIN organisations_{other} other ON other.{key} = membership.{key}"
    )
