"""`manage.py migrate` beside a version that is at work: a lock that it cannot have is asked for again a moment later.

Whoever comes after a waiting ALTER TABLE waits behind it. So it waits for a second at most (`lock_timeout` of the
database "owner"), lets the others by, and tries again. A migration is one transaction: nothing of it is half done.
"""

import time

from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from psycopg.errors import DeadlockDetected, LockNotAvailable

ATTEMPTS = 60
PAUSE = 0.5  # seconds


class Command(Migrate):
    def handle(self, *args, **options):
        for left in reversed(range(ATTEMPTS)):
            try:
                return super().handle(*args, **options)
            except OperationalError as error:
                if not left or not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                    raise
                self.stderr.write("A table is in use; trying again ...")
                connections[options["database"]].close()
                time.sleep(PAUSE)
        return None
