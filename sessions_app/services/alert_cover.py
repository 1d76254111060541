"""Alerts of people who are away: whoever stands in for them is told, and they themselves when they are back."""

from datetime import datetime

from clients.services.restrictions import restricted_clients
from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner
from organisations.services.local_day import day_of
from organisations.web import news
from sessions_app.models import Alert, Notice
from sessions_app.services.alert_mail import notice_for, who_must_act


def cover(organisation: Organisation, now: datetime) -> int:
    """Note the open alerts that nobody has seen and only people who are away were told of; how many went on.

    Twice it has one effect. In the open tenant, where somebody records.
    """
    today = day_of(now, organisation)
    away = Practitioner.objects.away(today).values("pk")
    told_here = Notice.objects.exclude(practitioner__in=away).values("alert")
    alerts = Alert.objects.open().filter(acknowledged_at=None, notices__practitioner__in=away).exclude(pk__in=told_here)
    alerts = alerts.exclude(episode__client__in=restricted_clients())
    rows = []
    for alert in alerts.distinct().select_related("episode__client__organisation", "session"):
        people = who_must_act(alert.episode.client, alert.session.practitioner_id if alert.session else None)
        rows += [notice_for(alert, person) for person in people if not person.is_away(today)]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        record_access("alert.cover", {row.alert.episode.client_id for row in rows})
        news.tell({row.practitioner_id for row in rows})
    return len({row.alert_id for row in rows})
