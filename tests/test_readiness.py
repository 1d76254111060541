"""/readyz, /metrics and the signs of life of processes without a port."""

import io
import json
import os
import threading
import time
import uuid
from collections import namedtuple
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from organisations.database import role
from organisations.models import Outbox
from organisations.monitoring import readiness
from organisations.tenancy.context import tenant
from organisations.web import heartbeat
from sessions_app import tasks
from sessions_app.imports import uploads, whole_file
from tests.factories import RatingFactory, SessionFactory

TOKEN = "a token of more than twenty-four signs"


def asked(browser):
    answer = browser.get("/readyz")
    assert answer["Content-Type"] == "application/json"
    return answer.status_code, json.loads(answer.content)


def due(house, seconds, task="t", **more):
    return Outbox.objects.create(
        task=task, organisation_id=house.pk, object_id=uuid.uuid4(),
        due_at=timezone.now() - timedelta(seconds=seconds), **more,
    )  # fmt: skip


def test_ready(browser):
    status, said = asked(browser)
    assert (status, said["ready"]) == (200, True)
    assert said["checks"] == dict.fromkeys(("database", "migrations", "role", "outbox", "disk", "words"), True)


def test_work_that_waits_for_a_minute_is_seen(browser, house):
    due(house, 59)
    assert asked(browser)[0] == 200
    row = due(house, 61)
    status, said = asked(browser)
    assert (status, said["checks"]["outbox"]) == (503, False)
    row.done_at = timezone.now()
    row.save()
    due(house, -3600)  # not due yet
    assert asked(browser)[0] == 200


def test_a_migration_that_is_missing_is_seen(browser):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'clients' AND name LIKE '0001%'")
    status, said = asked(browser)
    assert (status, said["checks"]["migrations"]) == (503, False)


def test_a_role_that_may_do_more_than_it_should_is_seen(browser, monkeypatch):
    monkeypatch.setattr(role, "faults", lambda database: ["has CREATEROLE"])
    status, said = asked(browser)
    assert (status, said["checks"]["role"]) == (503, False)


def test_a_full_disk_is_seen(browser, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda _: usage(100, 96, 4))
    status, said = asked(browser)
    assert (status, said["checks"]["disk"]) == (503, False)


