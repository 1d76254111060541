"""The list of requests with the days that are left, for a page and as a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from clients.models import SubjectRequest
from clients.services.subject_requests import SOON
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.services.csv_files import csv_file, text_cell
from organisations.services.local_day import today_in

OPEN, LATE, ANSWERED = "open", "late", "answered"


@dataclass(frozen=True)
class RequestLine:
    """One request and how many days are left; negative once it is too late, None once it is answered."""

    request: SubjectRequest
    left: int | None

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def is_soon(self) -> bool:
        return self.left is not None and 0 <= self.left <= SOON

    @property
    def late_by(self) -> int:
        """Days since it had to be answered."""
        return -(self.left or 0)


def line_of(request: SubjectRequest, today: date) -> RequestLine:
    return RequestLine(request, (request.due_on - today).days if request.is_open else None)


def lines_of(requests: Iterable[SubjectRequest], today: date) -> list[RequestLine]:
    """Each with its days."""
    return [line_of(one, today) for one in requests]


def requests_asked(asked: Mapping[str, Any], by: Practitioner) -> QuerySet[SubjectRequest]:
    """What a search finds: what waits before what is answered, the most pressing first."""
    found = SubjectRequest.objects.visible_to(by).select_related("client", "handler")
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    if asked.get("state") in (OPEN, LATE):
        found = found.waiting()
    if asked.get("state") == LATE:
        found = found.filter(due_on__lt=today_in(by.organisation))
    if asked.get("state") == ANSWERED:
        found = found.exclude(answered_on=None)
    return found.order_by(F("answered_on").desc(nulls_first=True), "due_on", "pk")


def pressing_requests(by: Practitioner) -> list[RequestLine]:
    """What has to be answered within a week or should have been, for whoever answers; one query."""
    today = today_in(by.organisation)
    rows = requests_asked({"state": OPEN}, by)
    return [line for line in lines_of(rows, today) if line.is_late or line.is_soon]


def query_of(asked: Mapping[str, Any]) -> str:
    """What was asked for, for the links to other pages of the list."""
    return urlencode({key: value for key, value in asked.items() if key != "page"})


def as_csv(requests: Iterable[SubjectRequest], today: date) -> bytes:
    """A line a request: the reference, days and states. On record with every client in it."""
    lines = lines_of(requests, today)
    record_access("subject_request.export", {line.request.client_id for line in lines})
    rows = [
        [
            *(_("Reference"), _("What is asked for"), _("Arrived on"), _("To be answered by"), _("Days left")),
            *(_("Extended on"), _("Decision"), _("Answered on")),
        ]
    ]
    rows += [list(_cells(line)) for line in lines]
    return csv_file(rows)


def _cells(line: RequestLine) -> Iterable[str]:
    one = line.request
    yield from (
        text_cell(one.client.reference),
        str(one.get_kind_display()),
        one.arrived_on.isoformat(),
        one.due_on.isoformat(),
    )
    yield "" if line.left is None else str(line.left)
    yield one.extended_on.isoformat() if one.extended_on else ""
    yield str(one.get_decision_display()) if one.decision else ""
    yield one.answered_on.isoformat() if one.answered_on else ""
