"""What the clock starts of clients. Each job may run twice, or in two schedulers, with one effect."""

from datetime import datetime

from celery.schedules import crontab

from clients.services import subject_request_mail
from organisations.jobs.periodic import in_each_organisation
from organisations.models import Organisation


@in_each_organisation(crontab(hour="6", minute="20"))
def warn_of_requests(organisation: Organisation, now: datetime) -> int:
    """Every morning: mails about requests that have to be answered within a week, or are late; how many left."""
    return subject_request_mail.warn(organisation, now)
