"""Relay, worker and scheduler of the demo in one process: `python -m fit_project.local.jobs`.

In production each of them is a process of its own (docs/operations.md), which can be started anew and multiplied alone.
On a small machine most of such a process is the application itself, loaded once more; decision 77 says why one is safe.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from celery import bootsteps
from celery.beat import EmbeddedService

from fit_project.celery import app

logger = logging.getLogger(__name__)
THREADS = 2
SECONDS_TO_END = 5


class Beside(bootsteps.StartStopStep):
    """Relay and scheduler as threads beside the worker. Where one ends by itself, the whole process does."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any):
        self.ending = threading.Event()
        self.threads: list[threading.Thread] = []
        self.beat: Any = None
        super().__init__(worker, **options)

    def start(self, worker: Any) -> None:
        from organisations.management.commands.relay import Relay, send

        relay = Relay(self.ending, send)
        # Said here, as `celery worker --beat` does: by itself the service keeps its times in a file.
        self.beat = EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler)
        self.threads = [self._begin("relay", relay.run), self._begin("beat", self.beat.run)]

    def stop(self, worker: Any) -> None:
        self.ending.set()
        self.beat.service.stop()
        for thread in self.threads:
            thread.join(SECONDS_TO_END)

    def terminate(self, worker: Any) -> None:
        self.stop(worker)

    def _begin(self, name: str, run: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=self._watched, args=(name, run), name=name, daemon=True)
        thread.start()
        return thread

    def _watched(self, name: str, run: Callable[[], None]) -> None:
        try:
            run()
        except BaseException:
            logger.exception("The %s broke off", name)
        if not self.ending.is_set():
            os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    app.steps["worker"].add(Beside)
    words = ["--pool", "threads", "--concurrency", str(THREADS), "--loglevel", "INFO"]
    app.worker_main(["worker", *words, "--without-gossip", "--without-mingle"])


if __name__ == "__main__":
    main()
