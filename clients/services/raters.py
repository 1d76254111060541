"""Who rates a client beside the client: added, renamed, and asked no longer."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client, Rater
from clients.services.clients import lock_client
from organisations.audit.record import record_access
from organisations.edits.versions import RowVersion, merge, write
from organisations.models import Practitioner

MOST = 5  # with the client's own there are six curves, which can still be told apart


@transaction.atomic
def add_rater(*, client: Client, relation: str, label: str, by: Practitioner) -> Rater:
    """One more person who rates the client; ValidationError when there are five already."""
    client = lock_client(client)
    if client.raters.active().count() >= MOST:
        raise ValidationError(_("Five people beside the client are enough. Ask one of them no longer first."))
    same = client.raters.filter(relation=relation).count()
    key = f"{relation}-{same + 1}" if same else relation
    rater = Rater(
        organisation_id=client.organisation_id, client=client, key=key, relation=relation, label=" ".join(label.split())
    )
    rater.full_clean(exclude=["organisation", "client"])
    rater.save(force_insert=True)
    record_access("client.add_rater", [client.pk], purpose=key)
    return rater


@transaction.atomic
def rename_rater(*, rater: Rater, label: str, by: Practitioner, version: RowVersion | None = None) -> Rater:
    """Call a rater something else, or with "" by the relation; the key and the series stay.

    StoredMeanwhile by `version` as in `merge`.
    """
    rater = Rater.objects.select_for_update().get(pk=rater.pk)
    label = merge(version, {"label": rater.label}, {"label": " ".join(label.split())})["label"]
    write(rater, {"label": label}, exclude=["organisation", "client"])
    record_access("client.rename_rater", [rater.client_id], purpose=rater.key)
    return rater


@transaction.atomic
def set_rater_active(*, rater: Rater, is_active: bool, by: Practitioner) -> Rater:
    """Ask a person no longer, or again; what they have marked stays."""
    lock_client(rater.client)
    rater = Rater.objects.select_for_update().get(pk=rater.pk)
    active = Rater.objects.filter(client=rater.client_id).active()
    if is_active and not rater.is_active and active.count() >= MOST:
        raise ValidationError(_("Five people beside the client are enough. Ask one of them no longer first."))
    rater.is_active = is_active
    rater.save(update_fields=["is_active"])
    record_access("client.set_rater", [rater.client_id], purpose=rater.key)
    return rater
