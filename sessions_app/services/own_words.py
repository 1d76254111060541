"""Who may read a client's own words: whoever works with the client, and others where the client agrees."""

from clients.models import Client, ConsentPurpose
from clients.models.lawful_grounds import Content
from clients.services.consents import may_share
from organisations.database.statements import written_once
from organisations.models import Practitioner
from organisations.roles import Can
from sessions_app.models import Note, NoteQuerySet, reads_words


def may_read_words(by: Practitioner, client: Client) -> bool:
    """Whether a person who sees the client may read the own words too. No query for the contact persons, else one."""
    if by.can(Can.READ_WORDS) and by.pk in (client.contact_id, client.second_contact_id):
        return True
    return bool(_readable(by, client))


@written_once
def _readable(by: Practitioner, client: Client):
    return Client.objects.filter(reads_words(by), pk=client.pk).values_list("pk", flat=True)[:1]


def may_share_words(client: Client) -> bool:
    """Whether the client agrees that the case worker is given the own words. One query."""
    return may_share(client, ConsentPurpose.CASE_WORKER, Content.WORDS)


def may_share_marks(client: Client) -> bool:
    """Whether the case worker may be given a status at all: by law, or because the client agrees. One query."""
    return may_share(client, ConsentPurpose.CASE_WORKER, Content.MARKS)


def notes_for(by: Practitioner | None) -> NoteQuerySet:
    """The notes that a person may read of clients whom they see; all of them for None: the client reads along."""
    return Note.objects.all() if by is None else Note.objects.open_to(by)
