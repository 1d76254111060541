"""The job queue. Web code never calls it: services write outbox rows, the relay publishes them."""

import os

from celery import Celery
from celery.app.amqp import AMQP
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fit_project.settings")


class PromptConnection(Connection):
    """Looks for a lost broker every second: the default waits longer each time, at last half a minute."""

    def ensure_connection(self, *args, **kwargs):
        return super().ensure_connection(*args, **({"interval_start": 1, "interval_max": 1} | kwargs))


class PromptAMQP(AMQP):
    Connection = PromptConnection


app = Celery("medspil", amqp=PromptAMQP)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")
