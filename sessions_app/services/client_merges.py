"""Put two records of one person together: everything of one hangs on the other afterwards, and can be taken back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, ClientMerge, Episode, ErasureNotice, Rater
from clients.models.episode import Ending
from clients.services import measurements
from clients.services.client_blocks import refuse_blocked
from clients.services.merged_consents import join_consents
from organisations.audit.record import record_access
from organisations.edits.row_changes import RowChanges
from organisations.models import Capability, CapabilityKind, Practitioner
from sessions_app.models import (
    Alert,
    EmergencyAccess,
    Goal,
    Notice,
    OpenedCase,
    PendingAnswer,
    PlanEvaluation,
    Session,
    SupervisionCase,
    TeamMeetingCase,
    TeamQuestion,
)
from sessions_app.services.built_on_merges import last_events, still_undoable
from sessions_app.services.client_merge_preview import JoinedCourse, MergePreview, open_capabilities, preview_of

ONE, OTHER = "one", "other"


@transaction.atomic
def merge_clients(*, one: Client, other: Client, chosen: Mapping[str, str], seen: str, by: Practitioner) -> ClientMerge:
    """Merge two records. `chosen` says ONE or OTHER for the reference, which decides what record stays, and each field.

    `chosen` is by the first field of a unit that differs, and by "rater-" and the key. `seen` is what the preview
    showed. ValidationError where one is merged already, something stands in the way, or another preview would be shown.
    """
    if one.pk == other.pk:
        raise ValidationError(_("Choose another record than this one."))
    episodes = measurements.lock_episodes([one, other])
    one, other = lock_both(one, other)
    _refuse_merged(one, other, by)
    preview = preview_of(one, other)
    if preview.obstacles:
        raise ValidationError(preview.obstacles)
    if preview.seen != seen:
        raise ValidationError(_("Something was changed meanwhile. Look again at what will happen."), code="changed")
    kept, emptied = (one, other) if chosen["reference"] == ONE else (other, one)
    rows, undoable = RowChanges(), still_undoable(kept, emptied)
    _remember(rows, kept, emptied)
    courses = preview.joined(kept)
    for course in courses:
        _join(rows, course)
    _hang_on(rows, kept, emptied, without=[course.joins.pk for course in courses])
    _put_fields(rows, preview, kept, chosen)
    _empty(rows, kept, emptied)
    _follow(kept, [episode.pk for episode in episodes])
    record_access("client.merge", [kept.pk, emptied.pk])
    merge = ClientMerge.objects.create(
        organisation_id=kept.organisation_id,
        kept=kept,
        emptied=emptied,
        rows=rows.steps,
        last_events=last_events(),
        undoable=undoable,
        merged_by=by,
    )
    if join_consents(merge=merge, kept=kept, emptied=emptied, by=by):
        merge.last_events = last_events()
        merge.save(update_fields=["last_events"])
    return merge


def lock_both(one: Client, other: Client) -> tuple[Client, Client]:
    """Lock the sessions and then the rows of two clients, in the order of their keys; their episodes are locked."""
    keys = [one.pk, other.pk]
    list(Session.objects.select_for_update(of=("self",)).filter(client__in=keys).order_by("pk").values_list("pk"))
    found = {client.pk: client for client in Client.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return found[one.pk], found[other.pk]


def _refuse_merged(one: Client, other: Client, by: Practitioner) -> None:
    """ValidationError where somebody has merged one of the two meanwhile, or it is out of sight by now."""
    for client in (one, other):
        if client.merged_into_id is not None:
            raise ValidationError(
                _("%(reference)s was merged with another record meanwhile. Look at that one.")
                % {"reference": client.reference},
                code="merged",
            )
    if Client.objects.visible_to(by).filter(pk__in=[one.pk, other.pk]).count() < 2:
        raise ValidationError(_("You can only merge records that you both see."), code="unseen")
    refuse_blocked([one, other])


def _remember(rows: RowChanges, kept: Client, emptied: Client) -> None:
    """What follows from the change by itself: alerts with their mails, and forms that no longer fit."""
    alerts = Alert.objects.filter(episode__client__in=[kept, emptied]).order_by("pk")
    rows.keep(Notice.objects.filter(alert__in=alerts.values("pk")).order_by("pk"))
    rows.keep(alerts)
    rows.remember(open_capabilities([kept, emptied]), "revoked_at")


def _join(rows: RowChanges, course: JoinedCourse) -> None:
    """The sessions, goals and evaluations of one open episode become the other's; the empty one ends."""
    stays, joins = course.stays, course.joins
    there = Alert.objects.filter(episode=stays, session=None)  # told apart by rule and day alone
    same = {(alert.rule, alert.raised_on) for alert in there}
    clash = [one.pk for one in joins.alerts.filter(session=None) if (one.rule, one.raised_on) in same]
    rows.change(Alert.objects.filter(episode=joins).exclude(pk__in=clash), episode=stays)
    rows.change(PendingAnswer.objects.filter(episode=joins), episode=stays)
    rows.change(Capability.objects.filter(kind=CapabilityKind.AHEAD, object_id=joins.pk), object_id=stays.pk)
    rows.change(Session.objects.filter(episode=joins), episode=stays)
    rows.change(Goal.objects.filter(episode=joins), episode=stays)
    rows.change(PlanEvaluation.objects.filter(episode=joins), episode=stays)
    rows.change(TeamQuestion.objects.filter(episode=joins), episode=stays)
    rows.change(SupervisionCase.objects.filter(episode=joins), episode=stays)
    # What was shown to a consultant was the course of one record; that of both is opened anew.
    rows.change(OpenedCase.objects.standing().filter(episode__in=[stays, joins]), closed_at=timezone.now())
    met = TeamMeetingCase.objects.filter(episode=stays).values("meeting")
    rows.change(TeamMeetingCase.objects.filter(episode=joins).exclude(meeting__in=met), episode=stays)
    begun = dict([*joins.new_series, *stays.new_series])
    rows.change(
        Episode.objects.filter(pk=stays.pk),
        started_on=min(stays.started_on, joins.started_on),
        label=stays.label or joins.label,
        new_series=[[day, begun[day]] for day in sorted(begun)],
    )
    last = joins.last_session_on or joins.started_on
    ended = {"ended_on": max(last, joins.started_on), "ending": Ending.OTHER}
    rows.change(Episode.objects.filter(pk=joins.pk), **ended)


