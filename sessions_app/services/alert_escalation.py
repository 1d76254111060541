"""Red alerts that nobody has seen for the organisation's number of days: they go to the leads of the client's teams."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner
from organisations.roles import Role
from organisations.web import news
from sessions_app.models import Alert, AlertLevel, Notice, StepKind
from sessions_app.standards.loading import load_standards
from sessions_app.standards.methods import UNSEEN_DAYS, UNSEEN_RED


def unseen_red(organisation: Organisation, now: datetime) -> QuerySet[Alert]:
    """The open red alerts of the open tenant that nobody has seen for too long; none where that is never."""
    days = UNSEEN_DAYS[load_standards(organisation.pk).values[UNSEEN_RED]]
    if days is None:
        return Alert.objects.none()
    since = now - timedelta(days=days)
    waiting = Alert.objects.open().filter(level=AlertLevel.RED, acknowledged_at=None, created_at__lte=since)
    return waiting.exclude(steps__kind=StepKind.SET_ASIDE)


def escalate(organisation: Organisation, now: datetime) -> int:
    """Note them for the leads of the client's teams, each once; how many alerts were new to somebody."""
    rows = []
    alerts = unseen_red(organisation, now).select_related("episode__client", "session")
    for alert in alerts:
        if alert.session is None or not alert.session.imported:
            rows += [_notice(alert, lead) for lead in _leads_of(alert)]
    known = set(Notice.objects.filter(alert__in=[row.alert_id for row in rows]).values_list("alert", "practitioner"))
    new = [row for row in rows if (row.alert_id, row.practitioner_id) not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        record_access("alert.escalate", {row.alert.episode.client_id for row in new})
        news.tell({row.practitioner_id for row in new})
    return len({row.alert_id for row in new})


def _notice(alert: Alert, lead: Practitioner) -> Notice:
    return Notice(organisation_id=alert.organisation_id, alert=alert, practitioner=lead)


def _leads_of(alert: Alert) -> QuerySet[Practitioner]:
    teams = alert.episode.client.teams.values("pk")
    leads = Practitioner.objects.contacts().filter(organisation=alert.organisation_id, role=Role.TEAM_LEAD)
    return leads.filter(memberships__team__in=teams).distinct()
