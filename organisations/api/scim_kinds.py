"""The two kinds of resources, users and groups: their rows, how each is shown, and what each method does to one."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from scim2_models import Context, PatchOp, Resource, ResponseParameters

from organisations.api.scim_answers import (
    ScimCall,
    answer,
    empty,
    is_known,
    not_found,
    refuse_other_version,
    version_of,
)
from organisations.models import Membership, ProvisionedGroup, ProvisionedUser
from organisations.roles import Role
from organisations.scim import documents
from organisations.scim.filters import ScimColumns
from organisations.scim.schemas import ScimGroup, user_model
from organisations.services import provisioned_groups, provisioned_users
from organisations.services.provisioned_users import UserValues
from organisations.services.provisioning import ProvisioningRefused


@dataclass
class ScimKind(ABC):
    """One kind of resource in one call."""

    call: ScimCall
    endpoint = ""

    @property
    @abstractmethod
    def model(self) -> type[Resource[Any]]:
        """What the library reads and writes it as."""

    @property
    @abstractmethod
    def columns(self) -> ScimColumns:
        """Where filters find its values."""

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """Every row of the organisation that SCIM knows, without what is shown beside it."""

    @abstractmethod
    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With what is shown beside each, in a number of statements that does not grow with them."""

    @abstractmethod
    def document(self, row: Any) -> dict[str, Any]:
        """All that is shown of a row."""

    @abstractmethod
    def refresh(self) -> None:
        """See what was changed on the pages."""

    @abstractmethod
    def create(self, resource: Any) -> UUID:
        """A new one; its id."""

    @abstractmethod
    def change(self, row: Any, resource: Any, *, is_patch: bool) -> None:
        """Make a row what a resource says."""

    @abstractmethod
    def delete(self, row: Any) -> None:
        """Take a row away."""

    def found(self, pk: UUID) -> Any:
        """The row with this id; 404 for none, and for somebody else's."""
        row = self.shown(self.rows().filter(**{self.key: pk})).first()
        if row is None:
            raise not_found()
        return row

    key = "pk"

    def resource(self, document: dict[str, Any]) -> Resource[Any]:
        """A document as the library's model, with its version."""
        whole = self.model.model_validate(document)
        if whole.meta is not None:
            whole.meta.version = version_of(document)
        return whole

    def dumped(self, resource: Resource[Any], asked: ResponseParameters[Any] | None, context: Context) -> Any:
        return resource.model_dump(scim_ctx=context, response_parameters=asked)


class UserKind(ScimKind):
    """People."""

    endpoint = "Users"
    key = "practitioner_id"

    @property
    def model(self) -> type[Resource[Any]]:
        return user_model(self.call.provider)

    @property
    def columns(self) -> ScimColumns:
        return documents.user_columns(self.call.today)

    def rows(self) -> QuerySet[ProvisionedUser]:
        mine = ProvisionedUser.objects.visible_to(self.call.by).filter(deleted_at=None)
        return mine.exclude(practitioner__role=Role.CONSULTANT)

    def shown(self, rows: QuerySet[ProvisionedUser]) -> QuerySet[ProvisionedUser]:
        inside = Membership.objects.visible_to(self.call.by).select_related("team").order_by("team__name", "team_id")
        return rows.select_related("practitioner__organisation").prefetch_related(
            Prefetch("practitioner__memberships", inside)
        )

    def document(self, row: ProvisionedUser) -> dict[str, Any]:
        teams = [one.team for one in row.practitioner.memberships.all()]
        return documents.user_document(row, self.call.today, teams)

    def refresh(self) -> None:
        provisioned_users.refresh_users(self.call.organisation)

    def create(self, resource: Any) -> UUID:
        values = UserValues.of(resource.model_dump(scim_ctx=Context.DEFAULT), says_roles=False)
        made = provisioned_users.add_user(values=values, provisioning=self.call.provisioning, by=self.call.by)
        return made.practitioner_id

    def change(self, row: ProvisionedUser, resource: Any, *, is_patch: bool) -> None:
        values = UserValues.of(resource.model_dump(scim_ctx=Context.DEFAULT), says_roles=is_patch)
        if not is_patch:
            # A system that replaces the whole seldom knows whether somebody is active or a lead: left out, it stays.
            if "active" in row.attributes:
                values.attributes.setdefault("active", True)
            if values.roles is None and "roles" in row.attributes:
                values.attributes["roles"] = row.attributes["roles"]
        provisioned_users.change_user(record=row, values=values, provisioning=self.call.provisioning, by=self.call.by)

    def delete(self, row: ProvisionedUser) -> None:
        provisioned_users.delete_user(record=row, by=self.call.by)