def _hang_on(rows: RowChanges, kept: Client, emptied: Client, *, without: list[UUID]) -> None:
    """Episodes (`without` those whose sessions were joined), sessions, raters, teams, labels and messages go over.

    Answers, words, alerts, groups and forms given out hang on those.
    """
    rows.change(Episode.objects.filter(client=emptied).exclude(pk__in=without), client=kept)
    rows.change(Session.objects.filter(client=emptied), client=kept)
    rows.change(emptied.transfers.all(), client=kept)
    keys = list(kept.raters.values_list("key", flat=True))
    rows.change(emptied.raters.exclude(key__in=keys), client=kept)
    for rater in emptied.raters.filter(key__in=keys, is_active=True):
        rows.change(kept.raters.filter(key=rater.key, is_active=False), is_active=True)
    teams = list(kept.client_teams.values_list("team", flat=True))
    rows.change(emptied.client_teams.exclude(team__in=teams), client=kept)
    rows.delete(emptied.client_teams.filter(team__in=teams))
    labels = list(kept.labelled.values_list("label", flat=True))
    rows.change(emptied.labelled.exclude(label__in=labels), client=kept)
    rows.delete(emptied.labelled.filter(label__in=labels))
    rows.change(emptied.pair_messages.all(), client=kept)
    rows.change(emptied.blocks.all(), client=kept)  # those that were lifted: with one that holds nothing is merged
    rows.change(EmergencyAccess.objects.filter(client__in=[kept, emptied], ended_at=None), ended_at=timezone.now())
    rows.change(emptied.emergency_accesses.all(), client=kept)
    rows.change(emptied.legal_holds.all(), client=kept)
    # What stood on the list was one half: the night judges both together.
    rows.change(ErasureNotice.objects.standing().filter(client__in=[kept, emptied]), ended_at=timezone.now())
    _hang_rights_on(rows, kept, emptied)


def _hang_rights_on(rows: RowChanges, kept: Client, emptied: Client) -> None:
    """What the person asked for by law, and what is held back or not used because of it."""
    rows.change(emptied.subject_requests.all(), client=kept)
    restricted = kept.restrictions.standing().exists()
    going = emptied.restrictions.exclude(lifted_at=None) if restricted else emptied.restrictions.all()
    rows.change(going, client=kept)
    rows.change(emptied.held_back_passages.all(), client=kept)


def _put_fields(rows: RowChanges, preview: MergePreview, kept: Client, chosen: Mapping[str, str]) -> None:
    """The fields that were chosen from the emptied record; without a choice whatever one of the two says."""
    mine = ONE if kept.pk == preview.one.pk else OTHER
    source = preview.other if mine == ONE else preview.one
    values: dict[str, Any] = {}
    for unit in preview.units:
        if chosen.get(unit[0], mine) != mine:
            values |= {name: getattr(source, name) for name in unit}
    if source.is_protected:
        values["is_protected"] = True
    if kept.archived_at is not None and source.archived_at is None:
        values["archived_at"] = None
    if values:
        rows.change(Client.objects.filter(pk=kept.pk), **values)
    for name, value in values.items():
        setattr(kept, name, value)
    if "first_name" in values:
        rows.remember(Client.objects.filter(pk=kept.pk), "sort_key")
        kept.save(update_fields=["sort_key"])
    for pair in preview.raters:
        here, there = pair if mine == ONE else reversed(pair)
        if chosen.get(f"rater-{here.key}", mine) != mine:
            rows.change(Rater.objects.filter(pk=here.pk), label=there.label)


def _empty(rows: RowChanges, kept: Client, emptied: Client) -> None:
    """Let the emptied record lead to the other one; so do those that were merged into it before."""
    rows.change(Client.objects.filter(merged_into=emptied), merged_into=kept)
    archived_at = emptied.archived_at or timezone.now()
    rows.change(
        Client.objects.filter(pk=emptied.pk), merged_into=kept, archived_at=archived_at, next_on=None, next_at=None
    )


def _follow(kept: Client, keys: list[UUID]) -> None:
    """Summary, alerts and open forms anew, of every episode that was one of the two clients'."""
    for client in (kept, *kept.merged.all()):
        measurements.refresh(client, Episode.objects.filter(pk__in=keys, client=client).order_by("pk"))
