"""Block a client for other units, and lift that; and mark that nobody may tell where a client is.

A block narrows `Client.visible_to`: the contact persons, the teams and the people that are named see the client, and
for everybody else there is no such client. Nobody's role goes round it: who needs the client all the same opens them in
an emergency, and that is told.
"""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, ClientBlock, Episode, Rater
from clients.services.clients import lock_client
from clients.texts.protection import NOT_TOLD
from organisations.audit import record
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.models import Practitioner, Service, Team
from organisations.roles import CARING


def standing_block(client: Client) -> ClientBlock | None:
    """The block that holds now; one query."""
    return next(iter(_standing(client)), None)


@written_once
def _standing(client: Client):
    return ClientBlock.objects.standing().filter(client=client).select_related("made_by").order_by("pk")[:1]


def blocks_of(client: Client, by: Practitioner) -> QuerySet[ClientBlock]:
    """All of them, the newest first."""
    return (
        ClientBlock.objects.visible_to(by).filter(client=client).select_related("made_by", "lifted_by").newest_first()
    )


def teams_to_name(client: Client, by: Practitioner) -> QuerySet[Team]:
    """The client's own teams: a block lets nobody in who was out. Of a protected one those that `by` works in too."""
    teams = client.teams.select_related("service").order_by("service__name", "name")
    return teams if may_know_place(by, client) else teams.filter(memberships__practitioner=by)


def people_to_name(client: Client) -> QuerySet[Practitioner]:
    """Who sees the client without a block and is not their contact person, who sees them anyway."""
    teams = client.client_teams.values("team")
    people = Practitioner.objects.filter(organisation=client.organisation_id, memberships__team__in=teams).contacts()
    pair = [key for key in (client.contact_id, client.second_contact_id) if key]
    return people.exclude(pk__in=pair).distinct().order_by("name", "pk")


def seeing(people: QuerySet[Practitioner], client: Client) -> QuerySet[Practitioner]:
    """Of people in the client's teams those whom no block leaves out."""
    block = ClientBlock.objects.standing().filter(client=client).first()
    if block is None:
        return people
    pair = [key for key in (client.contact_id, client.second_contact_id) if key]
    named = Practitioner.objects.filter(memberships__team__in=block.teams, organisation=client.organisation_id)
    return people.filter(Q(pk__in=[*pair, *block.people]) | Q(pk__in=named.values("pk")))


@transaction.atomic
def block_client(
    *, client: Client, teams: Iterable[Team], people: Iterable[Practitioner], wish: str, reason: str, by: Practitioner
) -> ClientBlock:
    """Let only the contact persons and who is named see a client; whoever sets it is among them.

    ValidationError where the client is blocked already.
    """
    client = lock_client(client)
    _refuse_unseen(client, by)
    if standing_block(client) is not None:
        raise ValidationError(_("The client is blocked already. Lift that first, then block anew."))
    in_teams, named = {team.pk for team in teams}, {person.pk for person in people}
    block = ClientBlock(
        organisation_id=client.organisation_id,
        client=client,
        teams=sorted(in_teams),
        people=sorted(named | _oneself(client, in_teams, by)),
        wish=wish,
        reason=reason.strip(),
        made_by=by,
    )
    block.full_clean()
    block.save(force_insert=True)
    record_access("client.block", [client.pk])
    return block


@transaction.atomic
def lift_block(*, client: Client, lift_reason: str, by: Practitioner) -> None:
    """Let the client's teams see them again. Lifting it again changes nothing."""
    client = lock_client(client)
    _refuse_unseen(client, by)
    block = ClientBlock.objects.select_for_update(of=("self",)).standing().filter(client=client).first()
    if block is None:
        return
    block.lifted_by, block.lifted_at, block.lift_reason = by, timezone.now(), lift_reason.strip()
    block.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    record_access("client.unblock", [client.pk])


@transaction.atomic
def set_protected(*, client: Client, is_protected: bool, by: Practitioner) -> None:
    """Mark that nobody may tell where a client is, or take the mark away."""
    client = lock_client(client)
    _refuse_unseen(client, by)
    if client.is_protected != is_protected:
        client.is_protected = is_protected
        client.save(update_fields=["is_protected"])
    record_access("client.protect" if is_protected else "client.unprotect", [client.pk])


def may_know_place(by: Practitioner, client: Client) -> bool:
    """Whether somebody is shown names that tell where a protected client is: the contact persons are, and where there
    is none whoever of the teams sees the client. Without the mark everybody. No query.
    """
    if not client.is_protected:
        return True
    pair = {key for key in (client.contact_id, client.second_contact_id) if key}
    return by.role in CARING and (by.pk in pair if pair else True)


def knowing_place(by: Practitioner, path: str = "") -> Q:
    """The same as a condition on clients, for looking rows up by a place; `path` leads to the client ("client__")."""
    if by.role not in CARING:
        return Q(**{f"{path}is_protected": False})
    pair = Q(**{f"{path}contact": by}) | Q(**{f"{path}second_contact": by})
    nobody = Q(**{f"{path}contact": None, f"{path}second_contact": None})
    return Q(**{f"{path}is_protected": False}) | pair | nobody


def place_shown(place: Team | Service, client: Client, by: Practitioner) -> str:
    """The name of a service or team of a client, or that it is protected."""
    return str(place) if may_know_place(by, client) else str(NOT_TOLD)


def course_shown(episode: Episode, by: Practitioner) -> str:
    """What an episode is called: by its label, else by its service."""
    return episode.label or place_shown(episode.service, episode.client, by)


def told_labels(client: Client, raters: Iterable[Rater]) -> list[Rater]:
    """A client's raters, without what they are called where that is not told: a school, say, tells where a child is.

    By whose request this is. Jobs make files, which nobody knows the reader of; the client's own form tells them.
    """
    found, acts = list(raters), record.who_acts()
    if not client.is_protected or acts is None:
        return found
    pair = {key for key in (client.contact_id, client.second_contact_id) if key}
    if acts.practitioner_id is None:
        is_told = acts.role != record.SYSTEM
    else:
        is_told = acts.role in CARING and (acts.practitioner_id in pair if pair else True)
    if not is_told:
        for rater in found:
            rater.label = ""
    return found


def refuse_blocked(clients: Iterable[Client]) -> None:
    """ValidationError before two records are merged of which one is blocked: who sees it would change unsaid."""
    if ClientBlock.objects.standing().filter(client__in=list(clients)).exists():
        raise ValidationError(_("One of the two is blocked for other units. Lift the block first, and set it anew."))


def refuse_named(teams: Iterable[Team]) -> None:
    """ValidationError before a team is merged into another one that a block names: more people would see the client."""
    keys = [team.pk for team in teams]
    if ClientBlock.objects.standing().filter(teams__overlap=keys).exists():
        raise ValidationError(
            _("A client is shown to this team alone. Whoever helps them has to lift the block first, and set it anew.")
        )


def _oneself(client: Client, teams: set[UUID], by: Practitioner) -> set[UUID]:
    """The key of whoever blocks, unless they see the client anyway: nobody shuts themselves out by mistake."""
    is_contact = by.pk in (client.contact_id, client.second_contact_id)
    return set() if is_contact or by.memberships.filter(team__in=teams).exists() else {by.pk}


def _refuse_unseen(client: Client, by: Practitioner) -> None:
    """Somebody may have blocked the client for this person meanwhile."""
    if not Client.objects.visible_to(by).filter(pk=client.pk).exists():
        raise ValidationError(_("You do not see this client any more."))
