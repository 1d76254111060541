"""Transfer a client to another practitioner, team or service: all that is open goes along, and both are told."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, Episode, Transfer
from clients.services import measurements
from clients.services.clients import lock_client
from clients.services.moved_clients import Destination, move_client, names_of, refuse_unfit, state_of, unseeing
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.edits.row_changes import RowChanges, put_back
from organisations.models import Practitioner
from organisations.web import news
from sessions_app.models import Alert, PendingAnswer, RatingDraft, SessionDecision
from sessions_app.services.client_merge_preview import open_capabilities

TOLD_FOR = timedelta(days=30)
UNDONE_WITHIN = timedelta(days=1)
MOST_TOLD = 20
"""So many stand on Today; the others follow once these are seen."""


@dataclass(frozen=True)
class OpenThings:
    """What is open about a client and goes along: follow-ups by name, and how many of the rest there are."""

    follow_ups: list[SessionDecision]
    alerts: int
    links: int
    answers: int
    drafts: int
    appointment: datetime.date | None


def open_things(client: Client) -> OpenThings:
    """What whoever takes over finds open; five queries."""
    now = timezone.now()
    return OpenThings(
        follow_ups=list(_follow_ups(client).select_related("responsible").order_by("follow_up_on", "created_at")),
        alerts=Alert.objects.open().filter(episode__client=client).count(),
        links=open_capabilities([client]).filter(expires_at__gt=now).count(),
        answers=PendingAnswer.objects.undecided().filter(episode__client=client).count(),
        drafts=RatingDraft.objects.filter(session__client=client).count(),
        appointment=client.next_on,
    )


@transaction.atomic
def transfer_client(
    *,
    client: Client,
    episode: Episode | None,
    to: Destination,
    on: datetime.date,
    note: str,
    keeps: bool,
    seen: list[str],
    by: Practitioner,
) -> Transfer:
    """Give a client to somebody else, from `on` (today or earlier); rights change with the commit.

    `keeps`: the teams of before go on seeing the client. `seen` is `state_of` as the page showed it. ValidationError
    where the client is somebody else's by now, or the destination or the day does not fit.
    """
    locked = {one.pk: one for one in measurements.lock_episodes([client])}
    client = lock_client(client)
    episode = locked[episode.pk] if episode is not None else None
    _refuse_meanwhile(client, episode, seen, by)
    refuse_unfit(client, episode, to, on, by)
    before, left = client.contact, names_of(client)
    rows = move_client(client, episode, to, keeps=keeps, on=on, note=note.strip())
    if rows.steps and state_of(client) == seen and (episode is None or episode.service_id == to.team.service_id):
        raise ValidationError({"to": _("That is how it is already. Choose another team or person.")})
    _hand_follow_ups(rows, client, before)
    record_access("client.transfer", [client.pk])
    about = {"since": on, "note": note.strip(), "made_by": by, "rows": rows.steps, "state": state_of(client)}
    people = {"from_contact": before, "to_contact": to.contact, "came_from": left, "went_to": names_of(client)}
    seen_at = timezone.now() if before in (None, by) else None
    own = {"organisation_id": client.organisation_id, "client": client}
    made = Transfer.objects.create(**own, **people, **about, giver_saw_at=seen_at)
    _tell(made, but=by)
    return made


@transaction.atomic
def undo_transfer(*, transfer: Transfer, by: Practitioner) -> Transfer:
    """Take a transfer back within a day, by whoever made it; every row stands as before.

    A follow-up that was seen to or given to somebody else since stays so. ValidationError where the client was given
    on, or moved, or the episode ended since.
    """
    client = transfer.client
    measurements.lock_episodes([client])
    client = lock_client(client)
    transfer = Transfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
    if transfer.undone_at is not None:
        return transfer
    if transfer.made_by_id != by.pk or transfer.made_at < timezone.now() - UNDONE_WITHIN:
        raise ValidationError(_("A transfer is taken back by whoever made it, on the same day."))
    if state_of(client) != transfer.state or not _fits_back(transfer):
        raise ValidationError(_("The client was changed since. Transfer them back instead."), code="changed")
    put_back(_still_as_left(transfer))
    transfer.undone_at, transfer.undone_by = timezone.now(), by
    transfer.save(update_fields=["undone_at", "undone_by"])
    record_access("client.transfer_undo", [client.pk])
    _tell(transfer, but=by)
    return transfer


def transfers_to_tell(by: Practitioner) -> list[Transfer]:
    """What a person has yet to hear of: clients who came to them, or to their team, and their own who were given away.

    For thirty days, or until they say that they have seen it.
    """
    return _untold(by, timezone.now())


@written_once
def _untold(by: Practitioner, now: datetime.datetime):
    came = Q(taker_saw_at=None, client__in=Client.objects.visible_to(by))
    to_me = came & (Q(to_contact=by.pk) | Q(to_contact=None))
    from_me = Q(from_contact=by.pk, giver_saw_at=None)
    found = Transfer.objects.visible_to(by).standing().filter(to_me | from_me, made_at__gt=now - TOLD_FOR)
    return (
        found.exclude(made_by=by.pk)
        .select_related("client", "from_contact", "to_contact", "made_by")
        .order_by("made_at")[:MOST_TOLD]
    )


@transaction.atomic
def note_seen(*, transfer: Transfer, by: Practitioner) -> None:
    """Somebody has read that a client came or went; it no longer stands on their Today."""
    transfer = Transfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
    column = "giver_saw_at" if transfer.from_contact_id == by.pk else "taker_saw_at"
    if getattr(transfer, column) is None:
        setattr(transfer, column, timezone.now())
        transfer.save(update_fields=[column])
    record_access("client.transfer_seen", [transfer.client_id])


def _refuse_meanwhile(client: Client, episode: Episode | None, seen: list[str], by: Practitioner) -> None:
    if not Client.objects.visible_to(by).filter(pk=client.pk).exists():
        raise ValidationError(_("The client was transferred meanwhile, and you no longer see them."), code="unseen")
    if state_of(client) != seen:
        raise ValidationError(_("Contact person or teams were changed meanwhile. Look again."), code="changed")
    if episode is not None and episode.ended_on is not None:
        raise ValidationError(_("The episode has ended meanwhile."), code="ended")


def _hand_follow_ups(rows: RowChanges, client: Client, before: Practitioner | None) -> None:
    """Follow-ups of the contact person before, and of whoever sees the client no longer, are the new one's."""
    left = [*unseeing(client), *([before.pk] if before is not None else [])]
    going = _follow_ups(client).filter(responsible__in=left).exclude(responsible=client.contact_id)
    rows.change(going.select_for_update(of=("self",)).order_by("pk"), responsible=client.contact)


