"""Alerts with the real broker, a real relay and a real worker: taken away, killed, brought back."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from organisations.jobs.periodic import SCHEDULE
from organisations.models import AccessEvent, Outbox
from organisations.tenancy.context import tenant
from sessions_app.models import Alert
from sessions_app.services.summary import lock_episode, measurements_changed
from tests.factories import OrganisationFactory, RatingFactory, SessionFactory

PROJECT = Path(__file__).parent.parent
RELAY = [sys.executable, "manage.py", "relay"]
WORKER = [
    *[sys.executable, "-m", "celery", "-A", "fit_project", "worker", "--pool", "solo"],
    *["--without-gossip", "--without-mingle", "--loglevel", "WARNING"],
]
STARTING = 60  # seconds a process may need on a busy machine
RETURN = 30  # seconds after the broker's return within which an alert must be there

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start(transactional_db, broker_environment, tmp_path):
    """Start a process of the application; all end with the test, before its tables are emptied."""
    children = []

    def begin(command):
        log = (tmp_path / f"{len(children)}.log").open("wb")
        child = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=broker_environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        children.append((child, log))
        return child

    yield begin
    for child, log in children:
        end(child)
        log.close()
        sys.stdout.write(Path(log.name).read_text(errors="replace")[-4000:])  # shown when the test fails


def end(child, number=signal.SIGTERM):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)
    try:
        return child.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        return child.wait()


@pytest.fixture
def organisation(transactional_db):
    return OrganisationFactory()


def submit(organisation):
    """What answering a form does: a rating and the wish for its alerts, in one transaction; an O7 follows."""
    with tenant(organisation.pk):
        session = SessionFactory(organisation=organisation)
        RatingFactory(organisation=organisation, session=session, marks=(70, 70, 70, 70))
        measurements_changed(lock_episode(session.episode_id))
    return session.episode_id


def alerts(organisation, episode_id):
    with tenant(organisation.pk):
        return sorted(Alert.objects.filter(episode=episode_id).values_list("rule", flat=True))


def wait_until(holds, seconds):
    deadline = time.monotonic() + seconds
    while not (answer := holds()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
    return answer


def test_alerts_come_when_the_broker_is_back(start, broker, organisation):
    start(RELAY), start(WORKER)
    before = submit(organisation)
    wait_until(lambda: alerts(organisation, before) == ["M1", "O7"], STARTING)
    broker.stop()
    during = [submit(organisation) for _ in range(3)]  # the form is saved and answered all the same
    time.sleep(3)  # long enough for the relay and the worker to notice
    assert [alerts(organisation, episode) for episode in during] == [[], [], []]
    broker.start()
    wait_until(lambda: all(alerts(organisation, episode) == ["M1", "O7"] for episode in during), RETURN)
    after = submit(organisation)
    wait_until(lambda: alerts(organisation, after) == ["M1", "O7"], RETURN)


def test_a_relay_and_a_worker_that_start_without_a_broker_wait_for_it(start, broker, organisation):
    broker.stop()
    start(RELAY), start(WORKER)
    episode = submit(organisation)
    time.sleep(3)
    broker.start()
    wait_until(lambda: alerts(organisation, episode) == ["M1", "O7"], STARTING)


def test_a_worker_killed_before_its_effect_loses_nothing(start, broker, organisation):
    start(RELAY)
    worker = start(WORKER)
    episode = submit(organisation)
    with tenant(organisation.pk):  # this transaction's lock holds the worker in the middle of its task
        lock_episode(episode)
        wait_until(somebody_waits_for_a_lock, STARTING)
        end(worker, signal.SIGKILL)
    assert alerts(organisation, episode) == []
    assert Outbox.objects.get().done_at is None
    start(WORKER)
    wait_until(lambda: alerts(organisation, episode) == ["M1", "O7"], STARTING)
    wait_until(lambda: Outbox.objects.get().done_at, STARTING)


def somebody_waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


def test_a_message_lost_on_the_way_is_published_again(start, broker, organisation):
    import redis

    start(RELAY)
    episode = submit(organisation)
    wait_until(lambda: Outbox.objects.get().attempts, STARTING)
    with redis.Redis.from_url(broker.url) as queue:
        wait_until(lambda: queue.llen("celery"), STARTING)
        queue.flushall()
        assert Outbox.objects.get().done_at is None
        wait_until(lambda: queue.llen("celery"), STARTING)
    start(WORKER)
    wait_until(lambda: alerts(organisation, episode) == ["M1", "O7"], STARTING)


def test_one_search_of_the_log_finds_a_request_and_its_job(start, broker, ann, tmp_path):
    start(RELAY), start(WORKER)
    answer = Client().post(reverse("account_login"), {"login": ann.user.email, "password": "not the password"})
    request_id = answer["X-Request-ID"]
    assert Outbox.objects.get().request_id == request_id
    wait_until(lambda: Outbox.objects.get().done_at, STARTING)

    def told():
        lines = (tmp_path / "1.log").read_text().splitlines()  # the worker's
        return [line for line in lines if request_id in line and "note_failed_log_in" in line]

    wait_until(told, STARTING)
    assert ann.user.email not in (tmp_path / "1.log").read_text()
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.get().request_id == request_id


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_relay_ends_in_order(start, broker, organisation, number):
    relay = start(RELAY)
    submit(organisation)
    wait_until(lambda: Outbox.objects.get().attempts, STARTING)
    assert end(relay, number) == 0


def test_two_schedulers_fill_the_table_once(broker_environment, transactional_db):
    from django_celery_beat.models import PeriodicTask

    from fit_project.celery import app
    from fit_project.scheduler import WatchedScheduler

    app.loader.import_default_modules()
    for _ in range(2):
        WatchedScheduler(app=app)
    tasks = PeriodicTask.objects.exclude(task__startswith="celery.").values_list("task", flat=True)
    assert sorted(tasks) == sorted(entry["task"] for entry in SCHEDULE.values())
    assert "sessions_app.periodic.send_digests" in tasks
