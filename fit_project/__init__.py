"""Wiring: settings, routes, the job queue."""

from fit_project.celery import app as celery_app

__all__ = ["celery_app"]
