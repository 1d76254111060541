"""Add, change and reactivate the people of an organisation, and end their access without handing over."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.audit import account_events
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.login import session_clock
from organisations.models import Membership, Organisation, Practitioner, Team
from organisations.roles import Can, Role, may
from organisations.services.access_ends import refuse_end, refuse_teams_of_consultant
from organisations.services.caseload import (
    caseload_clients_of,
    out_of_sight_of,
)
from organisations.services.invitations import ask_for_invitation, revoke_invitations
from organisations.services.local_day import today_in
from organisations.tokens.confirming import announce_new_teams, forget_left_teams
from organisations.tokens.service import revoke_tokens_of


@transaction.atomic
def add_practitioner(
    *,
    name: str,
    email: str,
    role: str,
    teams: Iterable[Team],
    by: Practitioner,
    access_from: date | None = None,
    access_until: date | None = None,
    invited_in: str = "",
) -> Practitioner:
    """A new person, invited by mail, on the first day of their access if that is later.

    ValidationError for an address that works here already, and as `refuse_end`.
    """
    teams = list(teams)
    asked: dict[str, Any] = {"name": name, "email": email.strip().lower(), "role": role}
    asked |= {"access_from": access_from, "access_until": access_until, "invited_in": invited_in}
    refuse_end(None, by, asked)
    refuse_teams_of_consultant(asked | {"teams": teams})
    practitioner = Practitioner(organisation_id=by.organisation_id, **asked)
    practitioner.full_clean()
    practitioner.save(force_insert=True)
    _set_teams(practitioner, teams)
    ask_for_invitation(practitioner=practitioner)
    return practitioner


@transaction.atomic
def edit_practitioner(
    *,
    practitioner: Practitioner,
    name: str,
    email: str,
    role: str,
    teams: Iterable[Team],
    by: Practitioner,
    version: RowVersion | None = None,
    **more: Any,
) -> Practitioner:
    """Change a person; `more` are `away_until`, `access_from`, `access_until` and `invited_in` where given.

    The address is where mails go: it never changes the address of an account.

    Somebody who has not accepted their invitation gets it again at the new address, or on another first day.
    StoredMeanwhile by `version` as in `merge`.
    """
    stored = locked_person(practitioner)
    fields: dict[str, Any] = {"name": name, "email": email.strip().lower(), "role": role, "teams": list(teams), **more}
    fields = merge(version, values_of(stored, fields), fields)
    refuse_end(stored, by, values_of(stored, ("access_from", "access_until")) | fields)
    refuse_teams_of_consultant(fields)
    teams, role = fields.pop("teams"), str(fields["role"])
    moved = stored.email != fields["email"] or stored.access_from != fields.get("access_from", stored.access_from)
    if stored.role == Role.ADMIN and role != Role.ADMIN:
        refuse_last_admin(stored)
    if role != stored.role and not may(role, Can.VIEW_CLIENT):
        _refuse_caseload(stored, role)
    write(stored, fields)
    came_in = _set_teams(stored, teams)
    forget_left_teams(stored)
    if came_in:
        announce_new_teams(stored)
    _refuse_out_of_sight(stored)
    if moved and stored.user_id is None:
        revoke_invitations(practitioner=stored)
        ask_for_invitation(practitioner=stored)
    return stored


@transaction.atomic
def invite_again(*, practitioner: Practitioner, by: Practitioner) -> None:
    """Send a new invitation to somebody who has not accepted one; the earlier link stops working."""
    if practitioner.user_id is not None or not practitioner.is_active:
        raise ValidationError(_("%(name)s needs no invitation.") % {"name": practitioner.name})
    if practitioner.access_begins_later(today_in(by.organisation)):
        raise ValidationError(_("The invitation of %(name)s is sent on the first day.") % {"name": practitioner.name})
    ask_for_invitation(practitioner=practitioner)


@transaction.atomic
def reactivate_practitioner(*, practitioner: Practitioner, by: Practitioner) -> None:
    """Let a person work here again, in the teams they had; their clients stay where they went.

    What stood open when their access ended does not open again: they log in anew, unless they work elsewhere too.
    """
    stored = locked_person(practitioner)
    if stored.access_is_over(today_in(by.organisation)):
        raise ValidationError(_("The access of %(name)s is over. Extend it instead.") % {"name": stored.name})
    if stored.user is not None and not account_events.places_of(stored.user):
        session_clock.end_sessions(stored.user)
    stored.is_active = True
    stored.full_clean()
    stored.save(update_fields=["is_active"])


@transaction.atomic
def end_access(*, practitioner: Practitioner, by: Practitioner, purpose: str) -> None:
    """End a person's access at once, whoever takes over their clients: log-ins, invitations and tokens too.

    A contact person stays in the lists, as one whose last day is past, until their clients are handed over.
    ValidationError for the last administrator.
    """
    stored = locked_person(practitioner)
    today = today_in(by.organisation)
    if not stored.is_active or stored.access_is_over(today):
        return
    refuse_last_admin(stored)
    revoke_invitations(practitioner=stored)
    revoke_tokens_of(practitioner=stored, by=by)
    if caseload_clients_of(stored):
        stored.access_until = today - timedelta(days=1)
    else:
        stored.is_active = False
    account_events.record_of(stored, account_events.ACCESS_ENDED, purpose=purpose)
    stored.save(update_fields=["is_active", "access_until"])
    if stored.user is not None and not [one for one in account_events.places_of(stored.user) if one.pk != stored.pk]:
        session_clock.end_sessions(stored.user)


@transaction.atomic
def reopen_access(*, practitioner: Practitioner, by: Practitioner, purpose: str) -> None:
    """Let somebody work here again, also where their last day is past; what stood open before stays shut."""
    stored = locked_person(practitioner)
    if stored.access_is_over(today_in(by.organisation)):
        stored.access_until = None
    if stored.user is not None and not [one for one in account_events.places_of(stored.user) if one.pk != stored.pk]:
        session_clock.end_sessions(stored.user)
    stored.is_active = True
    stored.full_clean()
    stored.save(update_fields=["is_active", "access_until"])
    account_events.record_of(stored, account_events.ACCESS_REOPENED, purpose=purpose)


@transaction.atomic
def follow_role(*, practitioner: Practitioner, role: Role) -> Practitioner:
    """Give somebody the role that their organisation's identity provider says they have.

    ValidationError for the last administrator, and for clients or teams that do not go with it.
    """
    if practitioner.role == role:
        return practitioner
    stored = locked_person(practitioner)
    if stored.role == Role.ADMIN:
        refuse_last_admin(stored)
    if not may(role, Can.VIEW_CLIENT):
        _refuse_caseload(stored, role.value)
    write(stored, {"role": role.value})
    _refuse_out_of_sight(stored)
    return stored


def locked_person(practitioner: Practitioner) -> Practitioner:
    """The row as it is stored now, which nobody changes until this transaction ends."""
    # Two admins who deactivate each other at the same moment must not both find the other one still active.
    Organisation.objects.select_for_update().get(pk=practitioner.organisation_id)
    return Practitioner.objects.select_for_update(of=("self",)).get(pk=practitioner.pk)


def refuse_last_admin(practitioner: Practitioner) -> None:
    """ValidationError for whom an organisation cannot be without: its last administrator, and the emergency one."""
    if practitioner.role != Role.ADMIN:
        return
    if practitioner.is_emergency_admin:
        raise ValidationError(
            _("%(name)s logs in by password when the organisation's own log-in is away. Name somebody else first.")
            % {"name": practitioner.name}
        )
    others = Practitioner.objects.filter(
        organisation=practitioner.organisation_id, role=Role.ADMIN, is_active=True, user__isnull=False
    ).exclude(pk=practitioner.pk)
    if not others.exists():
        raise ValidationError(
            _("%(name)s is the last administrator. Make somebody else administrator first.")
            % {"name": practitioner.name}
        )


def _refuse_caseload(practitioner: Practitioner, role: str) -> None:
    count = len(caseload_clients_of(practitioner))
    if not count:
        return
    said = _(
        "An administrator sees too little of a client to be the contact person, and %(name)s is "
        "that for %(count)d. Choose other contact persons first."
    )
    if role == Role.CONSULTANT:
        said = _(
            "A consultant sees too little of a client to be the contact person, and %(name)s is "
            "that for %(count)d. Choose other contact persons first."
        )
    raise ValidationError({"role": said % {"name": practitioner.name, "count": count}})


def _refuse_out_of_sight(practitioner: Practitioner) -> None:
    unseen = out_of_sight_of(practitioner)
    if unseen:
        raise ValidationError(
            {
                "teams": _(
                    "%(name)s is the contact person of %(references)s and could not see them any more. "
                    "Choose other contact persons first."
                )
                % {"name": practitioner.name, "references": ", ".join(charge.reference for charge in unseen)}
            }
        )


def _set_teams(practitioner: Practitioner, teams: Iterable[Team]) -> bool:
    """Whether a team came in that was not there."""
    wanted = set(teams)
    practitioner.memberships.exclude(team__in=wanted).delete()
    standing = set(practitioner.memberships.values_list("team_id", flat=True))
    added = Membership.objects.bulk_create(
        Membership(organisation_id=practitioner.organisation_id, practitioner=practitioner, team=team)
        for team in wanted
        if team.pk not in standing
    )
    return bool(added)
