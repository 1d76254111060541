"""Rows for the tests. Make them inside `tenant(...)`; Ann and Ben of one team, Cleo of another, Dora elsewhere."""

import datetime
import uuid

import factory
from factory.django import DjangoModelFactory

from clients import models as clients
from organisations import models as organisations
from organisations.roles import Role
from sessions_app import models as sessions


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = organisations.Organisation

    name = factory.Sequence(lambda n: f"Municipality {n}")
    slug = factory.Sequence(lambda n: f"municipality-{n}")
    language = "en"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = organisations.User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or "a long enough password")
        self.save()


class OfOrganisation(DjangoModelFactory):
    class Meta:
        abstract = True

    organisation = factory.SubFactory(OrganisationFactory)


class ServiceFactory(OfOrganisation):
    class Meta:
        model = organisations.Service

    name = factory.Sequence(lambda n: f"Service {n}")


class TeamFactory(OfOrganisation):
    class Meta:
        model = organisations.Team

    service = factory.SubFactory(ServiceFactory, organisation=factory.SelfAttribute("..organisation"))
    name = factory.Sequence(lambda n: f"Team {n}")


class PractitionerFactory(OfOrganisation):
    class Meta:
        model = organisations.Practitioner
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Practitioner {n}")
    email = factory.LazyAttribute(lambda o: o.user.email if o.user else "")
    role = Role.PRACTITIONER

    @factory.post_generation
    def teams(self, create, extracted, **kwargs):
        for team in extracted or []:
            organisations.Membership.objects.create(organisation_id=self.organisation_id, practitioner=self, team=team)


class ClientFactory(OfOrganisation):
    class Meta:
        model = clients.Client
        skip_postgeneration_save = True

    reference = factory.Sequence(lambda n: f"C-{n:03}")
    first_name = factory.Sequence(lambda n: f"Name{n}")
    birth_year = 1980
    form_language = "en"

    @factory.post_generation
    def teams(self, create, extracted, **kwargs):
        for team in extracted or []:
            clients.ClientTeam.objects.create(organisation_id=self.organisation_id, client=self, team=team)


class EpisodeFactory(OfOrganisation):
    class Meta:
        model = clients.Episode

    client = factory.SubFactory(ClientFactory, organisation=factory.SelfAttribute("..organisation"))
    service = factory.SubFactory(ServiceFactory, organisation=factory.SelfAttribute("..organisation"))
    started_on = datetime.date(2026, 1, 5)


class SessionFactory(OfOrganisation):
    class Meta:
        model = sessions.Session

    episode = factory.SubFactory(EpisodeFactory, organisation=factory.SelfAttribute("..organisation"))
    client = factory.SelfAttribute("episode.client")
    practitioner = factory.SubFactory(PractitionerFactory, organisation=factory.SelfAttribute("..organisation"))
    # Weeks in a row within one test: the fixture `fresh_weeks` begins anew for each.
    held_on = factory.Sequence(lambda n: datetime.date(2026, 1, 5) + datetime.timedelta(days=7 * (n % 40)))
    time_zone = "Europe/Copenhagen"


class RatingFactory(OfOrganisation):
    class Meta:
        model = sessions.Rating

    session = factory.SubFactory(SessionFactory, organisation=factory.SelfAttribute("..organisation"))
    instrument = "ors"
    marks = (50, 50, 50, 50)
    total = factory.LazyAttribute(lambda o: sum(o.marks) if o.marks else 200)
    entry_mode = sessions.EntryMode.DEVICE
    submission_id = factory.LazyFunction(uuid.uuid4)
