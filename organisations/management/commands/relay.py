"""`manage.py relay`: hands the work that committed transactions asked for to the job queue, until it is ended."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from kombu.exceptions import OperationalError as BrokerError

from organisations.database.role import refuse_to_start
from organisations.jobs.outbox import delete_done, publish_due
from organisations.monitoring.logs import REQUEST_ID, request_id
from organisations.web.heartbeat import touch

logger = logging.getLogger(__name__)
POLL = 0.05  # seconds between two looks at the outbox: decision 88 says why it looks and is not told
LONGEST = 0.2  # while nothing is due it looks more and more seldom, but not less often than this (decision 92)
SIGN = 5.0  # seconds between two signs of life
AWAY = 1.0  # seconds until the next try while the broker or the database is away
CLEANING = 3600.0


def send(task: str, keywords: dict[str, Any]) -> None:
    """Publish one task, with the id of the request that asked for it as a header.

    Raises kombu's OperationalError within seconds when the broker is away.
    """
    current_app.send_task(task, kwargs=keywords, headers={REQUEST_ID: request_id()}, retry=False)


class Command(BaseCommand):
    """Poll, lease, publish; only a task marks its row done, so what is lost on the way is published again."""

    help = "Hand due outbox rows to the job queue until SIGTERM or Ctrl-C."

    def handle(self, *args, **options):
        refuse_to_start()
        stop = threading.Event()
        before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
        logger.info("The relay looks at the outbox every %s s", POLL)
        try:
            Relay(stop, send).run()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        logger.info("The relay has ended")


class Relay:
    """The loop, until `stop` is set; says once that the broker or the database is away, and once that it is back."""

    def __init__(self, stop: threading.Event, send: Callable[[str, dict[str, Any]], Any]):
        self.stop, self.send = stop, send
        self.missing, self.idle = "", POLL
        self.clean_at = self.sign_at = 0.0

    def run(self) -> None:
        while not self.stop.is_set():
            self.stop.wait(self.step())
            if time.monotonic() >= self.sign_at:
                self.sign_at = time.monotonic() + SIGN
                touch("relay")

    def step(self) -> float:
        """One look at the outbox; returns the seconds until the next."""
        try:
            close_old_connections()
            published = publish_due(self.send)
            if time.monotonic() >= self.clean_at:
                self.clean_at = time.monotonic() + CLEANING
                delete_done()
        except (BrokerError, OSError):
            return self.away("broker")
        except DatabaseError:
            connection.close()
            return self.away("database")
        if self.missing and published:
            logger.info("The %s is back", self.missing)
            self.missing = ""
        if published:
            self.idle = POLL
            return 0
        wait, self.idle = self.idle, min(2 * self.idle, LONGEST)
        return wait

    def away(self, what: str) -> float:
        if self.missing != what:
            logger.warning("The %s is out of reach; what is due waits", what)
            self.missing = what
        return AWAY
