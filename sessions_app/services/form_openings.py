"""What the page of a form needs to know before it is shown, in one round trip: a client waits for those.

As `pending_answers.form_language`, `drafts.draft_of` and the choice of `wording.choice` one after the other. It holds
for the forms of a session, which nearly all are; those that were sent ahead, or after the end, are asked for there.
"""

from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from organisations.audit.record import record_access
from organisations.models import Capability, CapabilityKind
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import CLIENT

OF_A_SESSION = (CapabilityKind.HANDOVER, CapabilityKind.LINK)
# The newest confirmed licence that covers today where the organisation is, of a pack for whoever fills the form in.
_OPENING = """
    SELECT session.client_id, client.form_language, house.name, house.privacy_contact, house.form_speaks_numbers,
        EXISTS (
            SELECT FROM sessions_app_ratingdraft draft
            WHERE draft.session_id = session.id AND draft.instrument = %(instrument)s AND draft.rater = %(rater)s
        ),
        coalesce((
            SELECT pack.pack || '@' || pack.version
            FROM sessions_app_packlicence licence JOIN sessions_app_pack pack ON pack.id = licence.pack_id
            WHERE licence.organisation_id = house.id AND licence.confirmed_at IS NOT NULL AND pack.withdrawn_at IS NULL
                AND pack.instrument = %(instrument)s
                AND pack.language = lower(split_part(client.form_language, '-', 1))
                AND coalesce(licence.valid_until >= (%(now)s AT TIME ZONE house.time_zone)::date, true)
                AND (coalesce(pack.content ->> 'rater', %(client)s) = %(client)s) = (%(rater)s = %(client)s)
            ORDER BY pack.imported_at DESC, pack.id DESC LIMIT 1
        ), '')
    FROM sessions_app_session session
    JOIN clients_client client ON client.id = session.client_id
    JOIN organisations_organisation house ON house.id = session.organisation_id
    WHERE session.id = %(session)s
"""


class FormOpening(NamedTuple):
    """Whose form it is and in which language, what its organisation has set, and which words are in force.

    `pack` is "id@version", empty for our own words. `has_draft`: marks of it are kept, shown or not.
    """

    client_id: UUID
    language: str
    responsible: str
    contact: str
    numbers: bool
    has_draft: bool
    pack: str


def read_opening(capability: Capability) -> FormOpening | None:
    """What stands about a form of a session, and on record; None for another form, or one whose session is gone."""
    if capability.kind not in OF_A_SESSION:
        return None
    form = FormKey.parse(capability.detail)
    asked: dict[str, Any] = {"instrument": form.instrument_key, "rater": form.rater, "client": CLIENT}
    with connection.cursor() as cursor:
        cursor.execute(_OPENING, asked | {"session": capability.object_id, "now": timezone.now()})
        row = cursor.fetchone()
    if row is None:
        return None
    record_access("form.open", [row[0]])
    return FormOpening._make(row)
