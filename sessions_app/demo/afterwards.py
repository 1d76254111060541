"""In the demo a colleague has given Trine one client, and one whose episode has ended is asked how it goes."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from clients.models import Client, Ending, Episode
from clients.services.moved_clients import Destination, state_of
from organisations.models import Organisation, Practitioner, Team
from sessions_app.demo.who import RED
from sessions_app.models import FollowUpMeasure
from sessions_app.services.follow_up_measures import due_day, plan_measures
from sessions_app.services.transfers import transfer_client

TRINE, LARS = "Trine Holm", "Lars Bech"
NOTE = "Hun foretrækker formiddage. Vi har lovet at ringe til boligkontoret i næste uge."


def come_afterwards(
    organisation: Organisation, episodes: Sequence[Episode], people: Mapping[str, Practitioner], today: date
) -> None:
    """Transfer one open course of Lars to Trine; plan follow-ups of one that has ended. Where these people work."""
    team = Team.objects.filter(organisation=organisation, name=RED).first()
    if team is None or TRINE not in people:
        return
    ended = [one for one in episodes if one.ending == Ending.PLANNED and one.client.contact == people[TRINE]]
    if ended:
        _ask_afterwards(max(ended, key=lambda one: one.ended_on or one.started_on), people[TRINE], today)
    drawn = [one for one in episodes if one.ended_on is None and one.client.contact == people[LARS]]
    if given := [one for one in drawn if one.started_on < today - timedelta(days=30)]:
        _give(given[-1], Destination(team, people[TRINE]), today - timedelta(days=1), people[LARS])


def _ask_afterwards(episode: Episode, by: Practitioner, today: date) -> None:
    """Three months after the end it is due today."""
    plan_measures(episode=episode, months=(3, 6), email="", by=by)
    first = FollowUpMeasure.objects.filter(episode=episode, months=3)
    first.filter(due_on=due_day(episode.ended_on or today, 3)).update(due_on=today)


def _give(episode: Episode, to: Destination, on: date, by: Practitioner) -> None:
    client = Client.objects.get(pk=episode.client_id)
    day, seen = max(on, episode.started_on), state_of(client)
    transfer_client(client=client, episode=episode, to=to, on=day, note=NOTE, keeps=False, seen=seen, by=by)
