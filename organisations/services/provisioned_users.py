"""What SCIM does to people: they come, change, leave and return, as an organisation allows its IT department."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit import account_events
from organisations.edits.versions import write
from organisations.models import Organisation, Practitioner, ProvisionedUser, Provisioning
from organisations.roles import Role
from organisations.scim.comparing import key_of, without_empty
from organisations.scim.documents import OWN_COLUMNS, compared_user, is_open
from organisations.services import people, sign_on_people
from organisations.services.invitations import ask_for_invitation, revoke_invitations
from organisations.services.local_day import today_in
from organisations.services.provisioning import ProvisioningRefused

BY_SCIM = "by scim"
WRITTEN = (
    *("user_name", "user_name_key", "external_id", "attributes", "compared"),
    *("name_seen", "email_seen", "role_seen", "active_seen", "updated_at", "deleted_at"),
)


@dataclass
class UserValues:
    """What SCIM wants a person to be. `roles` None: nothing is said of them, they stay."""

    user_name: str
    external_id: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    is_active: bool | None = None
    roles: list[str] | None = None

    @classmethod
    def of(cls, document: dict[str, Any], *, says_roles: bool) -> "UserValues":
        """From a document of SCIM; `says_roles`: one without roles means none."""
        roles = [str(one.get("value", "")) for one in document.get("roles") or []]
        return cls(
            user_name=document["userName"],
            external_id=document.get("externalId") or "",
            attributes=without_empty({name: value for name, value in document.items() if name not in OWN_COLUMNS}),
            is_active=document.get("active"),
            roles=roles if roles or says_roles else None,
        )

    @property
    def name(self) -> str:
        """What the person is called on the pages."""
        parts = self.attributes.get("name") or {}
        whole = " ".join(filter(None, [parts.get("givenName"), parts.get("familyName")]))
        return self.attributes.get("displayName") or parts.get("formatted") or whole or self.user_name

    @property
    def email(self) -> str:
        """Where mails go: the primary address, else the first, else a user name that is one."""
        given = [one for one in self.attributes.get("emails") or [] if one.get("value")]
        primary = next((one for one in given if one.get("primary")), given[0] if given else None)
        if primary is not None:
            return str(primary["value"]).strip().lower()
        return self.user_name.lower() if _is_address(self.user_name) else ""


def people_of(organisation: Organisation) -> QuerySet[Practitioner]:
    """Whom SCIM can know: neither systems nor consultants from outside."""
    everybody = Practitioner.objects.filter(organisation=organisation).exclude(role=Role.CONSULTANT)
    return everybody.exclude(user=None, email="", provisioned=None)


@transaction.atomic
def refresh_users(organisation: Organisation) -> int:
    """Make what SCIM shows follow what was changed on the pages, and know people who were made there; how many."""
    today = today_in(organisation)
    over = Q(access_until__lt=today)
    same = Q(
        provisioned__name_seen=F("name"),
        provisioned__email_seen=F("email"),
        provisioned__role_seen=F("role"),
        provisioned__active_seen=F("is_active"),
    )
    is_back = Q(provisioned__deleted_at__isnull=False, is_active=True) & ~over
    stale = people_of(organisation).filter(Q(provisioned=None) | ~same | is_back).select_related("user", "provisioned")
    if not stale.exists():
        return 0
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # two that read at once make no row twice
    found = list(stale.order_by("pk"))
    if found:
        taken = set(ProvisionedUser.objects.filter(deleted_at=None).values_list("user_name_key", flat=True))
        for practitioner in found:
            _follow(practitioner, taken, today)
    return len(found)


def _follow(practitioner: Practitioner, taken: set[str], today) -> None:
    record = getattr(practitioner, "provisioned", None)
    if record is None:
        record = ProvisionedUser(organisation_id=practitioner.organisation_id, practitioner=practitioner)
        address = practitioner.email or (practitioner.user.email if practitioner.user else "")
        free = address if address and key_of(address) not in taken else str(practitioner.pk)
        record.user_name, record.user_name_key = free, key_of(free)
        record.attributes = {"active": True, "displayName": practitioner.name}
        record.attributes |= {"emails": _emails([], address)} if address else {}
        taken.add(record.user_name_key)
    if record.deleted_at is not None and is_open(practitioner, today):
        if record.user_name_key in taken:
            record.user_name = record.user_name_key = str(practitioner.pk)
        record.deleted_at = None
    if record.name_seen and record.active_seen != practitioner.is_active:
        record.attributes["active"] = True
    if record.name_seen and record.name_seen != practitioner.name:
        record.attributes["displayName"] = practitioner.name
    if record.name_seen and record.email_seen != practitioner.email:
        record.attributes["emails"] = _emails(record.attributes.get("emails") or [], practitioner.email)
    _store(record, practitioner)


def _emails(given: list[dict[str, Any]], address: str) -> list[dict[str, Any]]:
    others = [dict(one) for one in given if not one.get("primary")][: None if len(given) > 1 else 0]
    return [{"value": address, "type": "work", "primary": True}, *others] if address else others


def _store(record: ProvisionedUser, practitioner: Practitioner) -> None:
    """Write a record as its person is now, with the texts that filters compare."""
    record.practitioner = practitioner
    record.name_seen, record.email_seen = practitioner.name, practitioner.email
    record.role_seen, record.active_seen = practitioner.role, practitioner.is_active
    record.updated_at = timezone.now()
    record.compared = compared_user(record, today_in(practitioner.organisation))
    record.save(**({"force_insert": True} if record._state.adding else {"update_fields": WRITTEN}))


@transaction.atomic
def add_user(*, values: UserValues, provisioning: Provisioning, by: Practitioner) -> ProvisionedUser:
    """Somebody new, or somebody who was deleted and is back. ProvisioningRefused for a taken name or address."""
    _lock(by)
    _refuse_taken(values, None)
    practitioner = _left_before(values, by)
    record = getattr(practitioner, "provisioned", None) if practitioner else None
    if practitioner is None:
        role = _wanted_role(values, provisioning, default=True)
        practitioner = Practitioner(organisation_id=by.organisation_id, role=role or Role.PRACTITIONER)
        practitioner.name, practitioner.email = values.name[:120], values.email
        checked(practitioner.full_clean)
        practitioner.save(force_insert=True)
    if record is None:
        record = ProvisionedUser(organisation_id=by.organisation_id, practitioner=practitioner)
    record.deleted_at = None
    account_events.record_of(practitioner, account_events.PROVISIONED, purpose=BY_SCIM)
    values.is_active = values.is_active is not False
    values.attributes["active"] = values.is_active
    _write(record, practitioner, values, provisioning, by, is_new=True)
    return record


@transaction.atomic
def change_user(
    *, record: ProvisionedUser, values: UserValues, provisioning: Provisioning, by: Practitioner
) -> ProvisionedUser:
    """Make a person what SCIM says. ProvisioningRefused for what may not be, with nothing changed."""
    _lock(by)
    _refuse_taken(values, record)
    practitioner = Practitioner.objects.select_for_update(of=("self",)).get(pk=record.practitioner_id)
    _write(record, practitioner, values, provisioning, by)
    return record


@transaction.atomic
def delete_user(*, record: ProvisionedUser, by: Practitioner) -> None:
    """End somebody's access at once; SCIM knows them no longer. What they wrote and their clients' records stay."""
    _lock(by)
    practitioner = Practitioner.objects.get(pk=record.practitioner_id)
    checked(lambda: people.end_access(practitioner=practitioner, by=by, purpose=BY_SCIM))
    record.deleted_at = timezone.now()
    _store(record, Practitioner.objects.select_related("organisation").get(pk=practitioner.pk))


def _write(
    record: ProvisionedUser,
    practitioner: Practitioner,
    values: UserValues,
    provisioning: Provisioning,
    by: Practitioner,
    *,
    is_new: bool = False,
) -> None:
    _refuse_hijack(practitioner, values, provisioning)
    moved = practitioner.email != values.email and not is_new
    fields = {"name": values.name[:120], "email": values.email}
    checked(lambda: write(practitioner, fields))
    role = _wanted_role(values, provisioning, default=is_new, now="" if is_new else practitioner.role)
    if role is not None and role != practitioner.role:
        practitioner = checked(lambda: people.follow_role(practitioner=practitioner, role=role))
    _set_active(practitioner, values, by)
    practitioner = Practitioner.objects.select_related("organisation", "user").get(pk=practitioner.pk)
    if moved and practitioner.user_id is None:
        revoke_invitations(practitioner=practitioner)
    if provisioning.invites and practitioner.user_id is None and practitioner.email and (is_new or moved):
        ask_for_invitation(practitioner=practitioner)
    record.user_name, record.user_name_key = values.user_name, key_of(values.user_name)
    record.external_id = values.external_id
    record.attributes = values.attributes
    _store(record, practitioner)
    uid = {"externalId": record.external_id, "userName": record.user_name}.get(provisioning.sign_on_by, "")
    if uid and practitioner.role in provisioning.roles:
        sign_on_people.tie_provisioned(practitioner=practitioner, uid=uid)


def _set_active(practitioner: Practitioner, values: UserValues, by: Practitioner) -> None:
    """What is not said of it stays: a leaver does not return because a request left it out."""
    open_now = is_open(practitioner, today_in(by.organisation))
    if values.is_active is False and open_now:
        checked(lambda: people.end_access(practitioner=practitioner, by=by, purpose=BY_SCIM))
    elif values.is_active and not open_now:
        checked(lambda: people.reopen_access(practitioner=practitioner, by=by, purpose=BY_SCIM))


def _wanted_role(values: UserValues, provisioning: Provisioning, *, default: bool, now: str = "") -> Role | None:
    """The role that is asked for; None: it stays as it is. Whoever has a role (`now`) may keep it, whoever gave it."""
    allowed = [Role(role) for role in provisioning.roles]
    usual = Role.PRACTITIONER if Role.PRACTITIONER in allowed else allowed[0]
    if not values.roles:
        return usual if default or values.roles is not None else None
    wanted = set(values.roles)
    if foreign := wanted - {*provisioning.roles, now}:
        names = ", ".join(sorted(foreign))
        raise ProvisioningRefused(
            _("The organisation does not let SCIM give this role: %(roles)s. It allows: %(allowed)s.")
            % {"roles": names[:100], "allowed": ", ".join(provisioning.roles)},
            status=400,
            scim_type="invalidValue",
        )
    if Role.ADMIN in wanted and len(wanted) > 1:
        detail = _("An administrator has no other role.")
        raise ProvisioningRefused(detail, status=400, scim_type="invalidValue")
    return Role.TEAM_LEAD if Role.TEAM_LEAD in wanted else Role(next(iter(wanted)))


def _refuse_hijack(practitioner: Practitioner, values: UserValues, provisioning: Provisioning) -> None:
    """Whoever may not give a role does not get it by sending its invitation somewhere else either."""
    moves = practitioner.user_id is None and practitioner.email != values.email
    if moves and practitioner.role not in provisioning.roles:
        detail = _("SCIM may not change where the invitation of somebody with this role goes.")
        raise ProvisioningRefused(detail, status=403)


def _refuse_taken(values: UserValues, record: ProvisionedUser | None) -> None:
    same = ProvisionedUser.objects.filter(user_name_key=key_of(values.user_name), deleted_at=None)
    others = same.exclude(pk=record.pk) if record else same
    if others.exists():
        raise ProvisioningRefused(_("Somebody here has that user name already."), scim_type="uniqueness")


def _left_before(values: UserValues, by: Practitioner) -> Practitioner | None:
    """Who was deleted by SCIM and comes again under the same user name or address."""
    gone = people_of(by.organisation).filter(provisioned__deleted_at__isnull=False).select_related("provisioned")
    same = Q(provisioned__user_name_key=key_of(values.user_name)) | Q(email=values.email, email__gt="")
    found = gone.filter(same).order_by("-provisioned__deleted_at").first()
    return Practitioner.objects.select_for_update(of=("self",)).get(pk=found.pk) if found else None


def checked(act: Callable[[], Any]) -> Any:
    """Do what a service does for the pages; its refusals in words that name no client."""
    try:
        return act()
    except ValidationError as error:
        fields = error.message_dict if hasattr(error, "error_dict") else {}
        if {"role", "teams", "successor"} & set(fields):
            raise ProvisioningRefused(
                _("This person is the contact person of clients. Choose other contact persons in Medspil first.")
            ) from error
        if set(fields) - {NON_FIELD_ERRORS}:
            raise ProvisioningRefused(" ".join(error.messages), status=400, scim_type="invalidValue") from error
        raise ProvisioningRefused(" ".join(error.messages), scim_type="uniqueness" if fields else None) from error


def _lock(by: Practitioner) -> None:
    Organisation.objects.select_for_update().get(pk=by.organisation_id)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
