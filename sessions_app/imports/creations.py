"""What an import would create: services, teams, people and clients, and which of them look like what is there."""

from clients.models import Client
from organisations.models import Organisation, Service, Team, normal_form
from sessions_app.imports.existing import StoredRows
from sessions_app.imports.line_memory import Ledger
from sessions_app.imports.look_alikes import CLIENT, SERVICE, TEAM, LookAlike, look_alikes
from sessions_app.imports.people import Places
from sessions_app.imports.planning import NEW, Decisions
from sessions_app.imports.report import Creations


def creations_of(
    organisation: Organisation, ledger: Ledger, decided: Decisions, stored: StoredRows, places: Places
) -> Creations:
    """What the lines that are new would create."""
    people, teams = ledger.people.texts(), ledger.teams.texts()
    made = Creations()
    named: dict[str, dict[str, str]] = {"services": {}, "teams": {}, "people": {}, "clients": {}}
    teams_of: dict[str, list[str]] = {}
    references = ledger.references.texts()
    for place in decided.accepted():
        if decided.states[place] != NEW:
            continue
        episode = decided.episodes[decided.episode[place]]
        reference, team = references[episode.client], teams[ledger.team[place]]
        if normal_form(reference) not in stored.clients:
            named["clients"].setdefault(normal_form(reference), reference)
        if not places.has_service(episode.service):
            named["services"].setdefault(normal_form(episode.service), episode.service)
        if team and not places.has_team(episode.service, team):
            key = f"{normal_form(episode.service)}\n{normal_form(team)}"
            if key not in named["teams"]:
                teams_of.setdefault(episode.service, []).append(team)
            named["teams"].setdefault(key, f"{episode.service}: {team}")
        if not places.has_practitioner(person := people[ledger.person[place]]):
            named["people"].setdefault(person, person)
    for name, found in named.items():
        setattr(made, name, list(found.values()))
    made.look_alikes = _look_alikes(organisation, made, teams_of)
    return made


def _look_alikes(organisation: Organisation, made: Creations, teams_of: dict[str, list[str]]) -> list[LookAlike]:
    found: list[LookAlike] = []
    if made.services:
        names = Service.objects.filter(organisation=organisation).order_by("name").values_list("name", flat=True)
        found += look_alikes(SERVICE, made.services, names)
    for service, new in teams_of.items():
        there = Team.objects.filter(organisation=organisation, service__name=service).order_by("name")
        found += look_alikes(TEAM, new, there.values_list("name", flat=True))
    if made.clients:
        clients = Client.objects.filter(organisation=organisation, merged_into=None).order_by("reference")
        found += look_alikes(CLIENT, made.clients, clients.values_list("reference", flat=True).iterator())
    return found
