"""How log lines look: readable on one's own machine, JSON for machines in production; a client's data in neither."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import structlog

# Beside the message, its logger and its time, a line may hold these and nothing else.
FIELDS = (
    "request_id",
    "task_id",
    "task",
    "request",
    "code",
    "ms",
    "duration_ms",
    "outbox_id",
    "child_task_id",
    "child_task_name",
)


class JsonLine(logging.Formatter):
    """One JSON object a line: an allow-list of fields, and of an exception its class and where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {name: str(value) for name in FIELDS if (value := getattr(record, name, None)) is not None}
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = str(record.exc_info[1])
            line["frames"] = _frames(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _frames(trace: Any) -> list[str]:
    frames = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames


def configuration(*, machine: bool) -> dict[str, Any]:
    """Django's LOGGING. With `machine` each request and job writes one JSON line; else only what matters is said."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.render_to_log_kwargs,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.captureWarnings(machine)  # Python's own warnings are lines of the log like any other
    readable = {"format": "{asctime} {levelname} {name} {request_id} {message}", "style": "{"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"private": {"()": "organisations.monitoring.logs.PrivateFilter"}},
        "formatters": {"line": {"()": "fit_project.log_lines.JsonLine"} if machine else readable},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["private"]}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # Django's own lines about a request name its address; ours name its route.
            "django.request": {"level": "CRITICAL" if machine else "ERROR"},
            "django.server": {"level": "WARNING"},
            "django_structlog": {"level": "INFO" if machine else "CRITICAL"},
        },
    }
