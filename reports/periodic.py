"""What the clock starts of what is shown. Each job may run twice, or in two schedulers, with one effect."""

from datetime import datetime

from celery.schedules import crontab

from organisations.jobs.periodic import in_each_organisation
from organisations.models import Organisation
from reports.results_reports import making
from reports.use_counts import counting
from sessions_app.services import results_reports, study_exports


@in_each_organisation(crontab(hour="5", minute="10"), own_transactions=True)
def make_results_reports(organisation: Organisation, now: datetime) -> int:
    """Nightly: the reports of results whose day has come; how many were made."""
    return making.make_due(organisation, now)


@in_each_organisation(crontab(hour="3", minute="55"))
def forget_results_reports(organisation: Organisation, now: datetime) -> int:
    """Nightly: reports of results whose years are over, or that were removed a day ago; how many."""
    return results_reports.forget_past(organisation, now)


@in_each_organisation(crontab(minute="35"))
def forget_study_exports(organisation: Organisation, now: datetime) -> int:
    """Hourly: files of studies whose week is over; how many."""
    return study_exports.forget_old(organisation, now)


@in_each_organisation(crontab(hour="2", minute="45"))
def count_use(organisation: Organisation, now: datetime) -> int:
    """Nightly: how much this month and the last one were used, for whoever runs the installation; how many rows."""
    return counting.count_use(organisation, now)
