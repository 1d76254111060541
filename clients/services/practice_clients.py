"""A practice client is shown to people of another team, who look over the shoulder; no real client can be."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.models import Client, ClientTeam
from clients.services.clients import lock_client, own_teams
from organisations.audit.record import record_access
from organisations.models import Practitioner, Team


@transaction.atomic
def show_to_team(*, client: Client, team: Team, by: Practitioner) -> None:
    """Let a team see a practice client; ValidationError for any other client. The same again changes nothing."""
    client = lock_client(client)
    if not client.is_practice:
        raise ValidationError(_("Only a practice client can be shown to another team."))
    ClientTeam.objects.get_or_create(organisation_id=client.organisation_id, client=client, team=team)
    record_access("client.practice_teams", [client.pk])


@transaction.atomic
def end_showing(*, client: Client, team: Team, by: Practitioner) -> None:
    """That team sees the practice client no longer; ValidationError for one of one's own teams."""
    client = lock_client(client)
    if not client.is_practice or own_teams(by).filter(pk=team.pk).exists():
        raise ValidationError(_("That team works with the client itself."))
    client.client_teams.filter(team=team).delete()
    record_access("client.practice_teams", [client.pk])


def teams_shown(client: Client, by: Practitioner) -> QuerySet[Team]:
    """The teams beyond one's own that see the client."""
    shown = Team.objects.filter(client_teams__client=client).exclude(pk__in=own_teams(by).values("pk"))
    return shown.select_related("service").order_by("service__name", "name")


def teams_to_show(client: Client, by: Practitioner) -> QuerySet[Team]:
    """The teams of the organisation that do not see the client yet."""
    others = Team.objects.visible_to(by).exclude(client_teams__client=client)
    return others.select_related("service").order_by("service__name", "name")
