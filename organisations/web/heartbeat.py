"""Signs of life: /readyz, and a file that each process without a port touches while it gets on with its work."""

import socket
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from organisations.models import Outbox
from organisations.web.health import readyz
from organisations.web.status import status, status_json

ALIVE = 60.0  # seconds after which a silent process counts as stuck
HELD_UP = 120.0  # seconds in which a worker with work in hand must have ended some of it
WORKERS = ("worker", "worker-prompt", "worker-long")  # of all queues, or of one (fit_project/queues.py)
worker = "worker"  # which of them this process is, if it is one


class ProbeMiddleware:
    """Answers /readyz and the status before a session or a transaction is asked for: the database may be away."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name, view in PROBES.items():
            if request.path == _address(name):
                return view(request)
        return self.get_response(request)


PROBES = {"readyz": readyz, "status": status, "status-json": status_json}


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def touch(name: str) -> None:
    """Leave the sign that this machine's process `name` got on. A full disk must not end the process."""
    sign = _sign(name)
    try:
        sign.parent.mkdir(parents=True, exist_ok=True)
        sign.touch()
    except OSError:
        return


def worker_got_on() -> None:
    """Leave the sign that this process, a worker, gets on with the work that it has in hand."""
    touch(f"{worker}-task")


def _sign(name: str) -> Path:
    return Path(settings.DATA_DIR) / "alive" / f"{name}-{socket.gethostname()}"


def age(name: str) -> float:
    """Seconds since the last sign; infinite without one."""
    try:
        return max(0.0, time.time() - _sign(name).stat().st_mtime)
    except OSError:
        return float("inf")


def complaint_about(name: str) -> str:
    """Why the process is not well, in a sentence; empty when it is. Raises django.db.Error."""
    if age(name) > ALIVE:
        return f"The {name} has given no sign for {ALIVE:.0f} s."
    if name in WORKERS and _is_held_up(name):
        return f"The {name} has work in hand and has ended none for {HELD_UP:.0f} s."
    return ""


def _is_held_up(name: str) -> bool:
    """A worker that lost its broker may look alive and take nothing more. One whose work fails is not held up."""
    since = timezone.now() - timedelta(seconds=HELD_UP)
    handed_out = Outbox.objects.filter(done_at=None, attempts__gt=1, due_at__lt=since, leased_until__gte=since)
    takes_long = Q(task__in=settings.CELERY_TASK_ROUTES)
    own = {"worker-long": takes_long, "worker-prompt": ~takes_long}.get(name, Q())
    return age(f"{name}-task") > HELD_UP and handed_out.filter(own).exists()
