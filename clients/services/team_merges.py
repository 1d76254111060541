"""Merge two teams, or two services: people, clients, episodes and teams go over, and the emptied one is removed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.models import Client, ClientTeam, Episode
from clients.services import measurements
from clients.services.client_blocks import refuse_named
from clients.services.retention_choices import keep_longer_period, merged_period
from organisations.audit.record import record_access
from organisations.models import Membership, Organisation, Practitioner, Service, Team, normal_form
from organisations.services.removal import remove_if_empty, what_goes_along
from organisations.tokens.confirming import announce_new_teams, forget_left_teams

MOST_NAMED = 5


@dataclass(frozen=True)
class TeamMergePreview:
    """What goes over from one team or service to another one; references at most, for an admin reads no more."""

    clients: int
    people: int
    episodes: int = 0
    teams: tuple[str, ...] = ()
    same_teams: tuple[str, ...] = ()  # of one name at both: they become one
    both_open: tuple[str, ...] = ()  # clients with an open episode in both, which stands in the way
    more_open: int = 0  # beyond those that are named
    goes_along: tuple[str, ...] = ()  # what is set for the emptied one alone, and holds no longer
    periods: tuple[str, ...] = ()  # for how long each keeps records, and what holds afterwards


def preview_of_teams(team: Team, into: Team) -> TeamMergePreview:
    """Return how many clients and people come into a team that are not in it already."""
    people = Membership.objects.filter(team=team).exclude(practitioner__in=into.memberships.values("practitioner"))
    return TeamMergePreview(_clients_beyond([team], [into]).count(), people.count())


def preview_of_services(service: Service, into: Service) -> TeamMergePreview:
    """Return how many episodes and which teams go over, and whose open episodes stand in the way."""
    names = {normal_form(team.name) for team in into.teams.all()}
    teams = list(service.teams.order_by("name"))
    same = tuple(team.name for team in teams if normal_form(team.name) in names)
    open_twice = _open_in_both(service, into)
    return TeamMergePreview(
        clients=Client.objects.filter(episodes__service=service, merged_into=None).distinct().count(),
        people=Practitioner.objects.filter(memberships__team__in=teams).distinct().count(),
        episodes=Episode.objects.filter(service=service).count(),
        teams=tuple(team.name for team in teams if team.name not in same),
        same_teams=same,
        both_open=tuple(open_twice[:MOST_NAMED]),
        more_open=len(open_twice[MOST_NAMED:]),
        goes_along=tuple(what_goes_along(service, but="clients.RetentionChoice.service")),
        periods=merged_period(service, into).sentences,
    )


@transaction.atomic
def merge_teams(*, team: Team, into: Team, by: Practitioner) -> Team:
    """Let the people and clients of `team` be those of `into`, and remove `team`.

    ValidationError for the same team. A system that comes into another team has to be confirmed for it anew.
    """
    _refuse_same(team, into)
    _lock(by, _clients_of([team, into]), Team.objects.filter(pk__in=[team.pk, into.pk]))
    _move_team(team, into, by)
    return into


@transaction.atomic
def merge_services(*, service: Service, into: Service, by: Practitioner) -> Service:
    """Let the episodes and teams of `service` be those of `into`, and remove `service`.

    Teams of one name become one, and of two periods of keeping records the longer one stands. ValidationError for the
    same service, and where a client has open episodes in both.
    """
    _refuse_same(service, into)
    both = [service.pk, into.pk]
    episodes = Episode.objects.filter(service__in=both)
    list(episodes.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    teams = Team.objects.filter(service__in=both)
    _lock(by, _clients_of(teams), teams, Service.objects.filter(pk__in=both))
    if references := _open_in_both(service, into):
        raise ValidationError(
            _("These clients have an open episode in both. End or merge one first: %(references)s.")
            % {"references": ", ".join(references[:MOST_NAMED])}
        )
    keep_longer_period(service=service, into=into, by=by)
    there = {normal_form(team.name): team for team in into.teams.all()}
    for team in service.teams.order_by("pk"):
        if (same := there.get(normal_form(team.name))) is not None:
            _move_team(team, same, by)
        else:
            team.service = into
            team.save(update_fields=["service"])
    moved = Episode.objects.filter(service=service)
    record_access("episode.merge_services", list(moved.values_list("client", flat=True).distinct()))
    moved.update(service=into)
    remove_if_empty(row=service, by=by)
    return into


def _refuse_same(row: Team | Service, into: Team | Service) -> None:
    if row.pk == into.pk:
        raise ValidationError({"into": _("Choose another one than this one.")})


def _lock(by: Practitioner, clients: QuerySet[Client], *rows: QuerySet) -> None:
    """Whoever changes people or clients waits: the organisation, the clients, then teams and services by their keys."""
    Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)
    for each in (clients, *rows):
        list(each.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _move_team(team: Team, into: Team, by: Practitioner) -> None:
    """People and clients come into the other team, as far as they are not there yet; the emptied one goes."""
    refuse_named([team, into])
    clients = list(ClientTeam.objects.filter(team=team).values_list("client", flat=True))
    there = ClientTeam.objects.filter(team=into).values("client")
    ClientTeam.objects.filter(team=team).exclude(client__in=there).update(team=into)
    ClientTeam.objects.filter(team=team).delete()
    came = _came_in(team, into)
    Membership.objects.filter(team=team, practitioner__in=came).update(team=into)
    Membership.objects.filter(team=team).delete()
    for practitioner in came:
        forget_left_teams(practitioner)
        announce_new_teams(practitioner)
    measurements.move_team(team, into)
    record_access("client.merge_teams", clients)
    remove_if_empty(row=team, by=by)


def _came_in(team: Team, into: Team) -> list[Practitioner]:
    there = Membership.objects.filter(team=into).values("practitioner")
    return list(Practitioner.objects.filter(memberships__team=team).exclude(pk__in=there).order_by("pk"))


def _clients_of(teams: Iterable[Team]) -> QuerySet[Client]:
    return Client.objects.filter(pk__in=ClientTeam.objects.filter(team__in=teams).values("client"))


def _clients_beyond(teams: Iterable[Team], there: Iterable[Team]) -> QuerySet[Client]:
    return _clients_of(teams).exclude(pk__in=_clients_of(there).values("pk"))


def _open_in_both(service: Service, into: Service) -> list[str]:
    """The references of clients with an open episode in either."""
    twice = Episode.objects.filter(service=into).open().values("client")
    found = Episode.objects.filter(service=service, client__in=twice).open()
    return sorted(found.values_list("client__reference", flat=True))
