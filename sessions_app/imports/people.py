"""Clients, their teams, services and practitioners of a file: found, or created. Used inside the tenant."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext, override

from clients.models import Client, ClientTeam
from clients.models.sorting import sort_key
from organisations.models import Organisation, Practitioner, Service, Team
from organisations.roles import Role
from sessions_app.imports.existing import StoredRows
from sessions_app.imports.line_memory import Ledger
from sessions_app.imports.planning import NOWHERE, Decisions

AT_A_TIME = 1000


class Places:
    """Services, teams and practitioners by the names in the file; what is unknown is created once."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.services = {service.name: service for service in self._all(Service)}
        self.teams = {(team.service_id, team.name): team.pk for team in self._all(Team)}
        self.practitioners = {
            (person.email or (person.user.email if person.user else "")).lower(): person.pk
            for person in self._all(Practitioner).select_related("user")
            if person.email or person.user
        }

    def _all(self, model):
        return model.objects.filter(organisation=self.organisation)

    def service(self, name: str) -> UUID:
        """The service's id."""
        if name not in self.services:
            self.services[name] = Service.objects.create(organisation=self.organisation, name=name)
        return self.services[name].pk

    def team(self, service: UUID, name: str) -> UUID:
        """The id of a team of a service."""
        if (service, name) not in self.teams:
            team = Team.objects.create(organisation=self.organisation, service_id=service, name=name)
            self.teams[service, name] = team.pk
        return self.teams[service, name]

    def practitioner(self, email: str) -> UUID:
        """The id of whoever has the address; somebody unknown becomes a row without a log-in."""
        if email not in self.practitioners:
            self.practitioners[email] = self._nobody() if not email else self._former(email, email)
        return self.practitioners[email]

    def _former(self, email: str, name: str) -> UUID:
        return Practitioner.objects.create(
            organisation=self.organisation, email=email, name=name, role=Role.PRACTITIONER, is_active=False
        ).pk

    def _nobody(self) -> UUID:
        """Who held the sessions of lines that name no practitioner: one row without an address."""
        with override(self.organisation.language):
            name = gettext("Not known")
        same = self._all(Practitioner).filter(user=None, email="", is_active=False, name=name).first()
        return same.pk if same else self._former("", name)


def write_people(organisation: Organisation, ledger: Ledger, decided: Decisions, stored: StoredRows) -> dict[int, UUID]:
    """Create new clients and complete years of birth; returns ids by the ledger's client number."""
    references = ledger.references.texts()
    wanted = {decided.episodes[number].client for number in set(decided.episode) if _lands(decided, number)}
    new = []
    for number in sorted(wanted):
        reference, year = references[number], decided.birth_years.get(number)
        if reference in stored.clients:
            if year and reference in stored.without_year:
                Client.objects.filter(pk=stored.clients[reference]).update(birth_year=year)
                stored.completed.append(stored.clients[reference])
            continue
        client = Client(
            organisation=organisation,
            reference=reference,
            birth_year=year,
            form_language=organisation.language,
            sort_key=sort_key(f"{reference} {reference}", organisation.language),
        )
        stored.clients[reference] = client.pk
        new.append(client)
    Client.objects.bulk_create(new, batch_size=AT_A_TIME)
    return {number: stored.clients[references[number]] for number in wanted}


def _lands(decided: Decisions, number: int) -> bool:
    return number != NOWHERE and not decided.episodes[number].refused and decided.episodes[number].places > 0


def write_teams(organisation: Organisation, wanted: Iterable[tuple[UUID, UUID]]) -> None:
    """Put clients into teams; who is in already stays."""
    rows = [ClientTeam(organisation=organisation, client_id=client, team_id=team) for client, team in wanted]
    ClientTeam.objects.bulk_create(rows, batch_size=AT_A_TIME, ignore_conflicts=True)
