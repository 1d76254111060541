"""Reports that come by themselves: made when their day has come, as whoever wants them would see them then."""

import logging
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import override

from organisations.audit import record
from organisations.models import Organisation, Practitioner
from organisations.roles import Can
from organisations.services.local_day import day_of
from organisations.tenancy.context import tenant
from reports.pdf.document import set_pdf
from reports.results.document import results_document
from reports.results.file_name import results_file_name
from reports.results.read import read_results
from reports.results.table import scope_name
from reports.results.view import record_results
from sessions_app.models import ResultsSchedule
from sessions_app.services.results_reports import due_schedules, keep_report, take_due

logger = logging.getLogger(__name__)


def make_due(organisation: Organisation, now: datetime) -> int:
    """Make the reports whose day has come, each in a transaction of its own; how many. Call it outside one.

    One that fails is tried again on the next day.
    """
    today = day_of(now, organisation)
    with tenant(organisation.pk):
        keys = due_schedules(today)
    return sum(_make(organisation, key, today) for key in keys)


def _make(organisation: Organisation, key: UUID, today: date) -> bool:
    try:
        with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="report"):
            schedule = take_due(key, today)
            return schedule is not None and _wants(schedule.practitioner) and _keep(schedule, today)
    except Exception:
        logger.exception("A report could not be made; the others are, and it is tried again tomorrow")
        return False


def _wants(person: Practitioner) -> bool:
    """Whether somebody is here to read it: who left, or has another role by now, is made none."""
    return bool(person.is_active and person.user and person.user.is_active and person.can(Can.REPORT_RESULTS))


def _keep(schedule: ResultsSchedule, today: date) -> bool:
    """Make and keep one report; False where what was chosen is not there any more, which the page says."""
    person = schedule.practitioner
    language = person.user.language if person.user else ""
    with override(language or person.organisation.language):
        read = read_results(person, {"of": schedule.scope, "form": schedule.form}, to_publish=True)
        if read.form.errors:
            return False
        record_results("results.report", read)
        content = set_pdf(results_document(read, person.organisation.name))
        name = results_file_name(read.day, "pdf")
        keep_report(made_for=person, about=scope_name(read), content=content, file_name=name, made_on=today)
    return True
