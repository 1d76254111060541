"""The longest that a statement waited for a lock while a drill went on."""

import threading
from typing import Any

import psycopg

from bench.running import Running

EVERY = 0.02  # seconds
QUERY = "SELECT max(extract(epoch FROM clock_timestamp() - waitstart)) FROM pg_locks WHERE NOT granted"


class LongestWait:
    """`with LongestWait(whole) as waiting:`; afterwards `waiting.seconds`, to EVERY of a second."""

    def __init__(self, whole: Running):
        self.address = whole.owner_env["OWNER_DATABASE_URL"]
        self.seconds = 0.0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look)

    def __enter__(self) -> "LongestWait":
        self.thread.start()
        return self

    def __exit__(self, *fault: Any) -> None:
        self.over.set()
        self.thread.join()

    def _look(self) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            while not self.over.wait(EVERY):
                (waited,) = connection.execute(QUERY).fetchone() or (None,)
                self.seconds = max(self.seconds, float(waited or 0))
