"""Take a merge of two records back, as long as nothing was built on it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, ClientMerge, Episode
from clients.services import measurements
from clients.services.merged_consents import part_consents
from organisations.audit.record import record_access
from organisations.edits.row_changes import put_back
from organisations.models import Practitioner
from sessions_app.services.built_on_merges import last_events, stands_in_the_way
from sessions_app.services.client_merges import lock_both


@transaction.atomic
def undo_merge(*, merge: ClientMerge, by: Practitioner) -> ClientMerge:
    """Bring every row back to where it was; ValidationError where something was built on the merge, or it is undone."""
    pair = [merge.kept, merge.emptied]
    episodes = measurements.lock_episodes(pair)
    kept, emptied = lock_both(*pair)
    merge = ClientMerge.objects.select_for_update(of=("self",)).select_related("kept").get(pk=merge.pk)
    if kept.merged_into_id is not None:
        raise ValidationError(_("The record was merged with another one meanwhile."), code="merged")
    if obstacles := stands_in_the_way(merge):
        raise ValidationError(obstacles)
    put_back(merge.rows)
    part_consents(merge=merge, kept=kept, by=by)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    keys = [episode.pk for episode in episodes]
    for client in Client.objects.filter(pk__in=[kept.pk, emptied.pk]).order_by("pk"):
        measurements.refresh(client, Episode.objects.filter(pk__in=keys, client=client).order_by("pk"))
    # Of those that could be taken back before this one the same holds again: all is as it was then.
    ClientMerge.objects.filter(pk__in=merge.undoable).update(last_events=last_events())
    record_access("client.merge_undo", [kept.pk, emptied.pk])
    return merge


def merges_into(client: Client, by: Practitioner) -> list[ClientMerge]:
    """The merges into a client that stand, the newest first."""
    found = ClientMerge.objects.visible_to(by).standing().filter(kept=client)
    return list(found.select_related("kept", "emptied", "merged_by").order_by("-merged_at"))
