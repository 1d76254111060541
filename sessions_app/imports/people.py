"""Clients, their teams, services and practitioners of a file: found, or created. Used inside the tenant."""

from uuid import UUID

from django.db.models import F

from clients.models import Client, ClientTeam
from clients.models.sorting import sort_key
from organisations.models import Organisation, Practitioner, Service, Team, normal_form
from organisations.roles import Role
from sessions_app.imports.choices import FORMER
from sessions_app.imports.existing import StoredRows, name_of_nobody, person_key
from sessions_app.imports.line_memory import Ledger
from sessions_app.imports.planning import Decisions, batched
from sessions_app.imports.report import Written

AT_A_TIME = 1000


class Places:
    """Services, teams and practitioners by the names in the file; what is unknown is created once."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.services = {service.name: service.pk for service in self._all(Service)}
        self.new_teams: list[UUID] = []
        for name, key in list(self.services.items()):
            self.services.setdefault(normal_form(name), key)
        self.teams = {(team.service_id, normal_form(team.name)): team.pk for team in self._all(Team).order_by("-pk")}
        self.practitioners = {
            person_key(person.email or (person.user.email if person.user else ""), person.name): person.pk
            for person in self._all(Practitioner).select_related("user").order_by(F("user").asc(nulls_first=True))
        }

    def _all(self, model):
        return model.objects.filter(organisation=self.organisation)

    def service(self, name: str) -> UUID:
        """The service's id: of that spelling, else of that name."""
        key = self._key(name)
        if key not in self.services:
            self.services[key] = Service.objects.create(organisation=self.organisation, name=name).pk
        return self.services[key]

    def _key(self, name: str) -> str:
        return name if name in self.services else normal_form(name)

    def has_service(self, name: str) -> bool:
        """Whether the service is there."""
        return self._key(name) in self.services

    def has_team(self, service: str, name: str) -> bool:
        """Whether the team of a service is there."""
        return self.has_service(service) and (self.service(service), normal_form(name)) in self.teams

    def has_practitioner(self, said: str) -> bool:
        """Whether whoever is named so is there."""
        return not said or _person_key(said) in self.practitioners

    def team(self, service: UUID, name: str) -> UUID:
        """The id of a team of a service."""
        key = (service, normal_form(name))
        if key not in self.teams:
            team = Team.objects.create(organisation=self.organisation, service_id=service, name=name)
            self.teams[key] = team.pk
            self.new_teams.append(team.pk)
        return self.teams[key]

    def practitioner(self, said: str) -> UUID:
        """The id of whoever has the address, or the name after FORMER; somebody unknown becomes a row without a log-in.

        "" is one row for all lines that name nobody.
        """
        key = _person_key(said)
        if key not in self.practitioners:
            person = Practitioner.objects.create(
                organisation=self.organisation,
                email="" if said.startswith(FORMER) else said,
                name=said.removeprefix(FORMER) or name_of_nobody(self.organisation.language),
                role=Role.PRACTITIONER,
                is_active=False,
            )
            self.practitioners[key] = person.pk
        return self.practitioners[key]


def _person_key(said: str) -> str:
    """The key of whoever a line names: `said` is an address, FORMER and a name, or ""."""
    if not said:
        return ""
    return person_key("", said.removeprefix(FORMER)) if said.startswith(FORMER) else person_key(said, "")


def write_people(
    organisation: Organisation, ledger: Ledger, decided: Decisions, stored: StoredRows, written: Written
) -> dict[int, UUID]:
    """Create new clients and complete years of birth; returns ids by the ledger's client number.

    Who was archived when an import was undone, and has had no session since, is back in the lists.
    """
    references = ledger.references.texts()
    wanted = {episode.client for episode in decided.episodes if episode.places and not episode.refused}
    new: list[Client] = []
    for number in sorted(wanted):
        reference, year = references[number], decided.birth_years.get(number)
        key = normal_form(reference)
        if key in stored.clients:
            if year and key in stored.without_year:
                Client.objects.filter(pk=stored.clients[key]).update(birth_year=year)
                stored.completed.append(stored.clients[key])
            continue
        client = Client(
            organisation=organisation,
            reference=reference,
            birth_year=year,
            form_language=organisation.language,
            sort_key=sort_key(f"{reference} {reference}", organisation.language),
        )
        stored.clients[key] = client.pk
        written.clients.append(str(client.pk))
        new.append(client)
        if len(new) == AT_A_TIME:
            Client.objects.bulk_create(new)
            new = []
    Client.objects.bulk_create(new)
    written.years += map(str, stored.completed)
    keys = {number: stored.clients[normal_form(references[number])] for number in wanted}
    back = stored.archived_by_undoing.intersection(keys.values())
    Client.objects.filter(pk__in=back).update(archived_at=None)
    written.restored += map(str, back)
    return keys


def write_teams(organisation: Organisation, wanted: set[tuple[UUID, UUID]], written: Written) -> None:
    """Put clients into teams; who is in already stays."""
    for some in batched(sorted(wanted), AT_A_TIME):
        standing = ClientTeam.objects.filter(client__in={client for client, _ in some})
        new = set(some).difference(standing.values_list("client", "team"))
        rows = [ClientTeam(organisation=organisation, client_id=client, team_id=team) for client, team in sorted(new)]
        ClientTeam.objects.bulk_create(rows, ignore_conflicts=True)
        made = set(written.clients)
        written.memberships += [[str(client), str(team)] for client, team in new if str(client) not in made]