class GroupKind(ScimKind):
    """Teams."""

    endpoint = "Groups"
    key = "team_id"
    model = ScimGroup

    @property
    def columns(self) -> ScimColumns:
        return documents.group_columns(self.call.today)

    def rows(self) -> QuerySet[ProvisionedGroup]:
        return ProvisionedGroup.objects.visible_to(self.call.by).filter(team__name__isnull=False)

    def shown(self, rows: QuerySet[ProvisionedGroup]) -> QuerySet[ProvisionedGroup]:
        known = Membership.objects.visible_to(self.call.by).filter(practitioner__provisioned__deleted_at=None)
        known = known.exclude(practitioner__provisioned=None).exclude(practitioner__role=Role.CONSULTANT)
        inside = known.select_related("practitioner").order_by("practitioner__name", "practitioner_id")
        return rows.select_related("team").prefetch_related(Prefetch("team__memberships", inside))

    def document(self, row: ProvisionedGroup) -> dict[str, Any]:
        return documents.group_document(row, [one.practitioner for one in row.team.memberships.all()])

    def refresh(self) -> None:
        provisioned_users.refresh_users(self.call.organisation)
        provisioned_groups.refresh_groups(self.call.organisation)

    def create(self, resource: Any) -> UUID:
        made = provisioned_groups.add_group(
            name=resource.display_name,
            external_id=resource.external_id or "",
            members=_members(resource.members or []),
            provisioning=self.call.provisioning,
            by=self.call.by,
        )
        return made.team_id

    def change(self, row: ProvisionedGroup, resource: Any, *, is_patch: bool) -> None:
        provisioned_groups.change_group(
            record=row,
            name=resource.display_name,
            external_id=resource.external_id or "",
            members=_members(resource.members or []),
            by=self.call.by,
        )

    def delete(self, row: ProvisionedGroup) -> None:
        provisioned_groups.delete_group(record=row, by=self.call.by)


def _members(entries: Iterable[Any]) -> set[UUID]:
    found = set()
    for one in entries:
        try:
            found.add(UUID(str(one.value)))
        except ValueError as error:
            raise ProvisioningRefused(
                _("There is no user with the id %(id)s.") % {"id": str(one.value)[:60]},
                status=400,
                scim_type="invalidValue",
            ) from error
    return found


def asked_of(kind: ScimKind) -> ResponseParameters[Any]:
    """Which attributes the caller wants to see."""
    names = ("attributes", "excludedAttributes")
    given = {name: value for name, value in kind.call.request.GET.items() if name in names}
    return ResponseParameters[kind.model].model_validate(given)  # type: ignore[name-defined]


def _answered(kind: ScimKind, pk: UUID, context: Context, *, status: int = 200):
    asked = asked_of(kind)
    resource = kind.resource(kind.document(kind.found(pk)))
    version = resource.meta.version or "" if resource.meta else ""
    place = documents.location(kind.endpoint, pk)
    return answer(kind.dumped(resource, asked, context), status=status, version=version, location=place, pk=pk)


def create(kind: ScimKind):
    """POST: something new."""
    asked_of(kind)
    resource = kind.model.model_validate(kind.call.body(), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    kind.call.lock()
    kind.refresh()
    return _answered(kind, kind.create(resource), Context.RESOURCE_CREATION_RESPONSE, status=201)


def retrieve(kind: ScimKind, provisioned_id: UUID):
    """GET: one, as it is now; 304 for whoever has it."""
    kind.refresh()
    version = version_of(kind.document(kind.found(provisioned_id)))
    if is_known(kind.call, version):
        return empty(304, version)
    return _answered(kind, provisioned_id, Context.RESOURCE_QUERY_RESPONSE)


def replace(kind: ScimKind, provisioned_id: UUID):
    """PUT: the whole."""
    row, before = _for_change(kind, provisioned_id)
    resource = kind.model.model_validate(kind.call.body(), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
    resource.replace(before)
    kind.change(row, resource, is_patch=False)
    return _answered(kind, provisioned_id, Context.RESOURCE_REPLACEMENT_RESPONSE)


def patch(kind: ScimKind, provisioned_id: UUID):
    """PATCH: attribute by attribute, all or nothing; what changes nothing leaves the version as it was."""
    row, resource = _for_change(kind, provisioned_id)
    body = _apart(kind.call.body())
    wanted = PatchOp[kind.model].model_validate(  # type: ignore[name-defined]
        body, scim_ctx=Context.RESOURCE_PATCH_REQUEST
    )
    if wanted.patch(resource):
        kind.change(row, resource, is_patch=True)
    return _answered(kind, provisioned_id, Context.RESOURCE_PATCH_RESPONSE)


def _apart(body: Any) -> Any:
    """Entra names a value by a filter where only names of attributes may stand; the library would overlook it.

    `{"value": {"emails[type eq \\"work\\"].value": "x"}}` is what an operation of its own with that path says.
    """
    operations = body.get("Operations") if isinstance(body, dict) else None
    if not isinstance(operations, list):
        return body
    found: list[Any] = []
    for one in operations:
        value = one.get("value") if isinstance(one, dict) else None
        if not isinstance(value, dict) or one.get("path"):
            found.append(one)
            continue
        plain = {name: part for name, part in value.items() if "[" not in name}
        if plain or not value:
            found.append({**one, "value": plain})
        found += [{"op": one.get("op"), "path": name, "value": part} for name, part in value.items() if "[" in name]
    return {**body, "Operations": found}


def delete(kind: ScimKind, provisioned_id: UUID):
    """DELETE: gone for SCIM; what somebody wrote stays."""
    row, _before = _for_change(kind, provisioned_id)
    kind.delete(row)
    return empty(204)


def _for_change(kind: ScimKind, pk: UUID) -> tuple[Any, Resource[Any]]:
    kind.call.lock()
    kind.refresh()
    row = kind.found(pk)
    document = kind.document(row)
    refuse_other_version(kind.call, version_of(document))
    return row, kind.resource(document)
