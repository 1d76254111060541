"""Red alerts that nobody has seen for the organisation's number of days: they go to the leads of the client's teams."""

from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from clients.services.client_blocks import seeing
from clients.services.restrictions import restricted_clients
from organisations.audit.record import record_access
from organisations.history.tracking import event_model_of
from organisations.models import Organisation, Practitioner
from organisations.roles import Role
from organisations.web import news
from sessions_app.models import Alert, AlertLevel, Notice
from sessions_app.services.alert_mail import notice_for
from sessions_app.services.alert_steps import set_aside_now
from sessions_app.standards.loading import load_standards
from sessions_app.standards.methods import UNSEEN_DAYS, UNSEEN_RED


def unseen_red(organisation: Organisation, now: datetime) -> QuerySet[Alert]:
    """The open alerts of the open tenant that were red all the days and that nobody has seen; none where that is never.

    How long is read from the history: one that was amber until yesterday has waited for a day. What was set aside
    waits for nobody, until it is taken up again; nor does what is of a client whose data are not used now.
    """
    days = UNSEEN_DAYS[load_standards(organisation.pk).values[UNSEEN_RED]]
    if days is None:
        return Alert.objects.none()
    since = now - timedelta(days=days)
    then = event_model_of(Alert).objects.filter(pgh_obj_id=OuterRef("pk"), pgh_created_at__lte=since)
    waiting = Alert.objects.open().filter(level=AlertLevel.RED, acknowledged_at=None)
    waiting = waiting.exclude(episode__client__in=restricted_clients())
    was_red = waiting.alias(level_then=Subquery(then.order_by("-pgh_id").values("level")[:1]))
    return was_red.filter(level_then=AlertLevel.RED).exclude(pk__in=set_aside_now().values("alert"))


def escalate(organisation: Organisation, now: datetime) -> int:
    """Note them for the leads of the client's teams, each once; how many alerts were new to somebody."""
    rows = []
    alerts = unseen_red(organisation, now).select_related("episode__client", "session")
    for alert in alerts:
        if alert.session is None or not alert.session.imported:
            rows += [notice_for(alert, lead) for lead in _leads_of(alert)]
    known = set(Notice.objects.filter(alert__in=[row.alert_id for row in rows]).values_list("alert", "practitioner"))
    new = [row for row in rows if (row.alert_id, row.practitioner_id) not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        record_access("alert.escalate", {row.alert.episode.client_id for row in new})
        news.tell({row.practitioner_id for row in new})
    return len({row.alert_id for row in new})


def _leads_of(alert: Alert) -> QuerySet[Practitioner]:
    teams = alert.episode.client.teams.values("pk")
    leads = Practitioner.objects.contacts().filter(organisation=alert.organisation_id, role=Role.TEAM_LEAD)
    return seeing(leads.filter(memberships__team__in=teams), alert.episode.client).distinct()
