"""Reports of results that come by themselves: when the next is due, and for how long each is kept."""

import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from organisations.audit.record import record_access
from organisations.jobs.outbox import ask_for
from organisations.models import Organisation, Practitioner
from organisations.services.local_day import today_in
from sessions_app.models import ReportRhythm, ResultsReport, ResultsSchedule

TELL_OF_REPORT = "reports.tasks.tell_of_results_report"
KEPT_YEARS = 3
MONTHS: dict[str, int] = {ReportRhythm.QUARTER: 3, ReportRhythm.HALF_YEAR: 6, ReportRhythm.YEAR: 12}


def next_day(rhythm: str, today: datetime.date) -> datetime.date | None:
    """The first day of the next quarter, half-year or year; None for never."""
    months = MONTHS.get(rhythm)
    if months is None:
        return None
    first = (today.month - 1) // months * months + months
    return datetime.date(today.year + first // 12, first % 12 + 1, 1)


@transaction.atomic
def set_schedule(*, by: Practitioner, scope: str, form: str, rhythm: str) -> ResultsSchedule:
    """Keep what a person wants a report of and how often; the same again changes nothing."""
    wanted = {"scope": scope, "form": form, "rhythm": rhythm}
    found = ResultsSchedule.objects.select_for_update(of=("self",)).filter(practitioner=by).first()
    if found is not None and all(getattr(found, name) == value for name, value in wanted.items()):
        return found
    next_on = found.next_on if found and found.rhythm == rhythm else next_day(rhythm, today_in(by.organisation))
    record_access("results.schedule", [], typed=f"of={scope} form={form} {rhythm}")
    values = wanted | {"next_on": next_on}
    created = values | {"organisation_id": by.organisation_id}
    schedule, _new = ResultsSchedule.objects.update_or_create(practitioner=by, defaults=values, create_defaults=created)
    return schedule


def schedule_of(by: Practitioner) -> ResultsSchedule | None:
    """What a person has chosen, if anything."""
    return ResultsSchedule.objects.filter(practitioner=by).first()


def due_schedules(today: datetime.date) -> list:
    """The keys of those whose day has come."""
    return list(
        ResultsSchedule.objects.filter(next_on__lte=today).order_by("next_on", "pk").values_list("pk", flat=True)
    )


def take_due(key: UUID, today: datetime.date) -> ResultsSchedule | None:
    """A schedule whose day has come, moved on to its next one; None where another scheduler has it."""
    rows = ResultsSchedule.objects.select_for_update(of=("self",), skip_locked=True)
    found = rows.select_related("practitioner__organisation", "practitioner__user").filter(pk=key, next_on__lte=today)
    schedule = found.first()
    if schedule is not None:
        schedule.next_on = next_day(schedule.rhythm, today)
        schedule.save(update_fields=["next_on"])
    return schedule


def keep_report(
    *, made_for: Practitioner, about: str, content: bytes, file_name: str, made_on: datetime.date
) -> ResultsReport:
    """Keep a report for a person, and ask for the mail that says so."""
    own = {"organisation_id": made_for.organisation_id, "made_for": made_for}
    report = ResultsReport.objects.create(
        **own, about=about[:200], content=content, file_name=file_name, made_on=made_on
    )
    ask_for(TELL_OF_REPORT, organisation_id=made_for.organisation_id, object_id=report.pk)
    return report


def remove_report(report: ResultsReport) -> None:
    """Take a report out of the list; the next night it is deleted."""
    record_access("results.report_removed", [], typed=report.file_name)
    ResultsReport.objects.filter(pk=report.pk, removed_at=None).update(removed_at=timezone.now())


def restore_report(report: ResultsReport) -> None:
    """Put a report back that was taken out and is still there."""
    record_access("results.report_removed", [], typed=f"{report.file_name} undone")
    ResultsReport.objects.filter(pk=report.pk).update(removed_at=None)


def goes_on(report: ResultsReport) -> datetime.date:
    """The day on which a report is deleted."""
    day = report.made_on
    return datetime.date(day.year + KEPT_YEARS, day.month, min(day.day, 28))


def forget_past(organisation: Organisation, now: datetime.datetime) -> int:
    """Delete the reports whose years are over, and those taken out a day ago; how many."""
    today = today_in(organisation)
    oldest = datetime.date(today.year - KEPT_YEARS, today.month, min(today.day, 28))
    past = Q(made_on__lte=oldest) | Q(removed_at__lt=now - datetime.timedelta(days=1))
    return ResultsReport.objects.filter(past, organisation=organisation).delete()[0]
