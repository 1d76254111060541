"""A PostgreSQL of one bench run, as durable as production's: fsync and synchronous_commit stay on."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fit_project.local.postgres import Postgres

NAME = "medspil_bench"


@contextlib.contextmanager
def migrated() -> Iterator[None]:
    """Start the server, migrate a database as its owner, and leave Django connected to it as fit_app."""
    with tempfile.TemporaryDirectory(prefix="medspil-bench-") as home:
        Path(home).chmod(0o711)
        run_folder = Path(home) / "run"
        run_folder.mkdir(mode=0o700)
        postgres = Postgres(Path(home) / "data", run_folder)
        postgres.initialise()
        log = Path(home) / "log"
        with log.open("ab") as output:
            server = subprocess.Popen(postgres.command(), stdout=output, stderr=output, **postgres.process_options())
        try:
            postgres.wait(server, log)
            postgres.create_roles()
            postgres.create_database(NAME)
            _connect(postgres)
            yield
        finally:
            from django.db import connections

            connections.close_all()
            server.terminate()
            server.wait(60)


def _connect(postgres: Postgres) -> None:
    os.environ |= {
        "MEDSPIL_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "fit_project.settings",
        "DATABASE_URL": postgres.url("fit_app", NAME),
        "OWNER_DATABASE_URL": postgres.url("fit_owner", NAME),
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", database="owner", verbosity=0)
