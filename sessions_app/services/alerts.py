"""Alert rows that follow the rules: written, moved on, closed; told to whoever must act; acknowledged."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from clients.models import Episode
from clients.services.restrictions import restricted_clients
from organisations.edits.versions import StoredMeanwhile
from organisations.history.tracking import event_model_of
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.measures.reading import Reading
from sessions_app.measures.rules import Level
from sessions_app.measures.rules.alert_spans import AlertSpan, closed_with_episode
from sessions_app.measures.verdict.verdict import Tone, worst_tone
from sessions_app.models import Alert, AlertLevel, Session
from sessions_app.services import alert_mail
from sessions_app.services.courses import load_series
from sessions_app.services.overdue import RULE as OVERDUE
from sessions_app.services.overdue import overdue_days, overdue_since
from sessions_app.services.summary import lock_episode
from sessions_app.services.tones import store_tone
from sessions_app.standards.loading import Standards, load_standards

UNFINISHED_LOOKED_AT = timedelta(days=7)


def evaluate_episode(episode_id: UUID | str, *, mails: bool = True, today: date | None = None) -> bool:
    """Bring the episode's alerts in line with its sessions; True when that wrote anything.

    Locks the episode, in the caller's tenant transaction; running it again changes nothing. With `mails`, a
    new open amber or red alert is noted for whoever must act, and one that asks for more than before is noted again.
    A practice client has no alerts, and an ended episode none that are open: they close on the day of its end.
    """
    episode = _locked(episode_id)
    if episode is None:
        return False
    standards = load_standards(episode.organisation_id)
    today = today or today_in(episode.organisation)
    # Locked: somebody may take note of one at this moment, which must neither be undone nor overlooked.
    found = list(episode.alerts.select_for_update(of=("self",)))
    changed, tell = _end_overdue(episode, standards, today, [alert for alert in found if _is_open_overdue(alert)]), []
    reading = Reading(load_series([episode], standards)[episode.pk])
    store_tone(episode, reading)
    raised = () if episode.client.is_practice else [span for span in reading.alert_spans if span.raised]
    living = closed_with_episode(raised, episode.ended_on)
    rows = {(alert.rule, str(alert.session_id)): alert for alert in found if alert.session_id}
    for span in living:
        alert = rows.pop((span.rule, span.raised), None) or _raised(episode, span)
        before = AlertLevel(alert.level)
        if _follow(alert, span, anew=mails):
            changed = True
            if _is_told_by_mail(alert) and alert.closed_on is None and _rank(alert.level) > _rank(before):
                tell.append(alert)
    for alert in rows.values():
        changed |= _end_without_life(alert, today)
    if mails:
        alert_mail.note(episode, tell)
    return changed


def follow_overdue(episode_id: UUID | str, *, today: date) -> bool:
    """Raise, renumber or close the episode's overdue alert (M2), with the tone; True when that wrote anything."""
    episode = _locked(episode_id)
    if episode is None:
        return False
    standards = load_standards(episode.organisation_id)
    alerts = [alert for alert in episode.alerts.filter(rule=OVERDUE) if _is_open_overdue(alert)]
    changed = _end_overdue(episode, standards, today, alerts) | _raise_overdue(episode, standards, today)
    if changed:
        store_tone(episode, Reading(load_series([episode], standards)[episode.pk]))
    return changed


def perhaps_overdue() -> list[UUID]:
    """The episodes of the open tenant that a nightly look must not leave out: open, or with an overdue alert.

    Not those of clients whose data are kept and not used now: nobody is late with what may not be begun.
    """
    current = Q(pk__in=Episode.objects.counting().values("pk"))
    alarmed = Q(alerts__rule=OVERDUE, alerts__session=None, alerts__closed_on=None)
    found = Episode.objects.filter(current | alarmed).exclude(client__in=restricted_clients())
    return list(found.distinct().values_list("pk", flat=True))


def left_unfinished(today: date) -> set[UUID]:
    """The episodes of the open tenant with a session of the last week whose last step nobody took.

    While it was running nothing of it was missing; from the next day on it is.
    """
    days = (today - UNFINISHED_LOOKED_AT, today - timedelta(days=1))
    found = Session.objects.valid().filter(held_on__range=days, finished_at=None)
    found = found.exclude(client__in=restricted_clients())
    return set(found.values_list("episode", flat=True))


