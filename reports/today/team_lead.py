"""What a team lead sees beside the clients: what nobody looks at, who is not measured, who is away, team by team."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from clients.models import Client
from clients.services.caseload import left_clients
from clients.services.restrictions import restricted_clients
from organisations.models import Practitioner, Team
from organisations.roles import Role
from reports.today.order import Need, Ranking
from reports.today.summaries import TodayRow, row_of
from reports.today.week import WeekNumber, read_week
from sessions_app.models import Alert, TeamMeeting
from sessions_app.services.alert_escalation import unseen_red
from sessions_app.services.alert_steps import set_aside_now
from sessions_app.services.courses import load_readings
from sessions_app.services.emergency_accesses import not_looked_at
from sessions_app.services.overdue import RULE

MOST = 10
LEFT = 50


@dataclass(frozen=True)
class WaitingAlert:
    """An alert that waits, for how many days, and the one person to ask: a contact person who is not away."""

    alert: Alert
    days: int
    ask: Practitioner | None
    row: TodayRow | None = None  # the curves, where the page shows them

    @property
    def client(self) -> Client:
        return self.alert.episode.client

    @property
    def ask_name(self) -> str:
        """What the one to ask is called by colleagues."""
        return self.ask.name.split()[0] if self.ask and self.ask.name.split() else ""

    @property
    def contacts(self) -> list[Practitioner]:
        return [person for person in (self.client.contact, self.client.second_contact) if person is not None]


@dataclass(frozen=True)
class TeamLine:
    """How many clients of a team stand where, and when it meets next."""

    team: Team
    clients: int
    today: int
    act: int
    watch: int
    meeting: TeamMeeting | None = None


@dataclass(frozen=True)
class LeadView:
    """`away` have `alone`: how many clients have nobody else while they are away; `week` are numbers of the week;
    `emergencies` are openings that nobody has looked at; `left` are
    clients whose contact person has no access any more: nobody has taken them over yet.
    """

    unseen: tuple[WaitingAlert, ...] = ()
    unmeasured: tuple[WaitingAlert, ...] = ()
    away: tuple[Practitioner, ...] = ()
    teams: tuple[TeamLine, ...] = ()
    week: tuple[WeekNumber, ...] = ()
    emergencies: int = 0
    left: tuple[Client, ...] = ()

    @property
    def clients(self) -> set[UUID]:
        """Whom the page names."""
        return {waiting.client.pk for waiting in (*self.unseen, *self.unmeasured)} | {one.pk for one in self.left}


NOBODYS = LeadView()


def read_lead(
    by: Practitioner, today: datetime.date, ranking: Ranking, meetings: Mapping[UUID, TeamMeeting]
) -> LeadView:
    """Empty for anybody but a team lead; `ranking` is that of the page's clients, `meetings` the next ones by team."""
    if by.role != Role.TEAM_LEAD:
        return NOBODYS
    visible = Alert.objects.visible_to(by).filter(episode__client__is_practice=False)
    visible = visible.exclude(episode__client__in=restricted_clients())
    unseen = visible.filter(pk__in=unseen_red(by.organisation, timezone.now()).values("pk"))
    late = visible.open().filter(rule=RULE, session=None).exclude(pk__in=set_aside_now().values("alert"))
    return LeadView(
        unseen=_with_curves(tuple(_waiting(unseen.order_by("created_at", "pk"), today, by)), today),
        unmeasured=tuple(_waiting(late.order_by("raised_on", "pk"), today, by)),
        away=tuple(_away(by, today)),
        teams=tuple(_teams(by, ranking, meetings)),
        week=read_week(by, today),
        emergencies=not_looked_at(by).count(),
        left=tuple(left_clients(by).select_related("contact", "second_contact")[:LEFT]),
    )


def _waiting(alerts: QuerySet[Alert], today: datetime.date, by: Practitioner) -> Iterable[WaitingAlert]:
    rows = alerts.select_related("episode__client__contact__user", "episode__client__second_contact__user")
    for alert in rows[:MOST]:
        client = alert.episode.client
        people = [one for one in (client.contact, client.second_contact) if one is not None and one.can_be_contact]
        present = [one for one in people if not one.is_away(today) and one.pk != by.pk]
        yield WaitingAlert(alert, (today - alert.raised_on).days, present[0] if present else None)


def _with_curves(waiting: tuple[WaitingAlert, ...], today: datetime.date) -> tuple[WaitingAlert, ...]:
    """The same with the curves of their episodes; in as many queries for ten as for one."""
    readings = load_readings([one.alert.episode for one in waiting]) if waiting else {}
    found = []
    for one in waiting:
        episode = one.alert.episode
        found.append(replace(one, row=row_of(one.client, episode, readings[episode.pk], today)))
    return tuple(found)


def _away(by: Practitioner, today: datetime.date) -> QuerySet[Practitioner]:
    teams = by.memberships.values("team")
    clients = Client.objects.visible_to(by).current().filter(is_practice=False)
    alone = clients.filter(
        Q(contact=OuterRef("pk"), second_contact=None) | Q(contact=None, second_contact=OuterRef("pk"))
    )
    counted = alone.order_by().values("organisation").annotate(n=Count("pk")).values("n")
    people = Practitioner.objects.visible_to(by).contacts().away(today).filter(memberships__team__in=teams)
    return people.annotate(alone=Coalesce(Subquery(counted), 0)).distinct().order_by("away_until", "name")


def _teams(by: Practitioner, ranking: Ranking, meetings: Mapping[UUID, TeamMeeting]) -> Iterable[TeamLine]:
    teams = {team.pk: team for team in Team.objects.filter(memberships__practitioner=by).order_by("name")}
    counts = {key: dict.fromkeys(("clients", "today", "act", "watch"), 0) for key in teams}
    for need, rank, team, clients in ranking.counts_by_team():
        line = counts[team]
        line["clients"] += clients
        line["today"] += clients if need in (Need.UNDER_WAY, Need.TODAY) else 0
        line["act"] += clients if rank == 0 else 0
        line["watch"] += clients if rank == 1 else 0
    return [TeamLine(team, **counts[key], meeting=meetings.get(key)) for key, team in teams.items()]
