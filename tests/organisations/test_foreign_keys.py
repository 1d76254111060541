"""A broken foreign key is told at once where that was asked for, and at the end of the transaction elsewhere."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from organisations.database.foreign_keys import checked_at_once
from organisations.models import Organisation, Service, Team
from organisations.tenancy.context import tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def team_of_no_service(house):
    """`team_of_no_service()` writes a row that points at none."""

    def write():
        Team.objects.create(organisation=house, service_id=uuid4(), name="Nowhere")

    with tenant(house.pk):
        yield write
        Team.objects.filter(name="Nowhere").delete()


def test_a_broken_key_is_told_with_its_statement(team_of_no_service):
    with pytest.raises(IntegrityError), transaction.atomic(), checked_at_once():
        team_of_no_service()


def test_those_that_are_named_are_checked_at_the_end(team_of_no_service):
    with checked_at_once(but_for=[(Team, Service)]):
        team_of_no_service()
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()


def test_only_those_that_are_named_are(team_of_no_service):
    with pytest.raises(IntegrityError), transaction.atomic(), checked_at_once(but_for=[(Team, Organisation)]):
        team_of_no_service()


def test_after_it_all_are_checked_at_the_end_again(team_of_no_service):
    with checked_at_once():
        pass
    team_of_no_service()
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
