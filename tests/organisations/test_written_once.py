"""Questions whose SQL is written once: the same rows as the ORM gives anew, and nothing kept but constants."""

import datetime
import uuid

import pytest
from django.db import connection
from django.db.models import Q
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.models import Client, Episode
from organisations.database.statements import NotWrittenOnce, written_once
from organisations.models import Practitioner
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory, EpisodeFactory

pytestmark = pytest.mark.django_db


@written_once
def seen_clients(by: Practitioner, keys: list[uuid.UUID], since: datetime.date, only_open: bool):
    found = Client.objects.visible_to(by).select_related("contact").filter(pk__any=keys)
    found = found.filter(episodes__started_on__gt=since - datetime.timedelta(days=7))
    return (found.filter(episodes__ended_on=None) if only_open else found).order_by("reference")


@written_once
def keys_and_days(client: Client):
    return Episode.objects.filter(client=client).values_list("pk", "started_on")


@pytest.fixture
def nils_and_mia(house, red_team, service):
    day, own = datetime.date(2026, 3, 1), {"organisation": house}
    with tenant(house.pk):
        people = [ClientFactory(**own, teams=[red_team], reference=name) for name in ("MIA", "NILS")]
        EpisodeFactory(**own, client=people[0], service=service, started_on=day, ended_on=day, ending="planned")
        EpisodeFactory(**own, client=people[1], service=service, started_on=day)
    return people


def test_rows_are_those_of_the_orm_for_each_set_of_values(house, ann, nils_and_mia):
    days = [datetime.date(2026, 3, day) for day in (1, 7, 8, 20)]
    with tenant(house.pk):
        for keys in ([], [nils_and_mia[0].pk], [one.pk for one in nils_and_mia], [uuid.uuid4()]):
            for asked in ((day, only_open) for day in days for only_open in (True, False)):
                assert seen_clients(ann, keys, *asked) == list(seen_clients.__wrapped__(ann, keys, *asked))
        shown = seen_clients(ann, [one.pk for one in nils_and_mia], days[0], False)
        assert [one.reference for one in shown] == ["MIA", "NILS"]
        for client in nils_and_mia:
            assert keys_and_days(client) == list(keys_and_days.__wrapped__(client))


def test_question_is_asked_anew_each_time(house, ann, nils_and_mia):
    with tenant(house.pk):
        keys, day = [one.pk for one in nils_and_mia], datetime.date(2026, 3, 1)
        assert len(seen_clients(ann, keys, day, True)) == 1
        Episode.objects.update(ended_on=None, ending="")
        with CaptureQueriesContext(connection) as asked:
            assert len(seen_clients(ann, keys, day, True)) == 2
        assert len(asked) == 1


def test_role_is_part_of_the_question(house, ann, nils_and_mia):
    """Somebody who is in no team sees nobody, whoever asked before with the same statement."""
    with tenant(house.pk):
        keys, day = [one.pk for one in nils_and_mia], datetime.date(2026, 3, 1)
        assert seen_clients(ann, keys, day, False)
        for role in ("consultant", "admin", "team_lead"):
            other = Practitioner.objects.create(
                organisation=house, name=role, role=role, access_until=datetime.date(2027, 1, 1)
            )
            expected = list(seen_clients.__wrapped__(other, keys, day, False))
            assert seen_clients(other, keys, day, False) == expected
            assert bool(expected) == (role == "admin")
        ann.is_active = False
        assert seen_clients(ann, keys, day, False) == []


@pytest.mark.parametrize(
    "asks",
    [
        lambda client, day: Client.objects.filter(pk=client, created_at__lt=timezone.now()),
        lambda client, day: Client.objects.filter(pk=client, next_on=datetime.date.today()),
        lambda client, day: Client.objects.filter(pk=client, next_on=day.replace(day=1)),
        lambda client, day: Client.objects.filter(pk=client, next_on=day - datetime.timedelta(days=day.weekday())),
        lambda client, day: Client.objects.filter(pk=client, reference=f"{client}"),
        lambda client, day: Client.objects.filter(pk=uuid.UUID(int=7)),
        lambda client, day: Client.objects.filter(pk__in=[client, day.toordinal() % 2 and client]),
        lambda client, day: Client.objects.filter(Q(pk=client), birth_year=day.year),
        lambda client, day: Client.objects.filter(pk=client) if Client.objects.exists() else Client.objects.none(),
    ],
    ids=["clock", "today", "month", "week", "text", "key", "shape", "number", "asks"],
)
def test_what_would_be_kept_from_the_first_call_is_refused(house, asks):
    with tenant(house.pk), pytest.raises(NotWrittenOnce):
        written_once(asks)(uuid.uuid4(), datetime.date(2026, 3, 1))


def test_free_text_is_refused(house):
    question = written_once(lambda typed: Client.objects.filter(reference__icontains=typed))
    with tenant(house.pk), pytest.raises(NotWrittenOnce):
        question("nils")


def test_more_of_a_row_than_its_key_is_refused(house, nils_and_mia):
    question = written_once(lambda client: Client.objects.filter(reference=client.reference))
    with tenant(house.pk), pytest.raises(NotWrittenOnce):
        question(nils_and_mia[0])


@written_once
def locked_client(client: Client):
    return Client.objects.select_for_update().filter(pk=client.pk)


def test_row_is_locked_inside_a_transaction_only(house, nils_and_mia):
    with tenant(house.pk):
        assert locked_client(nils_and_mia[0]) == [nils_and_mia[0]]
    connection.in_atomic_block = False
    try:
        with pytest.raises(TransactionManagementError):
            locked_client(nils_and_mia[0])
    finally:
        connection.in_atomic_block = True