def acknowledge_alert(*, alert: Alert, note: str, by: Practitioner, also: Iterable[Alert] = ()) -> Alert:
    """Write down who took care of an alert and how, and of those that tell of the same (`also`).

    The first acknowledgement stands: a repeat changes nothing. StoredMeanwhile for other words than those that stand
    at any of them; then nothing is written.
    """
    wanted = {alert.pk, *(one.pk for one in also)}
    rows = list(Alert.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    for row in rows:
        if row.acknowledged_at is not None and note and note != row.acknowledgement:
            raise StoredMeanwhile({"note": row.acknowledgement}, [("note",)], closed=True)
    now = timezone.now()
    for row in rows:
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by, row.acknowledgement = now, by, note
            row.save(update_fields=["acknowledged_at", "acknowledged_by", "acknowledgement"])
    return next(row for row in rows if row.pk == alert.pk)


def withdrawn_alerts(practitioner: Practitioner):
    """The history's rows of alerts that are gone, of the clients that a practitioner may see."""
    gone = event_model_of(Alert).objects.filter(pgh_label="delete")
    return gone.filter(episode__in=Episode.objects.visible_to(practitioner)).select_related("episode")


def _locked(episode_id: UUID | str) -> Episode | None:
    """The episode under its lock; None when it is gone, or of another organisation."""
    try:
        return lock_episode(episode_id)
    except Episode.DoesNotExist:
        return None


def _raised(episode: Episode, span: AlertSpan) -> Alert:
    return Alert(
        organisation_id=episode.organisation_id,
        episode=episode,
        rule=span.rule,
        session_id=UUID(span.raised),
        level=AlertLevel.INFO,
    )


def _follow(alert: Alert, span: AlertSpan, *, anew: bool) -> bool:
    """Make a row say what its life says; True when that wrote anything.

    One that asks for more than before is new to people (`anew`: not where only values have changed): who has seen it
    stays in its history, and is asked again.
    """
    says = {
        "level": span.level.value,
        "numbers": dict(span.numbers),
        "raised_on": span.raised_on,
        "last_session_id": UUID(span.last),
        "closed_on": span.closed_on,
    }
    is_new = alert._state.adding
    if not is_new and all(getattr(alert, name) == value for name, value in says.items()):
        return False
    if anew and not is_new and _rank(span.level) > _rank(alert.level):
        says |= {"acknowledged_at": None, "acknowledged_by": None, "acknowledgement": ""}
    for name, value in says.items():
        setattr(alert, name, value)
    alert.save(force_insert=is_new, update_fields=None if is_new else [name.removesuffix("_id") for name in says])
    return True


def _is_told_by_mail(alert: Alert) -> bool:
    """Whether somebody is to be told: of what the tone of its level makes more than quiet."""
    return worst_tone((Level(alert.level),)) is not Tone.QUIET


def _rank(level: str) -> int:
    """How much a level asks for."""
    return Level(level).rank


def _end_without_life(alert: Alert, today: date) -> bool:
    """A correction, a move or a voiding took away what raised this alert.

    One that nobody acted on and no mail told of is deleted. Another one stays as the trace of what was done,
    closed, and without its numbers, which may be another client's.
    """
    untouched = alert.acknowledged_at is None and not alert.steps.exists()
    if untouched and not alert.notices.exclude(sent_at=None).exists():
        alert.delete()
        return True
    if alert.closed_on and not alert.numbers:
        return False
    alert.closed_on, alert.numbers = alert.closed_on or today, {}
    alert.save(update_fields=["closed_on", "numbers"])
    return True


def _raise_overdue(episode: Episode, standards: Standards, today: date) -> bool:
    """Raise the alert of what is late, with a notice where it is to be told by mail, or count it on."""
    since, rule = overdue_since(episode, today), standards.rules.get(OVERDUE)
    if since is None or rule is None:
        return False
    says = {"level": rule.level.value, "numbers": {"overdue_days": overdue_days(episode, today)}, "closed_on": None}
    alert, is_new = Alert.objects.get_or_create(
        organisation_id=episode.organisation_id,
        episode=episode,
        rule=OVERDUE,
        session=None,
        raised_on=since,
        defaults=says,
    )
    if is_new and _is_told_by_mail(alert):
        alert_mail.note(episode, [alert])
    return is_new or _change(alert, says)


def _is_open_overdue(alert: Alert) -> bool:
    return alert.rule == OVERDUE and alert.session_id is None and alert.closed_on is None


def _end_overdue(episode: Episode, standards: Standards, today: date, alerts: Iterable[Alert]) -> bool:
    """Close the overdue alert whose reason is gone, or which the organisation has switched off.

    On the day of the session that ended it, else today. One that stays takes the level that the rule has by now.
    """
    since, rule, changed = overdue_since(episode, today), standards.rules.get(OVERDUE), False
    for alert in alerts:
        if rule is not None and alert.raised_on == since:
            says: dict[str, Any] = {"level": rule.level.value}
        else:
            came_on = episode.last_session_on
            says = {"closed_on": came_on if came_on and came_on >= alert.raised_on else today}
        changed |= _change(alert, says)
    return changed


def _change(alert: Alert, says: dict[str, Any]) -> bool:
    """Make a stored row say this; True when that wrote anything."""
    if all(getattr(alert, name) == value for name, value in says.items()):
        return False
    for name, value in says.items():
        setattr(alert, name, value)
    alert.save(update_fields=list(says))
    return True
