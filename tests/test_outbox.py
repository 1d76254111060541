"""The outbox: leased, published, given back, done once; and the relay's loop around it."""

import datetime
import threading
import uuid

import pytest
import structlog
from celery import current_app, signals
from celery.fixups.django import DjangoWorkerFixup
from django.db import OperationalError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from organisations.jobs.outbox import LEASE, ask_for, delete_done, effect, publish_due
from organisations.management.commands.relay import AWAY, LONGEST, POLL, Relay, send
from organisations.models import Outbox
from organisations.monitoring.logs import REQUEST_ID
from organisations.tenancy.context import active, tenant
from sessions_app.models import Alert
from sessions_app.services.summary import lock_episode, measurements_changed
from sessions_app.tasks import evaluate_episode
from tests.factories import OrganisationFactory, RatingFactory, SessionFactory


@pytest.fixture
def organisation(db):
    return OrganisationFactory()


@pytest.fixture
def asked(organisation):
    return ask_for("some.task", organisation_id=organisation.pk, object_id=uuid.uuid4())


class Broker:
    """Stands for the queue: remembers what was sent, or is away."""

    def __init__(self):
        self.sent, self.away = [], False

    def __call__(self, task, keywords):
        if self.away:
            raise BrokerError("away")
        self.sent.append((task, keywords))


@pytest.fixture
def broker():
    return Broker()


def let_leases_lapse():
    Outbox.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1))


def test_a_row_is_handed_over_with_ids_only(asked, broker):
    assert publish_due(broker) == 1
    keywords = {
        "outbox_id": str(asked.pk),
        "organisation_id": str(asked.organisation_id),
        "object_id": str(asked.object_id),
    }
    assert broker.sent == [("some.task", keywords)]


def test_a_row_and_its_message_know_the_request_that_asked(organisation, asked, monkeypatch):
    """A job's own wishes too: while it runs, the id is bound."""
    sent = []
    monkeypatch.setattr(current_app, "send_task", lambda task, **options: sent.append((task, options["headers"])))
    with structlog.contextvars.bound_contextvars(request_id="3f0c6f3e-8d0f-4f9f-a7b8-2b1b6d1f1f11"):
        ask_for("another.task", organisation_id=organisation.pk, object_id=uuid.uuid4())
    publish_due(send)
    assert sorted(sent) == [
        ("another.task", {REQUEST_ID: "3f0c6f3e-8d0f-4f9f-a7b8-2b1b6d1f1f11"}),
        ("some.task", {REQUEST_ID: ""}),  # a command asked
    ]
    assert structlog.contextvars.get_contextvars().get("request_id") is None


def test_a_leased_row_is_not_handed_over_twice_at_once(asked, broker):
    publish_due(broker)
    assert publish_due(broker) == 0
    asked.refresh_from_db()
    assert asked.leased_until <= timezone.now() + LEASE


def test_what_nobody_did_is_handed_over_again(asked, broker):
    publish_due(broker)
    let_leases_lapse()
    assert publish_due(broker) == 1
    assert len(broker.sent) == 2


def test_what_is_done_or_not_yet_due_stays(organisation, asked, broker):
    Outbox.objects.update(done_at=timezone.now())
    later = timezone.now() + datetime.timedelta(hours=1)
    ask_for("some.task", organisation_id=organisation.pk, object_id=uuid.uuid4(), due_at=later)
    assert publish_due(broker) == 0


def test_a_task_that_keeps_failing_is_tried_ever_more_rarely(asked, broker):
    for _ in range(12):
        let_leases_lapse()
        publish_due(broker)
    asked.refresh_from_db()
    wait = asked.leased_until - timezone.now()
    assert datetime.timedelta(minutes=4) < wait <= datetime.timedelta(minutes=5)


def test_an_absent_broker_costs_no_row_its_turn(asked, broker):
    broker.away = True
    for _ in range(20):
        with pytest.raises(BrokerError):
            publish_due(broker)
    asked.refresh_from_db()
    assert (asked.attempts, asked.leased_until) == (0, None)
    broker.away = False
    assert publish_due(broker) == 1


def test_what_has_been_due_for_longest_goes_first(organisation, broker):
    now = timezone.now()
    for minutes in (1, 3, 2):
        due_at = now - datetime.timedelta(minutes=minutes)
        ask_for(f"due.{minutes}", organisation_id=organisation.pk, object_id=uuid.uuid4(), due_at=due_at)
    assert publish_due(broker, limit=2) == 2
    assert [task for task, _ in broker.sent] == ["due.3", "due.2"]
    assert publish_due(broker) == 1


@pytest.mark.parametrize("waiting", [0, 1, 5])
def test_a_look_is_one_statement(organisation, broker, waiting, django_assert_num_queries):
    """It is asked often: with nothing due it opens no transaction and writes nothing."""
    for _ in range(waiting):
        ask_for("some.task", organisation_id=organisation.pk, object_id=uuid.uuid4())
    with django_assert_num_queries(1):
        assert publish_due(broker) == waiting


def test_rows_behind_a_failed_one_are_given_back_too(organisation, broker):
    for _ in range(3):
        ask_for("some.task", organisation_id=organisation.pk, object_id=uuid.uuid4())

    def second_fails(task, keywords):
        if broker.sent:
            raise BrokerError("away")
        broker(task, keywords)

    with pytest.raises(BrokerError):
        publish_due(second_fails)
    assert publish_due(broker) == 2
    assert len({keywords["outbox_id"] for _, keywords in broker.sent}) == 3


