"""Gunicorn's configuration: `gunicorn --config python:fit_project.webserver fit_project.wsgi`."""

import gc
import os
import sys
import tempfile
from typing import Any

from django.conf import settings
from gunicorn.glogging import Logger

from fit_project.environment import Unsafe
from fit_project.log_lines import JsonLine
from organisations.monitoring.logs import PrivateFilter, mask

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fit_project.settings")
try:
    PRODUCTION = settings.PRODUCTION
except Unsafe as refusal:
    sys.exit(str(refusal))  # said once, here, and not by each worker


class AccessLog(Logger):
    """Writes neither a query (it may hold a search for a client) nor the token of a client's form."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.addFilter(PrivateFilter())
            if PRODUCTION:
                handler.setFormatter(JsonLine())

    def atoms(self, resp: Any, req: Any, environ: dict, request_time: Any) -> dict:
        atoms = super().atoms(resp, req, environ, request_time)
        path = mask(environ.get("PATH_INFO", ""))
        atoms |= {"U": path, "q": "", "f": "-", "r": f"{atoms['m']} {path} {atoms['H']}"}
        return atoms


def on_starting(server: Any) -> None:
    """Before the first worker: with a role that sees every organisation's rows nothing is served."""
    from organisations.database.role import refuse_to_start

    refuse_to_start()


def when_ready(server: Any) -> None:
    """Before the workers part: what each of them needs is read once and shared, and nothing of it is moved again."""
    from django.db import connections
    from django.urls import get_resolver
    from django.utils import translation

    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            _ = get_resolver().reverse_dict  # every view is imported
            translation.gettext("Today")  # and every word
    connections.close_all()  # no worker talks through another's connection
    gc.collect()
    gc.freeze()  # a collection would write to each shared object, and so copy its page


def post_fork(server: Any, worker: Any) -> None:
    """Threads take turns ten times as often as Python's default.

    A thread that comes back from the database waits for its turn, and what it has locked there waits with it.
    `make bench ONLY=B1` is where it shows.
    """
    sys.setswitchinterval(0.0005)


def child_exit(server: Any, worker: Any) -> None:
    """A worker that has ended no longer counts in the figures that only living ones have."""
    if settings.METRICS_TOKEN:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


if settings.METRICS_TOKEN:
    # The workers' counters meet in files; whichever worker is asked adds them up.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="medspil-metrics-"))

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
preload_app = True  # the application is loaded once; its workers share that memory until they write to it
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
timeout = 60
graceful_timeout = 30 if PRODUCTION else 8  # a demo ends while somebody waits
logger_class = AccessLog
control_socket_disable = True  # it would lie in the home of whoever runs this
# In production the application writes a line for each request itself, with its route in place of its address.
accesslog = None if PRODUCTION else "-"
access_log_format = '%(t)s %(h)s "%(r)s" %(s)s %(b)s %(M)s ms'
