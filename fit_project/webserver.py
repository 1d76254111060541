"""Gunicorn's configuration: `gunicorn --config python:fit_project.webserver fit_project.wsgi`."""

import os
from typing import Any

from gunicorn.glogging import Logger

from organisations.logs import mask


class AccessLog(Logger):
    """Writes neither a query (it may hold a search for a client) nor the token of a client's form."""

    def atoms(self, resp: Any, req: Any, environ: dict, request_time: Any) -> dict:
        atoms = super().atoms(resp, req, environ, request_time)
        path = mask(environ.get("PATH_INFO", ""))
        atoms |= {"U": path, "q": "", "f": "-", "r": f"{atoms['m']} {path} {atoms['H']}"}
        return atoms


bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
timeout = 60
graceful_timeout = 8
logger_class = AccessLog
control_socket_disable = True  # it would lie in the home of whoever runs this
accesslog = "-"
access_log_format = '%(t)s %(h)s "%(r)s" %(s)s %(b)s %(M)s ms'
