"""Open, end and reopen an episode."""

import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client, Episode
from clients.services.clients import lock_client
from clients.services.measurements import close_forms
from organisations.audit.record import record_access
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.jobs.outbox import ask_for
from organisations.models import Practitioner, Service
from organisations.services.local_day import today_in

# Rules of an ended episode close; the task is named, not imported: what is measured stands above this app.
ENDING = ("ended_on", "ending")
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
    *, episode: Episode, ended_on: datetime.date, ending: str, by: Practitioner, version: RowVersion | None = None
) -> Episode:
    """End an episode, on a day not before its last session and not in the future. StoredMeanwhile as in `merge`.

    Forms that were given out are closed.
    """
    episode = Episode.objects.select_for_update(of=("self",)).select_related("client").get(pk=episode.pk)
    fields = merge(version, values_of(episode, ENDING), {"ended_on": ended_on, "ending": ending})
    ended_on = fields["ended_on"]
    if ended_on > today_in(by.organisation):
        raise ValidationError({"ended_on": _("An episode cannot end in the future.")})
    last = episode.last_session_on
    if last and ended_on < last:
        raise ValidationError(
            {"ended_on": _("The last session was held on %(date)s; the end cannot lie before it.") % {"date": last}}
        )
    _save(episode, "episode.end", fields)
    close_forms([episode])
    return episode


@transaction.atomic
def reopen_episode(*, episode: Episode, by: Practitioner) -> Episode:
    """Take an ending back; ValidationError when another episode of the service is open by now."""
    episode = Episode.objects.select_for_update(of=("self",)).select_related("client").get(pk=episode.pk)
    _save(episode, "episode.reopen", {"ended_on": None, "ending": ""})
    return episode


def _save(episode: Episode, action: str, ending: dict[str, Any]) -> None:
    write(episode, ending)
    ask_for(EVALUATE_EPISODE, organisation_id=episode.organisation_id, object_id=episode.pk)
    record_access(action, [episode.client_id])
