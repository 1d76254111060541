"""App: wiring. With Django comes the job queue; without it (the demo's supervisor) neither is loaded."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "fit_project"

    def ready(self) -> None:
        """Make ours the current Celery app, by which `shared_task` and the relay find the broker."""
        from fit_project import celery  # noqa: F401