def test_a_transaction_that_is_undone_asked_for_nothing(organisation, broker):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ask_for("some.task", organisation_id=organisation.pk, object_id=uuid.uuid4())
        raise ZeroDivisionError
    assert publish_due(broker) == 0


def test_an_effect_that_fails_leaves_the_row_open(asked):
    with pytest.raises(ZeroDivisionError), effect(str(asked.pk), str(asked.organisation_id)):
        raise ZeroDivisionError
    asked.refresh_from_db()
    assert asked.done_at is None


@pytest.mark.django_db(transaction=True)
def test_a_row_that_a_worker_is_at_is_no_second_ones_to_do(transactional_db, asked):
    """Two workers may have one message: the second neither waits nor has an effect, and finds it done afterwards."""
    ids, told = (str(asked.pk), str(asked.organisation_id)), []

    def second() -> None:
        with effect(*ids) as fresh:
            told.append(fresh)
        connection.close()

    with effect(*ids) as fresh:
        other = threading.Thread(target=second)
        other.start()
        other.join(30)
        assert (fresh, told) == (True, [False])
    with effect(*ids) as fresh:
        assert not fresh


@pytest.mark.django_db(transaction=True)
def test_one_connection_serves_many_tasks_until_it_breaks(transactional_db):
    fixup = DjangoWorkerFixup(current_app)
    connection.ensure_connection()
    kept = connection.connection
    for _ in range(3):
        signals.task_prerun.send(sender=evaluate_episode)
        fixup.close_database()  # what Celery does around each task
        signals.task_postrun.send(sender=evaluate_episode)
    assert connection.connection is kept
    kept.close()
    connection.errors_occurred = True  # as after a statement that found nobody
    signals.task_prerun.send(sender=evaluate_episode)
    assert connection.connection is None


@pytest.mark.django_db(transaction=True)
def test_an_organisation_ends_with_its_transaction(transactional_db, organisation):
    """Nothing sets back what the end of the transaction undoes: the next task of the connection begins without."""
    with tenant(organisation.pk):
        assert active() == str(organisation.pk)
    with transaction.atomic():
        assert active() == ""
        with tenant(organisation.pk):
            pass
        assert active() == ""


def test_a_row_is_no_other_organisations_to_do(asked):
    other = OrganisationFactory()
    with effect(str(asked.pk), str(other.pk)) as fresh:
        assert not fresh
    asked.refresh_from_db()
    assert asked.done_at is None


def test_only_old_done_rows_are_deleted(organisation):
    now = timezone.now()
    ages = {"old": now - datetime.timedelta(days=8), "new": now - datetime.timedelta(days=6), "open": None}
    for name, done_at in ages.items():
        row = ask_for(name, organisation_id=organisation.pk, object_id=uuid.uuid4())
        row.created_at, row.done_at = now - datetime.timedelta(days=30), done_at
        row.save()
    assert delete_done() == 1
    assert set(Outbox.objects.values_list("task", flat=True)) == {"new", "open"}


def test_a_task_that_runs_twice_has_one_effect(organisation):
    with tenant(organisation.pk):
        session = SessionFactory(organisation=organisation)
        RatingFactory(organisation=organisation, session=session, marks=(70, 70, 70, 70))
        measurements_changed(lock_episode(session.episode_id))
    row = Outbox.objects.get()
    ids = {"outbox_id": row.pk, "organisation_id": organisation.pk, "object_id": row.object_id}
    keywords = {name: str(value) for name, value in ids.items()}
    evaluate_episode(**keywords)
    with tenant(organisation.pk):
        assert set(Alert.objects.values_list("rule", flat=True)) == {"O7", "M1"}
        Alert.objects.all().delete()  # a second effect would bring them back
    evaluate_episode(**keywords)
    with tenant(organisation.pk):
        assert not Alert.objects.exists()
    row.refresh_from_db()
    assert row.done_at is not None


@pytest.mark.django_db(transaction=True)
def test_the_relay_waits_for_a_lost_broker_and_goes_on(transactional_db, asked, broker, caplog):
    relay = Relay(threading.Event(), broker)
    broker.away = True
    assert relay.step() == relay.step() == AWAY
    assert [record.getMessage() for record in caplog.records] == ["The broker is out of reach; what is due waits"]
    broker.away = False
    assert relay.step() == 0
    assert relay.step() == POLL
    assert len(broker.sent) == 1


@pytest.mark.django_db(transaction=True)
def test_the_relay_looks_less_often_the_longer_nothing_is_due(transactional_db, asked, broker):
    relay = Relay(threading.Event(), broker)
    assert relay.step() == 0
    waits = [relay.step() for _look in range(6)]
    assert waits[0] == POLL
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST
    Outbox.objects.update(leased_until=None, done_at=None)
    assert [relay.step(), relay.step()] == [0, POLL]


def test_the_relay_waits_for_a_lost_database_and_goes_on(transactional_db, asked, broker, monkeypatch):
    relay = Relay(threading.Event(), broker)
    connection.close()
    with monkeypatch.context() as patched:
        patched.setattr(DatabaseWrapper, "get_new_connection", gone)
        assert relay.step() == AWAY
    relay.step()
    assert [keywords["outbox_id"] for _, keywords in broker.sent] == [str(asked.pk)]


def gone(*args):
    raise OperationalError("gone")


@pytest.mark.django_db(transaction=True)
def test_the_relay_ends_when_asked(transactional_db, asked, broker):
    stop = threading.Event()

    def send_and_end(task, keywords):
        broker(task, keywords)
        stop.set()

    Relay(stop, send_and_end).run()
    assert len(broker.sent) == 1
