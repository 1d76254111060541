"""What files are called: the reference and the day, never a name; in signs that every file system has room for."""

import re
from datetime import date

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from reports.client_page.record_head import RecordHead

LONGEST = 60


def file_name(head: RecordHead, what: str, ending: str) -> str:
    """ "N-014-2026-11-29-status.pdf"; without `what` "N-014-2026-11-29.csv"."""
    return plain_name(head.reference, head.day, what, ending)


def plain_name(reference: str, day: date, what: str, ending: str) -> str:
    """The same of what has no head of a record."""
    reference = re.sub(r"[^\w.-]+", "-", reference).strip("-._")[:LONGEST]
    return "-".join(filter(None, (reference, day.isoformat(), what))) + f".{ending}"


def attachment(answer: HttpResponse, name: str) -> HttpResponse:
    """The answer as a file to keep, which no browser opens as a page."""
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
