"""What is asked of the database, without the values: two that must not be told apart run the same statements."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

VALUE = re.compile(
    r"'(?:[^']|'')*'|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b\d+(?:\.\d+)?\b|\bNULL\b"
    r"|\bs\d+_x\d+\b|_django_curs_\w+"  # names of savepoints and cursors
)


def statements_of(act: Callable[[], Any]) -> tuple[Any, tuple[str, ...]]:
    """What `act` returns, and the statements that it ran."""
    with CaptureQueriesContext(connection) as captured:
        outcome = act()
    return outcome, tuple(VALUE.sub("?", query["sql"]) for query in captured.captured_queries)
