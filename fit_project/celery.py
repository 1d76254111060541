"""The job queue. Web code never calls it: services write outbox rows, the relay publishes them."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fit_project.settings")

app = Celery("medspil")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")
