"""What the outbox starts. Each task marks its outbox row done in the transaction of its effect."""

from celery import shared_task

from organisations.jobs.outbox import effect
from reports.exports import record_file, research_file
from reports.results_reports.mail import tell_of_report
from sessions_app.services import record_files, study_exports


@shared_task(name="reports.tasks.make_record_file")
def make_record_file(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Make a file for a record, once for each outbox row."""
    with effect(outbox_id, organisation_id) as fresh:
        if fresh:
            record_files.make_file(object_id, record_file.make)


@shared_task(name="reports.tasks.tell_of_results_report")
def tell_of_results_report(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Mail that a report is there, by the brake of mails."""
    with effect(outbox_id, organisation_id) as fresh:
        if fresh:
            tell_of_report(object_id)


@shared_task(name="reports.tasks.make_study_export")
def make_study_export(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Make the file of a study's data that two people agreed to, once for each outbox row."""
    with effect(outbox_id, organisation_id) as fresh:
        if fresh:
            study_exports.make_export(object_id, research_file.make)
