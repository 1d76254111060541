"""Forms that are begun and not finished, as pages list them."""

from collections.abc import Iterable
from dataclasses import dataclass

from clients.models import Client
from organisations.database.statements import written_once
from organisations.models import Organisation, Practitioner
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import RatingDraft, Session
from sessions_app.services.drafts import goes_on_a_device
from sessions_app.texts.instruments import form_name


@dataclass(frozen=True)
class DraftRow:
    """One unfinished form: `done` of `all` marks; `today` while the client can go on with it on a device."""

    draft: RatingDraft
    form: FormKey
    name: str
    done: int
    all: int
    today: bool


def draft_rows(drafts: Iterable[RatingDraft], organisation: Organisation) -> list[DraftRow]:
    """The rows of drafts whose sessions are loaded."""
    return [
        DraftRow(
            draft,
            draft.form,
            form_name(draft.form, {}, draft.pack),
            len(draft.given),
            len(draft.marks),
            goes_on_a_device(draft, organisation),
        )
        for draft in drafts
    ]


def unfinished_drafts(by: Practitioner, **of: object):
    """Return the drafts of the sessions that count and that `by` may see, the newest first.

    `of` narrows it down: `session=...`, `session__client=...`.
    """
    found = RatingDraft.objects.visible_to(by).of_counting_sessions().filter(**of)
    return found.select_related("session__client").order_by("-kept_at", "pk")


def unfinished_of_session(by: Practitioner, session: Session) -> list[DraftRow]:
    """Return the drafts of a session that `unfinished_drafts` finds as rows of a page; one query."""
    return draft_rows(_drafts_of_session(by, session), by.organisation)


def unfinished_of_client(by: Practitioner, client: Client) -> list[DraftRow]:
    """As `unfinished_of_session`, of the sessions of a client; one query."""
    return draft_rows(_drafts_of_client(by, client), by.organisation)


@written_once
def _drafts_of_session(by: Practitioner, session: Session):
    return unfinished_drafts(by, session=session)


@written_once
def _drafts_of_client(by: Practitioner, client: Client):
    return unfinished_drafts(by, session__client=client)


def has_unfinished(by: Practitioner) -> bool:
    """Whether `unfinished_drafts` finds any; one query."""
    return bool(_any_unfinished(by))


@written_once
def _any_unfinished(by: Practitioner):
    return RatingDraft.objects.visible_to(by).of_counting_sessions().values_list("pk", flat=True)[:1]
