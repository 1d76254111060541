"""Take a merge of two records back, as long as nothing was built on it."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clients.models import Client, ClientMerge, ClientTeam, Episode, Rater
from clients.services import measurements
from organisations.audit.record import record_access
from organisations.edits.row_changes import put_back
from organisations.history.tracking import event_model_of
from organisations.models import Capability, Practitioner
from sessions_app.models import (
    Alert,
    ConflictingAnswer,
    GroupMember,
    Note,
    PendingAnswer,
    Rating,
    RatingDraft,
    Session,
)
from sessions_app.services.client_merges import lock_both

BuiltOn = tuple[str | Promise, Callable[[ClientMerge], bool]]


def _later(model: type, path: str) -> Callable[[ClientMerge], bool]:
    """Whether the history of a table's rows of the client goes on after the merge; the rows' client stands at `path`."""

    def found(merge: ClientMerge) -> bool:
        rows = model._default_manager.filter(**{path: merge.kept_id}).values("pk")  # type: ignore[attr-defined]
        events = event_model_of(model).objects.filter(pgh_id__gt=merge.last_events[model._meta.label])  # type: ignore[attr-defined]
        return events.filter(pgh_obj__in=rows).exists()

    return found


def _teams_changed(merge: ClientMerge) -> bool:
    events = event_model_of(ClientTeam).objects.filter(pgh_id__gt=merge.last_events[ClientTeam._meta.label])
    return events.filter(client=merge.kept_id).exists()


def _given_out(merge: ClientMerge) -> bool:
    sessions = Session.objects.filter(client=merge.kept_id).values("pk")
    episodes = Episode.objects.filter(client=merge.kept_id).values("pk")
    about = Q(object_id__in=sessions) | Q(object_id__in=episodes)
    return Capability.objects.filter(about, created_at__gt=merge.merged_at).exists()


def _marked(merge: ClientMerge) -> bool:
    return RatingDraft.objects.filter(session__client=merge.kept_id, kept_at__gt=merge.merged_at).exists()


def _seen(merge: ClientMerge) -> bool:
    return Alert.objects.filter(episode__client=merge.kept_id, acknowledged_at__gt=merge.merged_at).exists()


BUILT_ON: tuple[BuiltOn, ...] = (
    (lazy("Sessions were held or changed since."), _later(Session, "client")),
    (lazy("Answers came or were corrected since."), _later(Rating, "session__client")),
    (lazy("Somebody decided between two answers since."), _later(ConflictingAnswer, "rating__session__client")),
    (lazy("Answers that wait for a decision came or were decided since."), _later(PendingAnswer, "episode__client")),
    (lazy("Lines were marked on a form that is not finished."), _marked),
    (lazy("Forms were given out since."), _given_out),
    (lazy("Words of the client were written down since."), _later(Note, "session__client")),
    (lazy("Alerts were seen since."), _seen),
    (lazy("Episodes were opened, ended or changed since."), _later(Episode, "client")),
    (lazy("The client's part in a group was changed since."), _later(GroupMember, "session__client")),
    (lazy("Who else rates was changed since."), _later(Rater, "client")),
    (lazy("The client's teams were changed since."), _teams_changed),
    (lazy("What is agreed with the client was changed since."), _later(Client, "pk")),
)


def stands_in_the_way(merge: ClientMerge) -> list[str]:
    """Why a merge can no longer be taken back, in sentences; [] where it can."""
    kept = merge.kept
    if merge.undone_at is not None:
        return [_("This was taken back already.")]
    later = ClientMerge.objects.standing().filter(kept=kept, merged_at__gt=merge.merged_at).select_related("emptied")
    if references := sorted(each.emptied.reference for each in later):
        said = _("Another record was merged into this one later: %(references)s. Take that back first.")
        return [said % {"references": ", ".join(references)}]
    return [str(words) for words, is_built in BUILT_ON if is_built(merge)]


@transaction.atomic
def undo_merge(*, merge: ClientMerge, by: Practitioner) -> ClientMerge:
    """Bring every row back to where it was. The same once more changes nothing.

    ValidationError where something was built on the merge.
    """
    pair = [merge.kept, merge.emptied]
    episodes = measurements.lock_episodes(pair)
    kept, emptied = lock_both(*pair)
    merge = ClientMerge.objects.select_for_update(of=("self",)).select_related("kept").get(pk=merge.pk)
    if merge.undone_at is not None:
        return merge
    if kept.merged_into_id is not None:
        raise ValidationError(_("The record was merged with another one meanwhile."), code="merged")
    if obstacles := stands_in_the_way(merge):
        raise ValidationError(obstacles)
    put_back(merge.rows)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    keys = [episode.pk for episode in episodes]
    for client in Client.objects.filter(pk__in=[kept.pk, emptied.pk]).order_by("pk"):
        measurements.refresh(client, Episode.objects.filter(pk__in=keys, client=client).order_by("pk"))
    record_access("client.merge_undo", [kept.pk, emptied.pk])
    return merge


def merges_into(client: Client, by: Practitioner) -> list[ClientMerge]:
    """The merges into a client that stand, the newest first."""
    found = ClientMerge.objects.visible_to(by).standing().filter(kept=client)
    return list(found.select_related("kept", "emptied", "merged_by").order_by("-merged_at"))
