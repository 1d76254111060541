"""Relay, worker and scheduler of the demo in one process: they work, and end together."""

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from organisations.jobs.outbox import ask_for
from organisations.models import Outbox
from organisations.web import heartbeat

ROOT = Path(__file__).parents[2]
SECONDS = 240  # for a machine that does other things as well


def until(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def start(transactional_db, broker_environment, tmp_path):
    """`start(code)` starts the process, with a line of Python before it."""
    started = []

    def begin(code="pass"):
        script = f"from fit_project.local import jobs\n{code}\njobs.main()"
        with (tmp_path / "log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", script], cwd=ROOT, env=broker_environment, stdout=log, stderr=log
            )
        started.append(process)
        return process

    yield begin
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()


def test_what_a_request_asked_for_is_done_and_each_part_gives_a_sign(start, episode, settings, broker_environment):
    settings.DATA_DIR = broker_environment["MEDSPIL_DATA"]
    about = {"organisation_id": episode.organisation_id, "object_id": episode.pk}
    row = ask_for("sessions_app.tasks.evaluate_episode", **about)
    process = start()
    until(lambda: Outbox.objects.get(pk=row.pk).done_at)
    until(lambda: max(map(heartbeat.age, ("relay", "beat", "worker"))) < heartbeat.ALIVE)
    process.send_signal(signal.SIGTERM)
    assert process.wait(SECONDS) == 0


@pytest.mark.parametrize("part", ["relay", "beat"])
def test_where_a_part_breaks_off_the_whole_process_ends(start, tmp_path, part):
    code = {
        "relay": "import django\ndjango.setup()\nfrom organisations.management.commands.relay import Relay\n"
        "Relay.step = lambda self: 1 / 0",
        "beat": "from celery.beat import Service\nService.start = lambda self: 1 / 0",
    }[part]
    process = start(code)
    process.wait(SECONDS)
    assert f"The {part} broke off" in (tmp_path / "log").read_text()