def test_a_lost_database_is_503_and_says_nothing_more(browser, monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError("could not connect to fit_app@secret-host")

    with monkeypatch.context() as while_away:
        while_away.setattr(connection, "cursor", gone)
        while_away.setattr(connection, "close", lambda: None)
        answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["checks"]["database"] is False
    assert b"secret-host" not in answer.content


def test_ready_while_the_broker_is_stopped(browser, broker):
    broker.stop()
    assert asked(browser)[0] == 200


# Metrics


def read(browser, token=TOKEN):
    return browser.get("/metrics", headers={"authorization": f"Bearer {token}"})


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer x", f"Bearer {TOKEN}x", TOKEN, "Bearer ÿ"])
def test_metrics_are_not_there_without_the_token(browser, settings, given):
    headers = {} if given is None else {"authorization": given}
    settings.METRICS_TOKEN = TOKEN
    assert browser.get("/metrics", headers=headers).status_code == 404
    settings.METRICS_TOKEN = ""
    assert browser.get("/metrics", headers=headers).status_code == 404
    assert read(browser, "").status_code == 404


def test_metrics_tell_of_the_outbox_and_of_sessions(browser, settings, house, elsewhere, episode, ann):
    settings.METRICS_TOKEN = TOKEN
    due(house, 90, attempts=7)
    with tenant(house.pk):
        record = SessionFactory(organisation=house, episode=episode, practitioner=ann)
        RatingFactory(organisation=house, session=record)
    text = read(browser).content.decode()
    values = {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("medspil_")
    }
    assert 90 <= values["medspil_outbox_oldest_due_seconds"] < 150
    assert values["medspil_outbox_waiting"] == values["medspil_outbox_failing"] == 1
    assert values["medspil_sessions_recorded"] == values["medspil_ratings_recorded"] == 1


def test_no_label_holds_an_id(settings, ann, nils):
    settings.METRICS_TOKEN = TOKEN
    before, after = (f"django_prometheus.middleware.Prometheus{name}Middleware" for name in ("Before", "After"))
    settings.MIDDLEWARE = [before, *settings.MIDDLEWARE, after]
    from django.test import Client as Browser

    browser = Browser()
    browser.force_login(ann.user)
    assert browser.get(f"/clients/{nils.pk}/").status_code == 200
    assert browser.get(f"/nowhere/{nils.pk}/").status_code == 404
    text = read(browser).content.decode()
    assert 'view="client-detail"' in text
    assert str(nils.pk) not in text
    for private in (str(house_of(ann)), str(ann.pk), ann.name, "solsikke", "Nils"):
        assert private not in text


def house_of(practitioner):
    return practitioner.organisation_id


# Signs of life


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.mark.django_db
def test_a_process_that_gives_no_sign_is_not_healthy(folder):
    with pytest.raises(CommandError, match="no sign"):
        call_command("healthy", "relay")
    heartbeat.touch("relay")
    call_command("healthy", "relay")
    [sign] = (folder / "alive").iterdir()
    old = time.time() - 61
    os.utime(sign, (old, old))
    with pytest.raises(CommandError, match="no sign"):
        call_command("healthy", "relay")


@pytest.mark.django_db
def test_a_worker_that_takes_nothing_more_is_not_healthy(folder, house):
    heartbeat.touch("worker")
    call_command("healthy", "worker")
    row = due(house, 300, attempts=4, leased_until=timezone.now())
    with pytest.raises(CommandError, match="ended none"):
        call_command("healthy", "worker")
    heartbeat.touch("worker-task")  # it ends work, even if that work fails
    call_command("healthy", "worker")
    row.delete()
    call_command("healthy", "worker")


def test_a_full_disk_does_not_end_a_process(folder, monkeypatch):
    monkeypatch.setattr(heartbeat.Path, "touch", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    heartbeat.touch("relay")


def test_without_a_database_a_living_process_stays_healthy(folder, monkeypatch):
    heartbeat.touch("worker")
    monkeypatch.setattr(heartbeat, "_is_held_up", lambda _name: (_ for _ in ()).throw(OperationalError("gone")))
    call_command("healthy", "worker")


# An import takes minutes.


class RunningImport:
    """A large file in the hands of a worker that has come to its first line; `go_on()` lets it end."""

    def __init__(self, house, ada, monkeypatch):
        monkeypatch.setattr(uploads, "AT_ONCE", 0)
        monkeypatch.setattr(whole_file, "TOLD_EVERY", 1)
        monkeypatch.setattr(uploads, "_tell", self.wait)
        self.begun, self.may_end = threading.Event(), threading.Event()
        file = io.BytesIO(b"borger;dato;ors_total\nA-1;2026-01-05;20\nA-1;2026-01-12;21\n")
        with tenant(house.pk):
            upload = uploads.start_import(file=file, name="sessions.csv", size=60, by=ada)
            self.row = Outbox.objects.get(object_id=upload.pk)
            Outbox.objects.filter(pk=self.row.pk).update(due_at=timezone.now() - timedelta(minutes=5))
        self.ids = {
            "outbox_id": str(self.row.pk),
            "organisation_id": str(house.pk),
            "object_id": str(upload.pk),
        }
        self.worker = threading.Thread(target=self.work)
        self.worker.start()
        assert self.begun.wait(60)

    def wait(self, *told):
        self.begun.set()
        assert self.may_end.wait(60)

    def work(self):
        try:
            tasks.run_import(**self.ids)
        finally:
            connection.close()

    def go_on(self):
        self.may_end.set()
        self.worker.join(60)
        self.row.refresh_from_db()


@pytest.fixture
def running(house, ada, monkeypatch):
    found = RunningImport(house, ada, monkeypatch)
    yield found
    found.go_on()


@pytest.mark.django_db(transaction=True)
def test_ready_while_an_import_runs(browser, house, running):
    assert asked(browser)[0] == 200
    waiting = due(house, 61)
    assert asked(browser)[1]["checks"]["outbox"] is False
    waiting.delete()
    running.go_on()
    assert running.row.done_at is not None
    assert asked(browser)[0] == 200


@pytest.mark.django_db(transaction=True)
def test_no_second_worker_waits_for_a_running_import(running):
    second = threading.Thread(target=running.work)
    second.start()
    second.join(60)
    assert not second.is_alive()
    running.row.refresh_from_db()
    assert running.row.done_at is None
    running.go_on()
    assert running.row.done_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_gets_on_with_an_import_is_healthy(folder, house, running):
    heartbeat.touch("worker")
    due(house, 300, attempts=4, leased_until=timezone.now())  # it waits behind the import and is handed out again
    with pytest.raises(CommandError, match="ended none"):
        call_command("healthy", "worker")
    running.go_on()
    call_command("healthy", "worker")
