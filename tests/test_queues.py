"""What takes long waits in a queue of its own, and each worker is judged by the work of its own queues."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from fit_project.celery import app
from fit_project.queues import LONG, PROMPT, TAKES_LONG, worker_name
from organisations.web import heartbeat
from tests.test_readiness import due

EVALUATE, IMPORT = "sessions_app.tasks.evaluate_episode", "sessions_app.tasks.run_import"


def queue_of(task: str) -> str:
    return app.amqp.router.route({}, task)["queue"].name


def test_what_takes_long_is_a_task_that_exists():
    app.loader.import_default_modules()
    assert set(TAKES_LONG) - set(app.tasks) == set()


@pytest.mark.parametrize("task", [EVALUATE, "organisations.tasks.send_invitation", "sessions_app.periodic.find_bursts"])
def test_what_somebody_waits_for_is_in_the_first_queue(task):
    assert queue_of(task) == PROMPT


@pytest.mark.parametrize("task", TAKES_LONG)
def test_what_takes_long_is_in_the_other(task):
    assert queue_of(task) == LONG


def test_a_worker_of_both_looks_into_the_first_queue_first_and_takes_nothing_ahead():
    assert [queue.name for queue in app.conf.task_queues] == [PROMPT, LONG]
    assert app.conf.broker_transport_options["queue_order_strategy"] == "priority"
    assert app.conf.worker_prefetch_multiplier == 1


def test_a_worker_is_named_by_its_queues():
    assert [worker_name(set(queues)) for queues in ((PROMPT, LONG), (PROMPT,), (LONG,))] == list(heartbeat.WORKERS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("task", "held_up"),
    [(EVALUATE, {"worker", "worker-prompt"}), (IMPORT, {"worker", "worker-long"})],
)
def test_a_worker_is_not_held_up_by_the_work_of_another_queue(settings, tmp_path, house, task, held_up):
    settings.DATA_DIR = tmp_path
    assert set(settings.CELERY_TASK_ROUTES) == set(TAKES_LONG)
    due(house, 300, task=task, attempts=4, leased_until=timezone.now())
    unwell = set()
    for name in heartbeat.WORKERS:
        heartbeat.touch(name)
        try:
            call_command("healthy", name)
        except CommandError:
            unwell.add(name)
    assert unwell == held_up
