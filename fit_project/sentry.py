"""Errors to one's own Sentry, off unless SENTRY_DSN is set: what happened where in the code, never with what."""

import logging
from typing import Any

import sentry_sdk
import structlog
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration

from organisations.monitoring.logs import request_id_var

KEPT = ("event_id", "timestamp", "level", "platform", "logger", "environment", "release")
KEPT_OF_FRAME = ("filename", "abs_path", "function", "module", "lineno", "in_app")
KEPT_OF_EXCEPTION = ("type", "module")


def scrubbed(event: Any, hint: Any = None) -> Any:
    """Only what stands on the lists above, and the request's id; all else of the event is dropped."""
    kept = {key: event[key] for key in KEPT if key in event}
    kept["tags"] = {"request_id": structlog.contextvars.get_contextvars().get("request_id", request_id_var.get())}
    values = (event.get("exception") or {}).get("values") or []
    if values:
        kept["exception"] = {"values": [_exception(value) for value in values]}
    return kept


def _exception(value: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value[key] for key in KEPT_OF_EXCEPTION if value.get(key)}
    frames = (value.get("stacktrace") or {}).get("frames") or []
    if frames:
        kept["stacktrace"] = {
            "frames": [{key: frame[key] for key in KEPT_OF_FRAME if key in frame} for frame in frames]
        }
    return kept


def start(dsn: str, *, environment: str, **options: Any) -> None:
    """Send errors to `dsn`; nothing at all without one. Neither traces nor sessions nor breadcrumbs are sent."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        server_name="",
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[DjangoIntegration(), CeleryIntegration(), LoggingIntegration(event_level=logging.ERROR)],
        before_send=scrubbed,
        before_send_transaction=lambda event, hint: None,
        **options,
    )