def _follow_ups(client: Client):
    return SessionDecision.objects.to_follow_up().filter(session__client=client)


def _still_as_left(transfer: Transfer) -> Iterable[dict[str, Any]]:
    """The steps without follow-ups that somebody has touched since."""
    label = SessionDecision._meta.label
    for step in transfer.rows:
        if step["model"] != label:
            yield step
            continue
        same = SessionDecision.objects.filter(pk__in=step["keys"], done_at=None, responsible=transfer.to_contact_id)
        yield step | {"keys": [str(key) for key in same.values_list("pk", flat=True)]}


def _fits_back(transfer: Transfer) -> bool:
    """Whether the episode is still open, and its service of before has no other open one."""
    for step in transfer.rows:
        if step["model"] == Episode._meta.label:
            moved = Episode.objects.open().filter(pk__in=step["keys"])
            there = Episode.objects.open().filter(client=transfer.client_id, service=step["before"]["service"])
            if moved.count() != len(step["keys"]) or there.exists():
                return False
    return True


def _tell(transfer: Transfer, *, but: Practitioner) -> None:
    """The open pages of both hear that there is news; of a team without a contact person all of it."""
    people: set[UUID | None] = {transfer.from_contact_id, transfer.to_contact_id}
    if transfer.to_contact_id is None:
        members = Practitioner.objects.filter(memberships__team__client_teams__client=transfer.client_id)
        people |= set(members.values_list("pk", flat=True))
    news.tell(person for person in people - {None, but.pk} if person is not None)
