"""What an import would create: services, teams, people and clients, and which of them look like what is there."""

from clients.models import Client
from organisations.models import Organisation, Service, Team, normal_form
from sessions_app.imports.existing import StoredRows
from sessions_app.imports.line_memory import Ledger
from sessions_app.imports.look_alikes import CLIENT, SERVICE, TEAM, LookAlike, look_alikes
from sessions_app.imports.people import Places
from sessions_app.imports.planning import NEW, Decisions
from sessions_app.imports.report import Creations


class NewNames:
    """Gathers what the new lines would create, part by part, before anything is written."""

    def __init__(self, organisation: Organisation, places: Places) -> None:
        self.organisation, self.places = organisation, places
        self.clients: list[tuple[int, str]] = []  # the number of the first line, and the reference
        self.others: dict[str, dict[str, tuple[int, str]]] = {"services": {}, "teams": {}, "people": {}}  # by key
        self.teams: dict[str, tuple[str, str]] = {}  # service and team, by the same key

    def add(self, ledger: Ledger, decided: Decisions, stored: StoredRows) -> None:
        """Gather those of one part: its clients are in no other."""
        people, teams = ledger.names.people.texts(), ledger.names.teams.texts()
        references, places = ledger.references.texts(), self.places
        clients: dict[str, tuple[int, str]] = {}
        for place in decided.accepted():
            if decided.states[place] != NEW:
                continue
            line = ledger.line[place]
            episode = decided.episodes[decided.episode[place]]
            reference, team = references[episode.client], teams[ledger.team[place]]
            if normal_form(reference) not in stored.clients:
                clients.setdefault(normal_form(reference), (line, reference))
            if not places.has_service(episode.service):
                self._first("services", normal_form(episode.service), line, episode.service)
            if team and not places.has_team(episode.service, team):
                key = f"{normal_form(episode.service)}\n{normal_form(team)}"
                if self._first("teams", key, line, f"{episode.service}: {team}"):
                    self.teams[key] = episode.service, team
            if not places.has_practitioner(person := people[ledger.person[place]]):
                self._first("people", person, line, person)
        self.clients.extend(clients.values())

    def _first(self, kind: str, key: str, line: int, name: str) -> bool:
        """Keep the name as it stands in the file's first line; whether this is the first so far."""
        found = self.others[kind]
        if key in found and found[key][0] <= line:
            return False
        found[key] = line, name
        return True

    def creations(self) -> Creations:
        """All of them, in the file's order."""
        made = Creations(clients=[name for _, name in sorted(self.clients)])
        for kind, found in self.others.items():
            setattr(made, kind, [name for _, name in sorted(found.values())])
        teams_of: dict[str, list[str]] = {}
        for key in sorted(self.teams, key=lambda key: self.others["teams"][key]):
            service, team = self.teams[key]
            teams_of.setdefault(service, []).append(team)
        made.look_alikes = _look_alikes(self.organisation, made, teams_of)
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
