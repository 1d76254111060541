"""Provisioning by SCIM: what an organisation allows its IT department, and what that has called lately."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from organisations.audit import account_events
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.models import ApiToken, Organisation, Practitioner, ProvisionedUser, Provisioning, ProvisioningCall
from organisations.monitoring.logs import request_id
from organisations.roles import Role
from organisations.scim.documents import base_url
from organisations.tokens.scopes import PROVISIONING

KEPT_FOR = timedelta(days=30)
LATEST = 30
DETAIL = 300
GIVEN = (Role.PRACTITIONER, Role.TEAM_LEAD, Role.ADMIN)
"""The roles that can be allowed; a consultant from outside comes by invitation and for a time."""


class ProvisioningRefused(Exception):
    """What SCIM asked for cannot be done; `status` and `scim_type` as RFC 7644 has them, the sentence for people."""

    def __init__(self, detail: str, *, status: int = 409, scim_type: str | None = None):
        super().__init__(detail)
        self.detail, self.status, self.scim_type = detail, status, scim_type


def provisioning_of(organisation: Organisation) -> Provisioning:
    """What an organisation allows; where it has never said anything an unsaved row: off.

    Its key is the organisation's, so that a form that was shown before the row was there is about the same one.
    """
    found = Provisioning.objects.filter(organisation=organisation).first()
    return found or Provisioning(pk=organisation.pk, organisation=organisation)


@transaction.atomic
def save_provisioning(*, by: Practitioner, version: RowVersion | None = None, **fields: Any) -> Provisioning:
    """Set what the IT department may; ValidationError without a role. StoredMeanwhile by `version` as in `merge`."""
    Organisation.objects.select_for_update().get(pk=by.organisation_id)
    stored = provisioning_of(by.organisation)
    fields = merge(version, values_of(stored, fields), fields)
    if not fields["roles"]:
        raise ValidationError({"roles": _("Choose at least one role.")})
    was_on, kept = stored.is_on, stored.keeps_other
    if stored._state.adding:
        stored.save(force_insert=True)
    write(stored, fields)
    if kept and not stored.keeps_other:
        _forget_other()
    if stored.is_on != was_on:
        purpose = "provisioning on" if stored.is_on else "provisioning off"
        account_events.record_of(by, account_events.PROVISIONING_CHANGED, purpose=purpose)
    else:
        account_events.record_of(by, account_events.PROVISIONING_CHANGED)
    return stored


def _forget_other() -> None:
    """Leave out of what is stored whatever has no use here."""
    used = ("name", "displayName", "active", "emails", "roles")
    for record in ProvisionedUser.objects.select_for_update().order_by("pk"):
        record.attributes = {name: value for name, value in record.attributes.items() if name in used}
        names = ("name", "display_name", "emails", "roles", "user_name", "external_id", "_name")
        record.compared = {name: value for name, value in record.compared.items() if name in names}
        record.save(update_fields=["attributes", "compared"])


def note_call(
    token: ApiToken, *, method: str, resource: str, object_id: UUID | None, status: int, detail: str = ""
) -> None:
    """Remember a call that changed something or was refused."""
    ProvisioningCall.objects.create(
        organisation_id=token.organisation_id,
        token=token,
        method=method,
        resource=resource[:40],
        object_id=object_id,
        status=status,
        detail=detail[:DETAIL],
        request_id=(request_id() or "-")[:36],
    )


def lock(organisation: Organisation) -> None:
    """Wait for whoever changes the people of an organisation now; until the end of the transaction."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def latest_calls(organisation: Organisation) -> list[ProvisioningCall]:
    """The latest, the newest first."""
    calls = ProvisioningCall.objects.filter(organisation=organisation).select_related("token")
    return list(calls.order_by("-at")[:LATEST])


def counts_of(organisation: Organisation) -> dict[str, Any]:
    """How many people came by SCIM; how many calls changed something and how many were refused within a month."""
    calls = ProvisioningCall.objects.filter(organisation=organisation)
    counts = calls.aggregate(changed=Count("pk", Q(status__lt=400)), refused=Count("pk", Q(status__gte=400)))
    people = ProvisionedUser.objects.filter(organisation=organisation, deleted_at=None)
    counts["people"] = people.exclude(external_id="").count()
    counts["last"] = provisioning_tokens(organisation).aggregate(last=Max("last_used_at"))["last"]
    return counts


def provisioning_tokens(organisation: Organisation):
    """The tokens that make log-ins, whatever has become of them."""
    return ApiToken.objects.filter(organisation=organisation, scopes__contains=[PROVISIONING])


def forget_calls(organisation: Organisation, now: datetime) -> int:
    """Delete calls that are a month old; how many."""
    return ProvisioningCall.objects.filter(organisation=organisation, at__lt=now - KEPT_FOR).delete()[0]


def address() -> str:
    """What the IT department writes into its system as the address of this one."""
    return base_url()
