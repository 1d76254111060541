"""What the clock starts. Each job may run twice, or in two schedulers, with one effect."""

import logging
from datetime import datetime

from celery.schedules import crontab

from clients.models import Episode
from organisations.audit import record
from organisations.jobs.periodic import in_each_organisation
from organisations.models import Organisation
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.imports import uploads
from sessions_app.services import (
    access_bursts,
    access_samples,
    alert_cover,
    alert_escalation,
    alert_mail,
    alerts,
    emergency_accesses,
    erasure_notices,
    erasures,
    follow_up_mail,
    handbook_films,
    kept_photos,
    opened_cases,
    record_files,
    sheet_photos,
    tones,
)
from sessions_app.services.standards import open_episodes
from sessions_app.services.trajectory_refit import refit
from sessions_app.wording import reminders

logger = logging.getLogger(__name__)


@in_each_organisation(crontab(hour="2", minute="30"), own_transactions=True)
def find_overdue(organisation: Organisation, now: datetime) -> int:
    """Nightly: the alerts of clients seen or measured too long ago, and of sessions nobody ended; how many changed."""
    today, changed = today_in(organisation), 0
    with tenant(organisation.pk):
        perhaps, unfinished = set(alerts.perhaps_overdue()), alerts.left_unfinished(today)
    for episode in sorted(perhaps | unfinished):
        # One transaction each: a long night holds no lock that a practitioner waits for.
        try:
            with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="overdue"):
                wrote = episode in unfinished and alerts.evaluate_episode(episode, today=today)
                if alerts.follow_overdue(episode, today=today) or wrote:
                    changed += 1
                    clients = Episode.objects.filter(pk=episode).values_list("client", flat=True)
                    record.record_access("alert.overdue", clients, purpose="rhythm")
        except Exception:
            logger.exception("An episode could not be looked at; the others are")
    return changed


@in_each_organisation(crontab(hour="4", minute="15"))
def escalate_unseen_alerts(organisation: Organisation, now: datetime) -> int:
    """Nightly: red alerts that nobody has seen for too long go to the team leads; how many were new to somebody."""
    with record.recorded(organisation_id=organisation.pk, request_id="unseen"):
        return alert_escalation.escalate(organisation, now)


@in_each_organisation(crontab(hour="3", minute="10"), own_transactions=True)
def refit_trajectories(organisation: Organisation, now: datetime) -> int:
    """Nightly: learn the expected course anew where there are other data; how many strata got a new version."""
    with tenant(organisation.pk):
        made = refit(organisation.pk)
        episodes = [episode.pk for episode in open_episodes(organisation.pk)] if made else []
    for episode in episodes:
        # What was said with the old course is said anew, without a mail: nobody's marks have changed.
        with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="refit"):
            if alerts.evaluate_episode(episode, mails=False):
                clients = Episode.objects.filter(pk=episode).values_list("client", flat=True)
                record.record_access("alert.evaluate", set(clients), purpose="trajectory")
    return len(made)


@in_each_organisation(60, own_transactions=True)
def follow_tones(organisation: Organisation, now: datetime) -> int:
    """Every minute: work out what the marks ask for where no job has, after an import; how many changed."""
    return _follow_tones(organisation, anew=False)


@in_each_organisation(crontab(hour="4", minute="30"), own_transactions=True)
def follow_tones_anew(organisation: Organisation, now: datetime) -> int:
    """Nightly: as `follow_tones`, for all: another version of the program may have other rules."""
    return _follow_tones(organisation, anew=True)


def _follow_tones(organisation: Organisation, *, anew: bool) -> int:
    with tenant(organisation.pk):
        episodes = tones.episodes_without_tone(organisation.pk, anew=anew)
    changed = 0
    for start in range(0, len(episodes), tones.BATCH):
        # A transaction for each batch: no practitioner waits long for an episode's lock.
        try:
            with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="tones"):
                clients = tones.follow_tones(organisation.pk, episodes[start : start + tones.BATCH])
                if clients:
                    record.record_access("alert.evaluate", clients, purpose="tone")
                changed += len(clients)
        except Exception:
            logger.exception("What some episodes ask for could not be worked out; the others are")
    return changed


