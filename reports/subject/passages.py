"""Hold a passage back from what a client is given, and give it free again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, HeldBackPassage
from clients.services.clients import lock_client
from organisations.audit.record import record_access
from organisations.models import Practitioner
from reports.subject.held_back import texts_in
from reports.subject.rows import read_tables


@transaction.atomic
def hold_back(*, client: Client, passage: str, reason: str, by: Practitioner) -> HeldBackPassage:
    """Keep these words out. ValidationError where they stand nowhere, and without a reason."""
    client = lock_client(client)
    passage = passage.replace("\r\n", "\n").strip()
    if not passage or not any(passage in one.text for one in texts_in(read_tables(client))):
        raise ValidationError({"passage": _("These words stand in no text about the client. Copy them as they are.")})
    held = HeldBackPassage(
        organisation_id=client.organisation_id, client=client, passage=passage, reason=reason.strip(), held_by=by
    )
    held.clean_fields(exclude=["organisation", "client", "held_by", "given_free_by"])
    held.save(force_insert=True)
    record_access("subject.hold_back", [client.pk])
    return held


@transaction.atomic
def give_free(*, held: HeldBackPassage, by: Practitioner) -> HeldBackPassage:
    """The client is given these words after all; twice changes nothing."""
    held = HeldBackPassage.objects.select_for_update(of=("self",)).get(pk=held.pk)
    if held.given_free_at is None:
        held.given_free_at, held.given_free_by = timezone.now(), by
        held.save(update_fields=["given_free_at", "given_free_by"])
    record_access("subject.give_free", [held.client_id])
    return held
