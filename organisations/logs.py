"""Log lines: a request id in each, a token in none."""

import logging
import re
from contextvars import ContextVar

request_id_var: ContextVar[str] = ContextVar("request_id", default="-")
TOKEN = re.compile(r"(/(?:f|invitation|password/reset/key)/)[^/\s\"']+")


def mask(text: str) -> str:
    """The text with the token of a form's or an invitation's address struck out."""
    return TOKEN.sub(r"\1***", text)


class PrivateFilter(logging.Filter):
    """Adds the request id, masks tokens, and leaves an exception's own words out: they may quote a client."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id_var.get()
        record.msg = mask(record.getMessage())
        record.args = ()
        if record.exc_info and record.exc_info[1] is not None:
            _, error, trace = record.exc_info
            hidden = Exception(f"{type(error).__module__}.{type(error).__qualname__} (words left out)")
            record.exc_info = (Exception, hidden, trace)
            record.exc_text = None
        return True
