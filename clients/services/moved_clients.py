"""Hand one client over to another practitioner, team or service: whose they are, row for row, and back again."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.models import Client, ClientTeam, Episode
from clients.services.client_blocks import standing_block
from organisations.edits.row_changes import RowChanges
from organisations.models import Membership, Practitioner, Service, Team
from organisations.services.local_day import today_in


@dataclass(frozen=True)
class Destination:
    """The team that takes over, and who of it is the contact person; None where the team decides that itself."""

    team: Team
    contact: Practitioner | None


def destinations(by: Practitioner) -> list[Destination]:
    """Every team of the organisation, by service and name, each first without a person; two queries."""
    teams = Team.objects.visible_to(by).select_related("service").order_by("service__name", "name")
    contacts = Practitioner.objects.visible_to(by).contacts()
    people: dict[UUID, list[Practitioner]] = {}
    rows = Membership.objects.filter(practitioner__in=contacts).select_related("practitioner__user")
    for row in rows.order_by("practitioner__name"):
        people.setdefault(row.team_id, []).append(row.practitioner)
    return [Destination(team, contact) for team in teams if team.pk in people for contact in (None, *people[team.pk])]


def state_of(client: Client) -> list[str]:
    """Whose a client is now: the contact persons and the teams, as keys."""
    teams = sorted(str(key) for key in client.client_teams.values_list("team", flat=True))
    return [str(client.contact_id or ""), str(client.second_contact_id or ""), *teams]


def refuse_unfit(client: Client, episode: Episode | None, to: Destination, on: datetime.date, by: Practitioner) -> None:
    """ValidationError where somebody cannot take a locked client over, or not on that day."""
    who = to.contact
    if who is not None and not (who.can_be_contact and to.team.memberships.filter(practitioner=who).exists()):
        raise ValidationError({"to": _("%(name)s is not in that team any more.") % {"name": who.name}})
    if on > today_in(by.organisation):
        raise ValidationError({"on": _("A transfer happens at once: choose today or an earlier day.")})
    if episode is None:
        return
    if on < episode.started_on:
        raise ValidationError({"on": _("The episode began later than that.")})
    if to.team.service_id != episode.service_id and _is_open_at(client, to.team.service):
        raise ValidationError(
            {"to": _("The client already has an open episode in that service. End one of them first.")}
        )


def move_client(
    client: Client, episode: Episode | None, to: Destination, *, keeps: bool, on: datetime.date, note: str
) -> RowChanges:
    """Give a locked client to the destination, and the locked open episode to its service; what stood before.

    The teams of the episode's service (without an episode all) see the client no longer, unless it `keeps` them.
    """
    rows = RowChanges()
    leaving = client.client_teams.exclude(team=to.team)
    if episode is not None:
        leaving = leaving.filter(team__service=episode.service_id)
    if not keeps:
        rows.delete(leaving)
    if not client.client_teams.filter(team=to.team).exists():
        rows.make(ClientTeam(organisation_id=client.organisation_id, client=client, team=to.team))
    if to.contact is None and (block := standing_block(client)) is not None and to.team.pk not in block.teams:
        # Without a contact person nobody would see the client where they are now.
        # Taken back, the team is named and sees nothing: it is none of the client's again.
        block.teams = [*block.teams, to.team.pk]
        block.save(update_fields=["teams"])
    if episode is not None and episode.service_id != to.team.service_id:
        rows.change(Episode.objects.filter(pk=episode.pk), service=to.team.service)
    second = client.second_contact
    stays = second is not None and second != to.contact and _sees(second, client)
    pair = (to.contact, second if stays else None)
    rows.change(
        Client.objects.filter(pk=client.pk),
        contact=pair[0],
        second_contact=pair[1],
        next_contact=client.next_contact if client.next_contact in pair else None,
        contact_since=on,
        contact_note=note,
        returns_to=None,
    )
    client.refresh_from_db()
    return rows


def names_of(client: Client) -> str:
    """The client's teams with their services, in words."""
    teams = client.teams.select_related("service").order_by("service__name", "name")
    return ", ".join(f"{team.name} ({team.service.name})" for team in teams)[:400]


def unseeing(client: Client) -> list[UUID]:
    """The keys of practitioners of the organisation who see the client no longer, or never did."""
    teams = client.client_teams.values("team")
    others = Practitioner.objects.filter(organisation=client.organisation_id).exclude(memberships__team__in=teams)
    return list(others.values_list("pk", flat=True))


def _sees(person: Practitioner, client: Client) -> bool:
    return Client.objects.visible_to(person).filter(pk=client.pk).exists()


def _is_open_at(client: Client, service: Service) -> bool:
    return client.episodes.open().filter(service=service).exists()
