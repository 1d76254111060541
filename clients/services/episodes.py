"""Open, end and reopen an episode; in which services one may be opened."""

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client, ClientTeam, Ending, Episode
from clients.services import measurements
from clients.services.clients import lock_client
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.edits.row_changes import RowChanges, put_back
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.jobs.outbox import ask_for
from organisations.models import Practitioner, Service
from organisations.services.local_day import today_in

# Rules of an ended episode close; the task is named, not imported: what is measured stands above this app.
ENDING = ("ended_on", "ending", "referred_to")
EVALUATE_EPISODE = "sessions_app.tasks.evaluate_episode"


@transaction.atomic
def open_episode(
    *, client: Client, service: Service, started_on: datetime.date, by: Practitioner, label: str = "", **key: UUID
) -> Episode:
    """A new episode; ValidationError when the client has an open one in that service. `id`: its key, if it has one."""
    client = lock_client(client)
    episode = Episode(
        organisation_id=client.organisation_id,
        client=client,
        service=service,
        started_on=started_on,
        label=label,
        **key,
    )
    episode.full_clean()
    episode.save(force_insert=True)
    record_access("episode.open", [client.pk])
    return episode


@transaction.atomic
def end_episode(
    *,
    episode: Episode,
    ended_on: datetime.date,
    ending: str,
    by: Practitioner,
    referred_to: str = "",
    keeps_appointment: bool = False,
    version: RowVersion | None = None,
) -> Episode:
    """End an episode, on a day not before its last session and not in the future. StoredMeanwhile as in `merge`.

    Forms that were given out are closed. The client's next appointment goes with their last open episode, unless it is
    kept. `referred_to` is where a client was referred on to.
    """
    episode = Episode.objects.select_for_update(of=("self",)).select_related("client").get(pk=episode.pk)
    given = {"ended_on": ended_on, "ending": ending, "referred_to": referred_to}
    fields = merge(version, values_of(episode, ENDING), given)
    ended_on = fields["ended_on"]
    if fields["referred_to"] and fields["ending"] != Ending.REFERRED:
        raise ValidationError({"referred_to": _("Only where the client was referred on.")})
    if ended_on > today_in(by.organisation):
        raise ValidationError({"ended_on": _("An episode cannot end in the future.")})
    last = episode.last_session_on
    if last and ended_on < last:
        raise ValidationError(
            {"ended_on": _("The last session was held on %(date)s; the end cannot lie before it.") % {"date": last}}
        )
    was_open = episode.ended_on is None
    _save(episode, "episode.end", fields)
    rows = RowChanges()
    measurements.close_remembered(rows, episode)
    if not keeps_appointment and not episode.client.episodes.open().exists():
        client = Client.objects.select_for_update(no_key=True).filter(pk=episode.client_id)
        rows.change(client.exclude(next_on=None), next_on=None, next_at=None)
    remember(episode, rows)
    if was_open:
        measurements.ended(episode, by)
    return episode


def remember(episode: Episode, rows: RowChanges) -> None:
    """Keep with a locked episode what its ending changed elsewhere."""
    episode.closed_with = [*(episode.closed_with or []), *rows.steps]
    episode.save(update_fields=["closed_with"])


@transaction.atomic
def reopen_episode(*, episode: Episode, by: Practitioner) -> Episode:
    """Take an ending back; ValidationError when another episode of the service is open by now.

    What it closed stands open as before: forms that were given out, follow-ups, the appointment where the client has no
    other one since. Measures that were planned for afterwards are off.
    """
    episode = Episode.objects.select_for_update(of=("self",)).select_related("client").get(pk=episode.pk)
    _save(episode, "episode.reopen", {"ended_on": None, "ending": "", "referred_to": ""})
    put_back(_still_free(episode))
    episode.closed_with = None
    episode.save(update_fields=["closed_with"])
    measurements.reopened(episode, by)
    return episode


def _still_free(episode: Episode) -> list[dict[str, Any]]:
    """The steps of an ending without an appointment that is past, or that another one has taken the place of."""
    today = today_in(episode.client.organisation).isoformat()
    has_one = Client.objects.select_for_update(no_key=True).get(pk=episode.client_id).next_on is not None
    label = Client._meta.label
    return [
        step
        for step in episode.closed_with or []
        if step["model"] != label or not (has_one or step["before"]["next_on"] < today)
    ]


def _save(episode: Episode, action: str, ending: dict[str, Any]) -> None:
    write(episode, ending)
    ask_for(EVALUATE_EPISODE, organisation_id=episode.organisation_id, object_id=episode.pk)
    record_access(action, [episode.client_id])


def open_episodes(clients: Iterable[Client]) -> dict[UUID, Episode]:
    """The open episode of each client, the newest where there are several."""
    found: dict[UUID, Episode] = {}
    keys = [client.pk for client in clients]
    for episode in _open_episodes(keys) if keys else ():
        found[episode.client_id] = episode
    return found


@written_once
def _open_episodes(clients: list[UUID]):
    return Episode.objects.open().filter(client__any=clients).order_by("started_on", "created_at")


def services_of(client: Client, by: Practitioner):
    """The services of the teams that `by` shares with the client."""
    teams = by.memberships.values("team")
    return Service.objects.filter(teams__client_teams__client=client, teams__in=teams).distinct().order_by("name")


def services_by_client(clients: Iterable[Client], by: Practitioner) -> dict[UUID, list[Service]]:
    """As `services_of`, of many; one query."""
    found: dict[UUID, list[Service]] = {}
    shared = ClientTeam.objects.filter(client__in=list(clients), team__in=by.memberships.values("team"))
    for row in shared.select_related("team__service").order_by("team__service__name"):
        services = found.setdefault(row.client_id, [])
        if row.team.service not in services:
            services.append(row.team.service)
    return found
