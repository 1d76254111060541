"""The people of the tests: Ann and Ben share a team that Lea leads, Ada is admin, Cleo is in another team.

Dora works in another organisation. Each has the password PASSWORD. Nils is a client of Ann's team.
"""

import pytest
from django.test import Client as Browser

from organisations.roles import Role
from organisations.tenancy.context import tenant
from tests.factories import (
    ClientFactory,
    EpisodeFactory,
    OrganisationFactory,
    PractitionerFactory,
    ServiceFactory,
    TeamFactory,
    UserFactory,
)

PASSWORD = "a long enough password"


def person(team, name: str, role: Role = Role.PRACTITIONER, *, teams=None):
    """A practitioner of `team` (or of `teams`) with a log-in."""
    organisation = team.organisation
    with tenant(organisation.pk):
        return PractitionerFactory(
            organisation=organisation,
            name=name,
            role=role,
            teams=[team] if teams is None else teams,
            user=UserFactory(email=f"{name.split()[0].lower()}.{organisation.slug}@example.org"),
        )


@pytest.fixture
def browser(db):
    """Nobody's yet: `browser.force_login(ann.user)`."""
    return Browser()


@pytest.fixture
def house(db):
    """The organisation of all but Dora; in English, in Denmark's time."""
    return OrganisationFactory(name="Solsikke Municipality", slug="solsikke")


@pytest.fixture
def service(house):
    with tenant(house.pk):
        return ServiceFactory(organisation=house, name="The house at the harbour")


@pytest.fixture
def red_team(service):
    with tenant(service.organisation_id):
        return TeamFactory(organisation=service.organisation, service=service, name="Red team")


@pytest.fixture
def blue_team(service):
    with tenant(service.organisation_id):
        return TeamFactory(organisation=service.organisation, service=service, name="Blue team")


@pytest.fixture
def ann(red_team):
    return person(red_team, "Ann Holm")


@pytest.fixture
def ben(red_team):
    return person(red_team, "Ben Lund")


@pytest.fixture
def lea(red_team):
    return person(red_team, "Lea Vang", Role.TEAM_LEAD)


@pytest.fixture
def ada(red_team):
    """The admin, in no team."""
    return person(red_team, "Ada Berg", Role.ADMIN, teams=[])


@pytest.fixture
def cleo(blue_team):
    return person(blue_team, "Cleo Dahl")


@pytest.fixture
def elsewhere(db):
    """Another organisation."""
    return OrganisationFactory(name="Fjord Municipality", slug="fjord")


@pytest.fixture
def dora(elsewhere):
    with tenant(elsewhere.pk):
        team = TeamFactory(organisation=elsewhere, name="Fjord team")
    return person(team, "Dora Ek")


@pytest.fixture
def nils(house, red_team, ann):
    """A client of the red team; Ann is the contact person."""
    with tenant(house.pk):
        return ClientFactory(organisation=house, reference="N-014", first_name="Nils", teams=[red_team], contact=ann)


@pytest.fixture
def episode(nils, service):
    """Nils' open episode."""
    with tenant(nils.organisation_id):
        return EpisodeFactory(organisation=nils.organisation, client=nils, service=service)