@in_each_organisation(crontab(minute="55"))
def cover_those_away(organisation: Organisation, now: datetime) -> int:
    """Hourly, before the mail of the day: alerts that only people who are away were told of; how many went on."""
    with record.recorded(organisation_id=organisation.pk, request_id="away"):
        return alert_cover.cover(organisation, now)


# Each person's hour comes in their organisation's time zone.
@in_each_organisation(crontab(minute="0"), own_transactions=True)
def send_digests(organisation: Organisation, now: datetime) -> int:
    """Hourly: the mail of the day, to each person whose hour has come; how many went out."""
    return alert_mail.send_digests(organisation, now)


@in_each_organisation(crontab(hour="6", minute="50"), own_transactions=True)
def send_follow_ups(organisation: Organisation, now: datetime) -> int:
    """Daily: follow-ups after an episode's end that became due; how many mails went out."""
    return follow_up_mail.send_due(organisation, today_in(organisation))


@in_each_organisation(crontab(hour="6", minute="20"), own_transactions=True)
def remind_of_licences(organisation: Organisation, now: datetime) -> int:
    """Daily: tell administrators that the licence of a pack is about to end; how many mails went out."""
    return reminders.remind(organisation)


@in_each_organisation(30)
def find_bursts(organisation: Organisation, now: datetime) -> int:
    """Every 30 seconds: alarms of people who open many clients without a relation; how many stand."""
    return len(access_bursts.find_bursts(organisation, now))


@in_each_organisation(crontab(minute="20"))
def forget_unconfirmed_imports(organisation: Organisation, now: datetime) -> int:
    """Hourly: the content of uploaded files that nobody has confirmed for a day; how many."""
    return uploads.forget_unconfirmed(organisation, now)


@in_each_organisation(crontab(minute="*/10"))
def end_emergencies(organisation: Organisation, now: datetime) -> int:
    """Every ten minutes: what was opened in an emergency and is past its hours; it opened nothing since. How many."""
    return emergency_accesses.end_those_over(organisation, now)


@in_each_organisation(crontab(minute="40"))
def forget_sheet_photos(organisation: Organisation, now: datetime) -> int:
    """Hourly: photographed sheets that nobody has confirmed for three days; how many rows."""
    return sheet_photos.forget_old(organisation, now)


@in_each_organisation(crontab(hour="3", minute="50"))
def forget_kept_photos(organisation: Organisation, now: datetime) -> int:
    """Nightly: pictures of confirmed sheets whose days are over, where an organisation keeps them; how many."""
    return kept_photos.forget_past(organisation, now)


@in_each_organisation(crontab(hour="3", minute="30"))
def close_opened_cases(organisation: Organisation, now: datetime) -> int:
    """Nightly, after the accounts that end: cases that are past their day or open to nobody any more; how many."""
    return opened_cases.close_those_over(organisation, now)


@in_each_organisation(600)
def forget_record_files(organisation: Organisation, now: datetime) -> int:
    """Every ten minutes: files for a record whose hour is over; how many."""
    return record_files.forget_old(organisation, now)


@in_each_organisation(crontab(hour="4", minute="10"))
def draw_look_samples(organisation: Organisation, now: datetime) -> int:
    """Nightly: the sample of last month's look-ups, where there is none yet; how many were drawn."""
    return int(access_samples.draw(organisation, access_samples.month_before(today_in(organisation))) is not None)


@in_each_organisation(crontab(hour="4", minute="50"))
def forget_withdrawn_films(organisation: Organisation, now: datetime) -> int:
    """Nightly: the files of films that were taken out of the handbook a week ago; how many."""
    return handbook_films.forget_withdrawn(organisation, now)


@in_each_organisation(crontab(hour="2", minute="10"))
def follow_erasure_notices(organisation: Organisation, now: datetime) -> int:
    """Nightly: who is due within 30 days stands on the list, who is not any more leaves it; how many changed."""
    return erasure_notices.follow_notices(organisation, now)


@in_each_organisation(crontab(hour="2", minute="50"), own_transactions=True)
def erase_confirmed(organisation: Organisation, now: datetime) -> int:
    """Nightly: clients whose erasure was confirmed twice and who are due; how many were erased."""
    return erasures.erase_confirmed(organisation, now)
