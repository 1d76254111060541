"""ALARMS: alarms of the access log over a month of ordinary work in the demo, and whether what should raise one does.

The month's sessions are the demo's own. What people open around them is written into the access log as the pages and
the API write it, then the job that looks for bursts runs as often as it does in use; nothing is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from bench.database import migrated
from bench.figures import Count

DAYS = 30
LOOKING = timedelta(seconds=30)  # how often the job runs
PREPARED = timedelta(seconds=90)  # somebody looks through the day's clients in the morning
MEETING = timedelta(seconds=60)  # a team meeting, quickly
LEAFING = timedelta(seconds=20)  # somebody who only leafs
KINDS = ("session.list", "rating.list", "note.list")  # what a nightly copy asks for


@dataclass(frozen=True)
class Read:
    """One row of the access log to be."""

    at: datetime
    who: Any
    clients: tuple[Any, ...]
    action: str = "client.view"


def measure() -> Iterator[Count]:
    """Each kind of work in a transaction that is undone: how many alarms it raises."""
    with migrated():
        from django.core.management import call_command

        from organisations.models import Organisation
        from organisations.tenancy.context import tenant

        call_command("load_demo", verbosity=0)
        for house in Organisation.objects.filter(is_demo=True).order_by("slug"):
            with tenant(house.pk):
                yield from _figures(Month(house))


def _figures(month: "Month") -> Iterator[Count]:
    ordinary = {
        "sessions, prepared and written up": month.sessions(),
        "standing in for a colleague for a day each week": month.stand_ins(),
        "a weekly team meeting, a minute a client": month.meetings(),
        "a system that asks for changes every ten minutes": month.polls(),
    }
    for words, reads in ordinary.items():
        yield _count(month, words, reads, at_most=0)
    yield _count(month, "a system's nightly copy of everything (the first night is asked about)", month.copies(), 1)
    yield _count(month, "a new colleague leafs through everybody, 20 s a client", month.leafing(), at_least=1)
    yield _count(month, "one list call with the words of a whole team", month.copies()[:1], at_least=1)


def _count(month: "Month", words: str, reads: list[Read], at_most: int | None = None, at_least: int = 0) -> Count:
    about = f"{month.house.slug}, {words}"
    return Count("ALARMS", about, month.alarms(reads), at_most, at_least, f"{len(reads)} rows of the access log")


class Month:
    """The last thirty days of one of the demo's organisations."""

    def __init__(self, house: Any):
        from organisations.models import Practitioner, Team, User
        from sessions_app.models import Session

        self.house, self.zone = house, ZoneInfo(house.time_zone)
        held = Session.objects.filter(practitioner__isnull=False).order_by("held_on", "practitioner", "pk")
        last = max(held.values_list("held_on", flat=True))
        self.first = last - timedelta(days=DAYS)
        self.held = list(held.filter(held_on__gt=self.first).select_related("practitioner"))
        self.teams = list(Team.objects.order_by("name"))
        self.system = Practitioner.objects.create(organisation=house, name="Nightly copy")
        user = User.objects.create_user(f"new@{house.slug}.example")
        self.new = Practitioner.objects.create(organisation=house, name="New colleague", user=user)

    def moment(self, day: Any, hour: int) -> datetime:
        return datetime.combine(day, time(hour), self.zone)

    def sessions(self) -> list[Read]:
        """In the morning, when it is held, and in the afternoon once more."""
        found = []
        for (day, who), group in groupby(self.held, lambda one: (one.held_on, one.practitioner)):
            for place, session in enumerate(group):
                client = (session.client_id,)
                found.append(Read(self.moment(day, 8) + place * PREPARED, who, client))
                found.append(Read(self.moment(day, 9) + place * timedelta(minutes=45), who, client, "session.view"))
                found.append(Read(self.moment(day, 16) + place * timedelta(minutes=2), who, client, "session.edit"))
        return found

    def stand_ins(self) -> list[Read]:
        """Each Monday one colleague's sessions are somebody else's, who has no relation to these clients."""
        people = sorted({one.practitioner for one in self.held}, key=lambda who: who.name)
        ill = [one for one in self.held if one.held_on.weekday() == 0]
        found = []
        for day, group in groupby(ill, lambda one: one.held_on):
            theirs = list(group)
            absent = theirs[0].practitioner
            other = next(who for who in people if who != absent)
            for place, session in enumerate(one for one in theirs if one.practitioner == absent):
                found.append(Read(self.moment(day, 8) + place * PREPARED, other, (session.client_id,)))
        return found

    def meetings(self) -> list[Read]:
        """Each week a colleague opens every client of the team, one after the other; two teams meet on two days."""
        found = []
        for week in range(DAYS // 7):
            for number, team in enumerate(self.teams):
                day = self.first + timedelta(days=7 * week + number)
                who = team.practitioners.filter(user__isnull=False).order_by("name").first()
                for place, client in enumerate(self._clients_of(team) if who else ()):
                    found.append(Read(self.moment(day, 10) + place * MEETING, who, (client,)))
        return found

    def leafing(self) -> list[Read]:
        """Somebody without a relation to anybody opens every client of every team."""
        start = self.moment(self.first, 10)
        return [Read(start + place * LEAFING, self.new, (client,)) for place, client in enumerate(self.everybody())]

    def polls(self) -> list[Read]:
        """What changed, from morning to evening; the day's clients one after the other."""
        found = []
        for day, group in groupby(self.held, lambda one: one.held_on):
            for place, session in enumerate(group):
                at = self.moment(day, 9) + place * timedelta(minutes=10)
                found += [Read(at, self.system, (session.client_id,), kind) for kind in KINDS]
        return found

    def copies(self) -> list[Read]:
        """All sessions, answers and words of all teams, each night."""
        nights = [self.moment(self.first + timedelta(days=number), 3) for number in range(DAYS)]
        return [Read(at, self.system, self.everybody(), kind) for at in nights for kind in reversed(KINDS)]

    def everybody(self) -> tuple[Any, ...]:
        """Every client of every team, once."""
        return tuple(dict.fromkeys(client for team in self.teams for client in self._clients_of(team)))

    def alarms(self, reads: list[Read]) -> int:
        """How many alarms stand when the job has looked at all of it; nothing stays."""
        from django.db import transaction

        from organisations.audit.record import store
        from organisations.models import AccessEvent
        from sessions_app.models import AccessAlarm
        from sessions_app.services.access_bursts import find_bursts

        rows = [
            AccessEvent(
                organisation=self.house,
                practitioner=read.who,
                role=read.who.role,
                action=read.action,
                client_ids=list(read.clients),
                at=read.at,
            )
            for read in sorted(reads, key=lambda read: read.at)
        ]
        with transaction.atomic():
            before = AccessAlarm.objects.count()
            store(rows)
            for at in sorted({row.at for row in rows}):
                find_bursts(self.house, at + LOOKING)
            raised = AccessAlarm.objects.count() - before
            transaction.set_rollback(True)
        return raised

    def _clients_of(self, team: Any) -> list[Any]:
        from clients.models import ClientTeam

        return list(ClientTeam.objects.filter(team=team).order_by("client__reference").values_list("client", flat=True))
