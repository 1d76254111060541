"""Files for the record that a client's no closes: what they hold may not be handed on any longer."""

from django.db.models import Q, QuerySet
from django.utils.translation import ngettext_lazy

from clients.models import Client, ConsentPurpose
from clients.services.consent_closings import ConsentClosing
from sessions_app.models import RecordFile
from sessions_app.services.record_files import close_shared, shared_of


def count_of_colleagues(client: Client) -> int:
    """How many files somebody has asked for who is no contact person."""
    return _of_colleagues(client).count()


def close_of_colleagues(client: Client) -> None:
    """Delete those, and those that are still being made."""
    _of_colleagues(client).delete()


def _of_colleagues(client: Client) -> QuerySet[RecordFile]:
    contacts = [key for key in (client.contact_id, client.second_contact_id) if key]
    return RecordFile.objects.filter(~Q(asked_by__in=contacts), episode__client=client)


CLOSINGS = (
    ConsentClosing(
        ConsentPurpose.CASE_WORKER,
        ngettext_lazy("%(count)d file for the case worker", "%(count)d files for the case worker", "count"),
        shared_of,
        close_shared,
    ),
    ConsentClosing(
        ConsentPurpose.TEAM,
        ngettext_lazy("%(count)d file of a colleague", "%(count)d files of colleagues", "count"),
        count_of_colleagues,
        close_of_colleagues,
    ),
)
