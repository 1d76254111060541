"""Log lines: a request id in each; neither a token nor a client's data in any."""

import logging
import re
import time
from contextvars import ContextVar
from functools import cache
from typing import Any

import structlog
from django.conf import settings
from django_structlog.middlewares import RequestMiddleware
from django_structlog.signals import bind_extra_request_finished_metadata

request_id_var: ContextVar[str] = ContextVar("request_id", default="-")
REQUEST_ID = "medspil_request_id"  # a message's header
OURS = ("fit_project", "bench", "django_structlog")  # beside the apps of settings.OWN_APPS
TOLD = frozenset({"name", "id", "runtime", "description"})  # of what Celery tells about a job
LEFT_OUT = "…"
OF_THE_NETWORK = ("celery.worker.consumer",)  # why the broker cannot be reached; its address without the password
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def request_id() -> str:
    """The id of the request that is being answered, or for which a job works; "" where there is none."""
    found = structlog.contextvars.get_contextvars().get("request_id") or request_id_var.get()
    return "" if found == "-" else str(found)


def mask(text: str) -> str:
    """The text with the token of a form's or an invitation's address struck out."""
    return _tokens().sub(r"\1***", text)


@cache
def _tokens() -> re.Pattern[str]:
    return re.compile(rf"(/(?:{'|'.join(settings.TOKEN_PATHS)})/)[^/\s\"']+")


class PrivateFilter(logging.Filter):
    """Adds the request id, masks tokens, and leaves out what may quote a client: an exception's own words, and
    whatever a library puts into its sentences besides numbers."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id() or "-"
        record.msg, record.args = mask(_sentence(record)), ()
        if record.exc_info and record.exc_info[1] is not None:
            _, error, trace = record.exc_info
            hidden = Exception(f"{type(error).__module__}.{type(error).__qualname__} (words left out)")
            record.exc_info = (Exception, hidden, trace)
        record.exc_text = record.stack_info = None
        return True


def _sentence(record: logging.LogRecord) -> str:
    top = record.name.partition(".")[0]
    ours = (*OURS, *settings.OWN_APPS)
    if top in ours or record.name.startswith(OF_THE_NETWORK) or (top == "gunicorn" and record.levelno <= logging.INFO):
        return record.getMessage()
    if record.name.startswith("django.security"):
        return "refused"  # the sentence is an exception's own
    try:
        return str(record.msg) % _quiet(record.args) if record.args else str(record.msg)
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def _quiet(args: Any) -> Any:
    if isinstance(args, dict):
        return {key: value if key in TOLD or _is_number(value) else LEFT_OUT for key, value in args.items()}
    return tuple(value if _is_number(value) else LEFT_OUT for value in args)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


class RequestLogMiddleware(RequestMiddleware):
    """One line for each request: method, route (never the address, which may hold words), status, milliseconds."""

    def prepare(self, request: Any) -> None:
        request.started = time.perf_counter()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)

    @staticmethod
    def format_request(request: Any) -> str:
        return f"{request.method if request.method in METHODS else '?'} {route_of(request)}"

    @staticmethod
    def bind_user_id(request: Any) -> None:
        """Nobody: who looked at what stands in the access log."""


def route_of(request: Any) -> str:
    """The route's name; never the address."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name if match else "") or "-"


def _add_milliseconds(sender: Any, request: Any, log_kwargs: dict[str, Any], **kwargs: Any) -> None:
    log_kwargs["ms"] = round((time.perf_counter() - request.started) * 1000)


bind_extra_request_finished_metadata.connect(_add_milliseconds)
