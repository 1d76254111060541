"""Create, change, archive and restore a client."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, ClientLabel, ClientTeam, LabelledClient
from clients.models.form_languages import languages_of
from clients.services import measurements
from organisations.audit.record import record_access
from organisations.edits.versions import RowVersion, merge, values_of
from organisations.models import Practitioner, Team, normal_form, straight
from organisations.services.local_day import today_in

OLDEST = 120  # years


@transaction.atomic
def create_client(*, by: Practitioner, teams: Iterable[Team], labels: Iterable[ClientLabel] = (), **fields) -> Client:
    """A new client of at least one team; ValidationError for a taken reference or a national id.

    Without a word about the contact person it is whoever makes the client, where that is somebody who can be.
    """
    if by.can_be_contact and fields.get("second_contact") != by:
        fields.setdefault("contact", by)
    client = Client(organisation_id=by.organisation_id, **fields)
    _refuse_no_contact(client, fields)
    _check(client)
    client.save(force_insert=True)
    _set_teams(client, set(teams))
    _set_labels(client, labels)
    record_access("client.create", [client.pk])
    return client


@transaction.atomic
def update_client(*, client: Client, by: Practitioner, version: RowVersion | None = None, **fields) -> Client:
    """Change these fields of a client. Teams that `by` may not choose from stay as they are.

    What is worked out from them follows; whoever becomes a practice client has no form given out any more.
    StoredMeanwhile by `version` as in `merge`.
    """
    episodes = measurements.lock_episodes([client]) if fields.keys() & set(measurements.WORKED_FROM) else []
    client = lock_client(client)
    before, was_practice = measurements.facts_of(client), client.is_practice
    fields = merge(version, agreed_with(client, own_teams(by), fields), fields)
    teams, labels = fields.pop("teams", None), fields.pop("labels", None)
    changed = {name for name, value in fields.items() if getattr(client, name) != value}
    for name, value in fields.items():
        setattr(client, name, value)
    _refuse_no_contact(client, changed)
    if was_practice and not client.is_practice and _teams_beyond(client, by):
        raise ValidationError({"is_practice": _("Another team sees this practice client. End that first.")})
    if changed & {"contact", "second_contact"}:
        # Words of a hand-over are about the contact person whom it was to; the next session is for one of the two.
        client.contact_since, client.contact_note, client.returns_to = None, "", None
        if "next_contact" not in changed and client.next_contact_id not in _pair_of(client):
            client.next_contact = None
    _check(client)
    # Of a day that is taken away the time goes too.
    handed = ("contact_since", "contact_note", "returns_to")
    client.save(update_fields=[*fields, "next_at", "next_contact", "sort_key", *handed])
    _set_teams(client, set(client.teams.all() if teams is None else [*teams, *_teams_beyond(client, by)]))
    if labels is not None:
        _set_labels(client, labels)
    if measurements.facts_of(client) != before:
        measurements.refresh(client, episodes)
    if client.is_practice and not was_practice:
        measurements.close_forms(episodes)
    record_access("client.update", [client.pk])
    return client


def agreed_with(client: Client, mine: Iterable[Team], names: Iterable[str]) -> dict[str, Any]:
    """Return the client's stored values of the fields `names`; of the teams only those among `mine`.

    Of the labels those that the organisation still uses.
    """
    stored = values_of(client, names)
    if "labels" in stored:
        stored["labels"] = [label for label in stored["labels"] if label.retired_at is None]
    if "teams" in stored:
        mine = set(mine)
        stored["teams"] = [team for team in stored["teams"] if team in mine]
    return stored


@transaction.atomic
def assign_teams(*, client: Client, by: Practitioner, teams: Iterable[Team], version: RowVersion | None = None) -> None:
    """Set a client's teams; for admins, who see no more of a client than this. StoredMeanwhile as in `merge`."""
    client = lock_client(client)
    chosen = merge(version, agreed_with(client, own_teams(by), ["teams"]), {"teams": list(teams)})["teams"]
    _replace_teams(client, set(chosen))
    for name in ("contact", "second_contact"):
        _refuse_unseeing(client, name, "teams")
    record_access("client.assign_teams", [client.pk])


@transaction.atomic
def archive_client(*, client: Client, by: Practitioner) -> None:
    """Take a client out of the lists; refused while an episode is open. Once more changes nothing.

    Forms that were given out are closed.
    """
    episodes = measurements.lock_episodes([client])
    client = lock_client(client)
    if client.archived_at is not None:
        return
    if client.episodes.open().exists():
        raise ValidationError(_("End the open episode first; then the client can be archived."))
    client.archived_at = timezone.now()
    client.next_on = client.next_at = None
    client.save(update_fields=["archived_at", "next_on", "next_at"])
    measurements.close_forms(episodes)
    record_access("client.archive", [client.pk])


@transaction.atomic
def restore_client(*, client: Client, by: Practitioner) -> None:
    """Bring an archived client back into the lists."""
    client = lock_client(client)
    client.archived_at = None
    client.save(update_fields=["archived_at"])
    record_access("client.restore", [client.pk])


