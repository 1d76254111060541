"""What clients ask for by law about their data: written down, handed to somebody, extended, decided."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client, RequestKind, SubjectRequest
from clients.services.clients import lock_client
from clients.services.merged_records import keys_of_all_records
from clients.services.subject_deadlines import last_day
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.services.local_day import today_in

SOON = 7  # days


@transaction.atomic
def record_request(*, client: Client, by: Practitioner, **said: Any) -> SubjectRequest:
    """Write a request down: `kind`, `arrived_on`, `wish`, `objects_to`, `handler`. The clock begins on that day.

    ValidationError by field for a day to come, and for an objection to nothing.
    """
    client = lock_client(client)
    if said["arrived_on"] > today_in(client.organisation):
        raise ValidationError({"arrived_on": _("That day is still to come.")})
    objects = said["kind"] == RequestKind.OBJECTION
    if objects and not said.get("objects_to"):
        raise ValidationError({"objects_to": _("Say what the client objects to.")})
    if not objects:
        said["objects_to"] = ""
    request = SubjectRequest(
        organisation_id=client.organisation_id,
        client=client,
        recorded_by=by,
        due_on=last_day(said["arrived_on"]),
        **said,
    )
    request.clean_fields(exclude=["organisation", "client", "recorded_by", "handler"])
    request.save(force_insert=True)
    record_access("subject_request.record", [client.pk])
    return request


def requests_of(client: Client) -> list[SubjectRequest]:
    """A client's requests, the newest first, with those of records that were merged into this one."""
    found = SubjectRequest.objects.filter(client__in=keys_of_all_records(client))
    return list(found.select_related("handler", "decided_by").order_by("-arrived_on", "-created_at"))


def _locked(request: SubjectRequest) -> SubjectRequest:
    """The row under its lock; ValidationError where it was answered already."""
    found = SubjectRequest.objects.select_for_update(of=("self",)).select_related("client__organisation")
    request = found.get(pk=request.pk)
    if not request.is_open:
        raise ValidationError(_("This request was answered already."), code="answered")
    return request


@transaction.atomic
def hand_request(*, request: SubjectRequest, handler: Practitioner | None, by: Practitioner) -> SubjectRequest:
    """Say who handles it."""
    request = _locked(request)
    request.handler = handler
    request.save(update_fields=["handler"])
    record_access("subject_request.hand", [request.client_id])
    return request


@transaction.atomic
def extend_request(
    *, request: SubjectRequest, extension_reason: str, told_extension_on: date, by: Practitioner
) -> SubjectRequest:
    """Two months more, once, for a reason that the client was told within the first month.

    ValidationError where it was extended or answered already, where the month is over, or the client was told too late.
    """
    request = _locked(request)
    today = today_in(request.client.organisation)
    if request.extended_on is not None:
        raise ValidationError(_("This was extended already. Two months more is all that the law gives."))
    if not extension_reason.strip():
        raise ValidationError({"extension_reason": _("Say why.")})
    if not request.arrived_on <= told_extension_on <= min(today, request.due_on):
        raise ValidationError(
            {"told_extension_on": _("The client is told within the first month, and not in advance.")}
        )
    request.extended_on, request.due_on = today, last_day(request.arrived_on, extended=True)
    request.extension_reason, request.told_extension_on = extension_reason.strip(), told_extension_on
    request.save(update_fields=["extended_on", "due_on", "extension_reason", "told_extension_on"])
    record_access("subject_request.extend", [request.client_id])
    return request


@transaction.atomic
def decide_request(*, request: SubjectRequest, by: Practitioner, **said: Any) -> SubjectRequest:
    """Answer it: `decision`, `reason`, `statement`, `answered_on`. Where something is not put right, `statement` stays.

    ValidationError by field without a reason, and for a day before it came or to come.
    """
    request = _locked(request)
    if not said["reason"].strip():
        raise ValidationError({"reason": _("Say why, in words that the client reads.")})
    if not request.arrived_on <= said["answered_on"] <= today_in(request.client.organisation):
        raise ValidationError({"answered_on": _("Between the day it came and today.")})
    request.decision, request.reason, request.decided_by = said["decision"], said["reason"].strip(), by
    request.statement, request.answered_on = said.get("statement", "").strip(), said["answered_on"]
    request.save(update_fields=["decision", "reason", "decided_by", "statement", "answered_on"])
    record_access("subject_request.decide", [request.client_id])
    return request
