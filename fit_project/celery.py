"""The job queue. Web code never calls it: services write outbox rows, the relay publishes them."""

import logging.config
import os
import sys
from typing import Any

import structlog
from celery import Celery, signals
from celery.app.amqp import AMQP
from django.dispatch import receiver
from django_structlog.celery.signals import bind_extra_task_metadata
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu import Connection

from fit_project.queues import worker_name

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fit_project.settings")


class PromptConnection(Connection):
    """Looks for a lost broker every second: the default waits longer each time, at last half a minute."""

    def ensure_connection(self, *args, **kwargs):
        return super().ensure_connection(*args, **({"interval_start": 1, "interval_max": 1} | kwargs))


class PromptAMQP(AMQP):
    Connection = PromptConnection


def end_if_refused(**kwargs: Any) -> None:
    """Worker and beat say why the settings are refused, and nothing of where Celery met it."""
    from django.conf import settings

    from fit_project.environment import Unsafe

    try:
        settings.SECRET_KEY  # noqa: B018  reads the settings
    except Unsafe as refusal:
        sys.exit(str(refusal))


app = Celery("medspil", amqp=PromptAMQP)
app.on_configure.connect(end_if_refused)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")
app.steps["worker"].add(DjangoStructLogInitStep)


@signals.setup_logging.connect
def use_our_logging(**kwargs: Any) -> None:
    """Celery would put up handlers of its own, which know nothing of what a line may not hold."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@receiver(bind_extra_task_metadata)
def name_the_work(task: Any, **kwargs: Any) -> None:
    """A job's lines carry the id of the request that asked for it, and its row of the outbox.

    What no request asked for (a command, the clock) goes by the row's id.
    """
    from organisations.monitoring.logs import REQUEST_ID

    outbox_id = (task.request.kwargs or {}).get("outbox_id")
    if outbox_id:
        asked_by = getattr(task.request, REQUEST_ID, "") or outbox_id
        structlog.contextvars.bind_contextvars(request_id=str(asked_by), outbox_id=str(outbox_id))


@signals.celeryd_init.connect
@signals.beat_init.connect
def keep_to_the_settings(**kwargs: Any) -> None:
    """Celery's command line takes BROKER_URL from the environment by itself, and so without BROKER_PASSWORD."""
    os.environ.pop("CELERY_BROKER_URL", None)


@signals.worker_init.connect
def refuse_a_bypassing_role(**kwargs: Any) -> None:
    """Leaves no connection open: the processes that part from this one would share it."""
    from django.db import connections

    from organisations.database.role import refuse_to_start

    refuse_to_start()
    connections.close_all()


@signals.task_prerun.connect
@signals.task_postrun.connect
def keep_the_connection(**kwargs: Any) -> None:
    """As between two requests: a connection that broke or is old is closed, any other one serves the next task too.

    Celery by itself would close it around each task (CELERY_DB_REUSE_MAX); to open one costs more than most tasks.
    """
    from django.db import close_old_connections

    close_old_connections()


@signals.celeryd_after_setup.connect
def name_the_worker(**kwargs: Any) -> None:
    """By the queues that it takes: two workers on one machine each give signs of their own."""
    from organisations.web import heartbeat

    heartbeat.worker = worker_name(set(app.amqp.queues.consume_from))


@signals.heartbeat_sent.connect
def worker_is_alive(**kwargs: Any) -> None:
    from organisations.web import heartbeat

    heartbeat.touch(heartbeat.worker)


@signals.task_postrun.connect
def worker_has_ended_work(**kwargs: Any) -> None:
    from organisations.web.heartbeat import worker_got_on

    worker_got_on()
