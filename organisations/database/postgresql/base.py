"""The backend that settings name: Django imports `base` of its package."""

import select
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from psycopg.pq import TransactionStatus

PREPARED_AT_MOST = 400
"""Statements that a connection keeps planned. The pages of one session ask some 250; with psycopg's own 100 each of
them was forgotten before it came again, and planned anew each time."""


class DatabaseWrapper(PostgreSQL):
    """Before a request's first statement Django asks each kept connection for a 1. A server that went away has closed
    it: then there is something to read where nothing was asked, and only then we ask.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = PREPARED_AT_MOST
        return connection

    def commit(self) -> None:
        super().commit()
        # Savepoints are numbered anew in each transaction: the same statements each time, and not ever new ones.
        self.clean_savepoints()

    def is_usable(self) -> bool:
        """Whether the connection still leads to its server."""
        return self._is_silent() or super().is_usable()

    def _is_silent(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.info.transaction_status != TransactionStatus.IDLE:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not waiting.poll(0)
