"""Rows made once for many tests: each test takes back what it did, and what is old is made anew.

They lie in a transaction of the module's own, in which each test has a savepoint. So a test that asks for such rows is
not marked with `django_db`: what it made anew there would go with it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.route_matrix import rolled_back

SECONDS = 300.0  # then log-ins and links of the rows would begin to end


class Shared:
    """What `make` returns: the same for each test that enters, for some minutes."""

    def __init__(self, make: Callable[[], Any]):
        self.make = make
        self.stack = ExitStack()
        self.made_at = float("-inf")
        self.rows: Any = None

    @contextmanager
    def __call__(self) -> Iterator[Any]:
        """The rows; what the test does to them and beside them is taken back at its end."""
        if time.monotonic() - self.made_at > SECONDS:
            self.close()
            self.stack.enter_context(rolled_back())
            self.rows, self.made_at = self.make(), time.monotonic()
        with rolled_back():
            yield self.rows

    def close(self) -> None:
        """Take the rows back."""
        self.stack.close()
        self.made_at = float("-inf")


@contextmanager
def shared(make: Callable[[], Any], django_db_blocker: Any) -> Iterator[Shared]:
    """For a fixture of a module: `with worlds() as world` in each of its tests."""
    with django_db_blocker.unblock():
        rows = Shared(make)
        try:
            yield rows
        finally:
            rows.close()
