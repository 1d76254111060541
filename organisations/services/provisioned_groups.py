"""What SCIM does to teams: who is in them, and, where the organisation says in which service, new ones too."""

from functools import partial
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import Membership, Organisation, Practitioner, ProvisionedGroup, Provisioning, Team
from organisations.scim.documents import compared_group
from organisations.services import people, teams
from organisations.services.provisioned_users import checked
from organisations.services.provisioning import ProvisioningRefused
from organisations.services.removal import remove_if_empty


@transaction.atomic
def refresh_groups(organisation: Organisation) -> int:
    """Make what SCIM shows follow what was changed on the pages, and know teams that were made there; how many.

    Of a team the name and who is in it: both are a change of the group. After `refresh_users`, who makes people known.
    """
    inside = Membership.objects.filter(team=OuterRef("pk"), practitioner__provisioned__isnull=False)
    inside = inside.filter(practitioner__provisioned__deleted_at=None).order_by("practitioner")
    teams_now = Team.objects.filter(organisation=organisation).annotate(
        members_now=ArraySubquery(inside.values("practitioner"))
    )
    stale = teams_now.filter(
        Q(provisioned=None) | ~Q(provisioned__name_seen=F("name")) | ~Q(provisioned__members_seen=F("members_now"))
    )
    if not stale.exists():
        return 0
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    found = list(stale.select_related("provisioned").order_by("pk"))
    for team in found:
        record = getattr(team, "provisioned", None)
        _store(record or ProvisionedGroup(organisation=organisation, team=team), team)
    return len(found)


def _store(record: ProvisionedGroup, team: Team) -> None:
    record.team, record.name_seen = team, team.name
    record.members_seen = sorted(members_of(team).values_list("pk", flat=True))
    record.updated_at = timezone.now()
    record.compared = compared_group(record)
    written = ("external_id", "compared", "name_seen", "members_seen", "updated_at")
    record.save(**({"force_insert": True} if record._state.adding else {"update_fields": written}))


@transaction.atomic
def add_group(
    *, name: str, external_id: str, members: set[UUID], provisioning: Provisioning, by: Practitioner
) -> ProvisionedGroup:
    """A new team in the service that the organisation has named for it; ProvisioningRefused where it has named none."""
    if provisioning.service is None:
        raise ProvisioningRefused(
            _("No service is named for new teams: make the team in Medspil, or name a service there.")
        )
    service = provisioning.service
    team = checked(lambda: teams.add_team(name=name, service=service, by=by))
    record = ProvisionedGroup(organisation_id=by.organisation_id, team=team, external_id=external_id)
    _set_members(team, members, by)
    _store(record, team)
    return record


@transaction.atomic
def change_group(
    *, record: ProvisionedGroup, name: str, external_id: str, members: set[UUID], by: Practitioner
) -> ProvisionedGroup:
    """Make a team what SCIM says. ProvisioningRefused for what may not be, with nothing changed."""
    team = record.team
    if team.name != name:
        team = checked(lambda: teams.edit_team(team=record.team, name=name, by=by))
    _set_members(team, members, by)
    record.external_id = external_id
    _store(record, team)
    return record


@transaction.atomic
def delete_group(*, record: ProvisionedGroup, by: Practitioner) -> None:
    """Take a team away that nothing but its people hangs on; ProvisioningRefused for one with clients."""
    _set_members(record.team, set(), by)
    try:
        remove_if_empty(row=record.team, by=by)
    except ValidationError as error:
        raise ProvisioningRefused(
            _("Something hangs on this team still, such as clients. It can be removed in Medspil once it is empty.")
        ) from error


def _set_members(team: Team, wanted: set[UUID], by: Practitioner) -> None:
    """Put people into a team and take others out, one by one, as an administrator does on the pages."""
    standing = {one.pk: one for one in members_of(team)}
    coming = {one.pk: one for one in _known(by).filter(pk__in=wanted - standing.keys())}
    if unknown := wanted - standing.keys() - coming.keys():
        raise ProvisioningRefused(
            _("There is no user with the id %(id)s.") % {"id": min(map(str, unknown))},
            status=400,
            scim_type="invalidValue",
        )
    leaving = [one for pk, one in standing.items() if pk not in wanted]
    for practitioner in sorted([*coming.values(), *leaving], key=lambda one: one.pk):
        others = [one for one in practitioner.teams.all() if one.pk != team.pk]
        kept = others if practitioner in leaving else [*others, team]
        checked(partial(_put, practitioner, kept, by))


def _put(practitioner: Practitioner, into: list[Team], by: Practitioner) -> None:
    people.edit_practitioner(
        practitioner=practitioner,
        name=practitioner.name,
        email=practitioner.email,
        role=practitioner.role,
        teams=into,
        by=by,
    )


def members_of(team: Team):
    """The people of a team whom SCIM knows, by name."""
    inside = Practitioner.objects.filter(memberships__team=team, provisioned__deleted_at=None)
    return inside.exclude(provisioned=None).order_by("name", "pk")


def _known(by: Practitioner):
    return Practitioner.objects.filter(organisation=by.organisation_id, provisioned__deleted_at=None).exclude(
        provisioned=None
    )
