"""What the clock starts for organisations. Each job may run twice with one effect."""

from datetime import datetime

from celery.schedules import crontab
from django.db import transaction
from django.utils import timezone

from organisations.audit import record, signed_log_heads
from organisations.database import access_months
from organisations.jobs.periodic import in_each_organisation, periodic
from organisations.models import Organisation, SessionStore, SignOn
from organisations.monitoring import parts
from organisations.services import (
    access_ends,
    identity_provider,
    leave,
    mail_brake,
    organisation_copies,
    provisioning,
    sign_on,
)
from organisations.tokens import answers


@periodic(crontab(hour="3", minute="40"))
def forget_old_sessions() -> None:
    """Nightly: sessions that nobody can open any more."""
    SessionStore.clear_expired()


@periodic(crontab(hour="1", minute="20"))
def make_access_months() -> int:
    """Nightly: the months of the access log's table that are missing up to three ahead; how many."""
    return access_months.make_months()


@periodic(parts.EVERY)
def look_at_parts() -> int:
    """Every minute: which parts answer, for the status page; how many changed."""
    with transaction.atomic():
        return parts.note_parts(timezone.now())


@in_each_organisation(crontab(hour="3", minute="35"))
def forget_organisation_copies(organisation: Organisation, now: datetime) -> int:
    """Nightly: copies of everything that are two weeks old; how many."""
    return organisation_copies.forget_old(now)


@in_each_organisation(crontab(minute="50"))
def forget_kept_answers(organisation: Organisation, now: datetime) -> int:
    """Every hour: the API's answers that were kept for a repeat and are a day old; how many."""
    return answers.forget(answers.KEPT_FOR)


@in_each_organisation(crontab(hour="3", minute="50"))
def forget_outgoing_mails(organisation: Organisation, now: datetime) -> int:
    """Nightly: what was decided about mails more than a month ago; how many rows."""
    return mail_brake.forget(organisation, now)


@in_each_organisation(crontab(hour="3", minute="55"))
def forget_sign_on_attempts(organisation: Organisation, now: datetime) -> int:
    """Nightly: tries to log in by an identity provider that are a month old; how many."""
    return sign_on.forget_attempts(organisation.pk, now)


@in_each_organisation(crontab(hour="3", minute="57"))
def forget_provisioning_calls(organisation: Organisation, now: datetime) -> int:
    """Nightly: calls of SCIM that are a month old; how many."""
    return provisioning.forget_calls(organisation, now)


@in_each_organisation(crontab(hour="4", minute="5"))
def refresh_identity_provider(organisation: Organisation, now: datetime) -> int:
    """Nightly: what an identity provider that is on publishes, such as the certificate after the present one."""
    provider = sign_on.provider_of(organisation) if organisation.sign_on != SignOn.OFF else None
    return int(provider is not None and identity_provider.refresh_document(provider))


@in_each_organisation(crontab(hour="3", minute="20"))
def end_accounts(organisation: Organisation, now: datetime) -> int:
    """Nightly: accounts whose last day is past; how many."""
    with record.recorded(organisation_id=organisation.pk, request_id="ends"):
        return access_ends.end_accounts(organisation, now)


@in_each_organisation(crontab(hour="3", minute="25"))
def end_leaves(organisation: Organisation, now: datetime) -> int:
    """Nightly: clients go back to those whose leave is over, and to stand-ins of those whose leave begins; how many."""
    with record.recorded(organisation_id=organisation.pk, request_id="leaves"):
        return leave.end_leaves(organisation, now) + leave.begin_leaves(organisation, now)


@in_each_organisation(crontab(minute="*/5"))
def sign_access_heads(organisation: Organisation, now: datetime) -> int:
    """Every five minutes: the access log's heads, signed, to files outside the database; how many moved."""
    return int(signed_log_heads.sign_head(organisation))
