"""Reports of results: how often one comes by itself, and those that were kept."""

import datetime

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.models import Practitioner
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.undo import tell_done
from reports.results.rows import load_organisation_rows
from reports.results_reports.form import ScheduleForm
from sessions_app.models import ResultsReport
from sessions_app.services.results_reports import (
    KEPT_YEARS,
    goes_on,
    remove_report,
    restore_report,
    schedule_of,
    set_schedule,
)
from sessions_app.standards.loading import load_standards


@requires(Can.REPORT_RESULTS)
def results_reports(request):
    """The kept reports of whoever asks, and how often one comes; posted, that choice is kept (422 where it is none)."""
    by, data = request.practitioner, request.POST if request.method == "POST" else None
    # Which parts of a service there are is read of its episodes, as on the results page.
    rows = load_organisation_rows(by, load_standards(by.organisation_id), today_in(by.organisation))
    schedule = schedule_of(by)
    form = ScheduleForm(data, by=by, rows=rows, schedule=schedule)
    if data is not None and form.is_valid():
        _tell(request, set_schedule(by=by, **form.cleaned_data))
        return redirect("results-reports")
    context = {"form": form, "schedule": schedule, "years": KEPT_YEARS, "reports": _kept(by), "query": _query(form)}
    return TemplateResponse(request, "reports/results_reports.html", context, status=422 if form.errors else 200)


def _kept(by: Practitioner) -> list[tuple[ResultsReport, datetime.date]]:
    """The reports of a person, the newest first, each with the day on which it goes."""
    rows = ResultsReport.objects.visible_to(by).kept().without_content()
    return [(report, goes_on(report)) for report in rows.order_by("-made_on", "-pk")]


def _query(form: ScheduleForm) -> str:
    """The address's part that makes a report of today of what the form shows; "" for who leads no team."""
    shown = form.initial
    return urlencode({"of": shown["scope"], "form": shown["form"]}) if shown["scope"] else ""


@require_POST
@requires(Can.REPORT_RESULTS)
def results_report_remove(request, results_report_id):
    """Take one's own report out of the list; the message takes it back."""
    report = _own(request, results_report_id)
    remove_report(report)
    undo = reverse("results-report-restore", args=[report.pk])
    tell_done(request, _("The report is removed."), undo=undo)
    return redirect("results-reports")


@require_POST
@requires(Can.REPORT_RESULTS)
def results_report_restore(request, results_report_id):
    """Put it back, as long as the night has not come."""
    restore_report(_own(request, results_report_id))
    messages.success(request, _("Undone. The report is there again."))
    return redirect("results-reports")


def _own(request, key) -> ResultsReport:
    return get_object_or_404(ResultsReport.objects.visible_to(request.practitioner).without_content(), pk=key)


def _tell(request, schedule) -> None:
    if schedule.next_on is None:
        messages.success(request, _("No report comes by itself."))
    else:
        day = date_format(schedule.next_on, "DATE_FORMAT")
        messages.success(request, _("The next report comes on %(day)s.") % {"day": day})
