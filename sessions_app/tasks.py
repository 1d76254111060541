"""What the outbox starts. Each task marks its outbox row done in the transaction of its effect."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from clients.models import Episode
from organisations.audit.record import record_access
from organisations.jobs.outbox import effect
from organisations.models import Organisation
from organisations.web.heartbeat import worker_got_on
from sessions_app.imports import uploads
from sessions_app.models import AccessAlarm, EmergencyAccess, StudyParticipant
from sessions_app.services import access_bursts, alert_mail, alerts, emergency_accesses, sheet_photos, study_answers


@shared_task(name="sessions_app.tasks.evaluate_episode")
def evaluate_episode(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Bring an episode's alerts in line with its sessions, once for each outbox row."""
    with effect(outbox_id, organisation_id) as fresh:
        if fresh and alerts.evaluate_episode(object_id):
            record_access("alert.evaluate", _client_of(object_id), purpose="rules")


@shared_task(name="sessions_app.tasks.release_study_answers")
def release_study_answers(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Let somebody who is out of a study see feedback again, once for each outbox row."""
    with effect(outbox_id, organisation_id) as fresh:
        if fresh and study_answers.release(UUID(object_id)):
            client = StudyParticipant.objects.values_list("client", flat=True).get(pk=object_id)
            record_access("study.release", [client])


@shared_task(name="sessions_app.tasks.run_import")
def run_import(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Check or import an uploaded file of past sessions, once for each outbox row."""
    with effect(outbox_id, organisation_id) as fresh:
        if fresh:
            # A large file takes longer than a worker may be silent.
            uploads.run_import(object_id, going_on=worker_got_on)


@shared_task(name="sessions_app.tasks.read_sheet_photo")
def read_sheet_photo(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Read a photographed sheet, or the sheets of a scan, once for each outbox row."""
    with effect(outbox_id, organisation_id) as fresh:
        if fresh:
            sheet_photos.read_photo(object_id, going_on=worker_got_on)


@shared_task(name="sessions_app.tasks.follow_standards")
def follow_standards(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Bring an episode's alerts in line with new values, without mails: nobody's marks have changed."""
    with effect(outbox_id, organisation_id) as fresh:
        if fresh and alerts.evaluate_episode(object_id, mails=False):
            record_access("alert.evaluate", _client_of(object_id), purpose="values")


@shared_task(name="sessions_app.tasks.tell_of_burst")
def tell_of_burst(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Mail the administrators about an alarm of the access log. A mail that cannot be sent is tried again."""
    with effect(outbox_id, organisation_id) as fresh:
        if fresh:
            access_bursts.tell(AccessAlarm.objects.select_related("organisation").get(pk=object_id))


@shared_task(name="sessions_app.tasks.tell_of_emergency")
def tell_of_emergency(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Mail the leads that a client was opened in an emergency. A mail that cannot be sent is tried again."""
    with effect(outbox_id, organisation_id) as fresh:
        if fresh:
            emergency_accesses.tell(EmergencyAccess.objects.select_related("client").get(pk=object_id))


@shared_task(name="sessions_app.tasks.send_digest")
def send_digest(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """The mail of the day of one person that was held and is let go: at most once, since the row is done before."""
    with effect(outbox_id, organisation_id) as fresh:
        organisation = Organisation.objects.get(pk=organisation_id)
    if fresh:
        alert_mail.send_digest_of(organisation, UUID(object_id), timezone.now())


def _client_of(episode_id: str) -> list[UUID]:
    return list(Episode.objects.filter(pk=UUID(episode_id)).values_list("client", flat=True))
