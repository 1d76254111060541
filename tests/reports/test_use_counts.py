"""How much an organisation uses, for whoever runs the installation: counts, and never of a few."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from clients.models import Client
from organisations.models import OrganisationUse
from organisations.tenancy.context import tenant
from reports.periodic import count_use
from sessions_app.models import Session
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory
from tests.organisations.operator.conftest import as_olga, olga  # noqa: F401
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
NOVEMBER = datetime.date(2026, 11, 1)
NOW = datetime.datetime(2026, 11, 28, 3, tzinfo=datetime.UTC)
PAGE, FILE = reverse("operator-use"), reverse("operator-use-csv")


def meet(ann, red_team, clients, sessions=1, day=10):
    with tenant(ann.organisation_id):
        for _client in range(clients):
            client = ClientFactory(organisation=ann.organisation, teams=[red_team])
            episode = EpisodeFactory(organisation=ann.organisation, client=client, service=red_team.service)
            for number in range(sessions):
                held = datetime.date(2026, 11, day + number)
                SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann, held_on=held)


def counted():
    count_use(NOW)
    return OrganisationUse.objects.get(month=NOVEMBER, organisation__slug="solsikke")


def test_counts_are_rounded_and_those_of_few_clients_are_not_stored(ann, red_team):
    meet(ann, red_team, 9, sessions=3)
    assert counted().sessions is None
    meet(ann, red_team, 2, sessions=3)
    assert counted().sessions == 35  # 33, to the nearest five
    assert counted().forms == 0
    assert OrganisationUse.objects.count() == 2


def test_practice_clients_and_voided_sessions_are_left_out(ann, red_team):
    meet(ann, red_team, 12)
    with tenant(ann.organisation_id):
        first, second = Session.objects.order_by("pk")[:2]
        Session.objects.filter(pk=first.pk).update(voided_at=NOW, voided_by=ann, void_reason="twice")
        Client.objects.filter(pk=second.client_id).update(is_practice=True)
    assert counted().sessions == 10  # 10 of 12


def test_the_page_and_the_file_tell_the_same(as_olga, ann, red_team):  # noqa: F811
    meet(ann, red_team, 12)
    with time_machine.travel(NOW, tick=False):
        counted()
        page = as_olga.get(PAGE).content.decode()
        lines = as_olga.get(FILE).content.decode("utf-8-sig").splitlines()
    assert "Solsikke Municipality" in page
    assert any(line.startswith("2026-11;Solsikke Municipality;solsikke;") for line in lines)
    assert ann.name not in page
    assert ";10;" in "\n".join(lines)


def test_an_organisations_name_is_no_formula(as_olga, house):  # noqa: F811
    type(house).objects.filter(pk=house.pk).update(name="=1+1")
    counted()
    assert "'=1+1" in as_olga.get(FILE).content.decode("utf-8-sig")


def test_queries_do_not_grow_with_the_organisations(as_olga, house, elsewhere):  # noqa: F811
    count_use(NOW)
    as_olga.get(PAGE)
    _answer, few = statements_of(lambda: as_olga.get(PAGE))
    for number in range(5):
        made = type(house).objects.create(name=f"N{number}", slug=f"n{number}")
        OrganisationUse.objects.create(organisation=made, month=NOVEMBER)
    _answer, many = statements_of(lambda: as_olga.get(PAGE))
    assert len(many) == len(few)