def lock_client(client: Client) -> Client:
    """The client FOR UPDATE; ValidationError where the record was merged with another one meanwhile."""
    locked = Client.objects.select_for_update().get(pk=client.pk)
    if locked.merged_into_id is not None:
        raise ValidationError(_("This record was merged with another one meanwhile. Open that one."), code="merged")
    return locked


def own_teams(practitioner: Practitioner):
    """The teams that a person may put a client into: their own; all for an admin."""
    teams = Team.objects.visible_to(practitioner).select_related("service").order_by("service__name", "name")
    if practitioner.role == "admin":
        return teams
    return teams.filter(memberships__practitioner=practitioner)


def _teams_beyond(client: Client, by: Practitioner) -> set[Team]:
    mine = set(own_teams(by))
    return {team for team in client.teams.all() if team not in mine}


def _check(client: Client) -> None:
    """Bring a client's fields into their form; ValidationError for what does not fit."""
    client.reference = straight(client.reference)
    if client.next_on is None:
        client.next_at = None
    if client.next_contact_id is not None and client.next_contact_id not in _pair_of(client):
        # The constraint says so too; here the sentence finds its field.
        raise ValidationError({"next_contact": _("Choose one of the two contact persons for the next session.")})
    if normal_form(client.reference) != client.reference_key:
        client.twin = 0  # a reference of its own from now on
    same = Client.objects.filter(organisation=client.organisation_id, twin=client.twin).named(client.reference)
    if same.exclude(pk=client.pk).exists():
        # The constraint says so too; here the sentence finds its field, also for a client one cannot see.
        raise ValidationError({"reference": _("There is already a client with that reference.")})
    if client.birth_month is not None and client.birth_year is None:
        raise ValidationError({"birth_month": _("Write the year of birth as well.")})
    _check_birth_year(client)
    if client.form_language not in {code for code, _name in languages_of(client.organisation_id)}:
        # One whose licence has ended meanwhile stays; the forms fall back by themselves.
        before = Client.objects.filter(pk=client.pk).values_list("form_language", flat=True).first()
        if before != client.form_language:
            raise ValidationError({"form_language": _("There are no words in that language here.")})
    client.full_clean()


def _check_birth_year(client: Client) -> None:
    """ValidationError for a year in which nobody who can come was born. One that stands already stays."""
    year, today = client.birth_year, today_in(client.organisation)
    if year is None or today.year - OLDEST <= year <= today.year:
        return
    if Client.objects.filter(pk=client.pk, birth_year=year).exists():
        return
    limits = {"first": today.year - OLDEST, "last": today.year}
    raise ValidationError({"birth_year": _("A year from %(first)d to %(last)d.") % limits})


def _set_teams(client: Client, teams: set[Team]) -> None:
    """Let the client be helped by these; ValidationError without any, or where a contact person is in none."""
    if not teams:
        raise ValidationError({"teams": _("Choose at least one team; else nobody could see the client.")})
    _replace_teams(client, teams)
    for name in ("contact", "second_contact"):
        _refuse_unseeing(client, name, name)


def _set_labels(client: Client, labels: Iterable[ClientLabel]) -> None:
    """Let the client have these labels; those that the organisation has retired stay as they are, out of sight."""
    chosen = {label.pk for label in labels}
    client.labelled.filter(label__retired_at=None).exclude(label__in=chosen).delete()
    standing = set(client.labelled.values_list("label_id", flat=True))
    LabelledClient.objects.bulk_create(
        LabelledClient(organisation_id=client.organisation_id, client=client, label_id=key)
        for key in sorted(chosen - standing)
    )


def _pair_of(client: Client) -> set[UUID]:
    """The keys of the client's contact persons."""
    return {key for key in (client.contact_id, client.second_contact_id) if key}


def _replace_teams(client: Client, teams: set[Team]) -> None:
    client.client_teams.exclude(team__in=teams).delete()
    standing = set(client.client_teams.values_list("team_id", flat=True))
    ClientTeam.objects.bulk_create(
        ClientTeam(organisation_id=client.organisation_id, client=client, team=team)
        for team in teams
        if team.pk not in standing
    )


def _refuse_no_contact(client: Client, names: Collection[str]) -> None:
    """ValidationError where one of these fields names a contact person who cannot be one."""
    for name in {"contact", "second_contact"} & set(names):
        contact: Practitioner | None = getattr(client, name)
        if contact is not None and not contact.can_be_contact:
            raise ValidationError(
                {
                    name: _("%(name)s cannot be a contact person: that is somebody who logs in and sees the client.")
                    % {"name": contact.name}
                }
            )


def _refuse_unseeing(client: Client, name: str, field: str) -> None:
    """ValidationError on `field` where the contact person `name` is in none of the client's teams."""
    contact: Practitioner | None = getattr(client, name)
    if contact is not None and not Client.objects.visible_to(contact).filter(pk=client.pk).exists():
        raise ValidationError(
            {
                field: _(
                    "%(name)s is a contact person and in none of the client's teams, and could not see the client."
                )
                % {"name": contact.name}
            }
        )
