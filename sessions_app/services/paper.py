"""Papers keyed in afterwards: each becomes the answer of a session on its own day."""

import datetime
import uuid
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client
from clients.services.restrictions import refuse_restricted
from organisations.models import Practitioner
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import Attendance, ContactForm, EntryMode, Rating, Session
from sessions_app.services.ratings import Answer, record_rating
from sessions_app.services.sessions import record_past_session
from sessions_app.wording.choice import words_in_use


@transaction.atomic
def record_paper(
    *,
    client: Client,
    held_on: datetime.date,
    form: FormKey,
    answer: Answer,
    submission_id: uuid.UUID,
    by: Practitioner,
    entry_mode: EntryMode = EntryMode.PAPER,
    words: Mapping[str, str] | None = None,
) -> Rating:
    """Store one paper's answer at the client's session of that day; a day without one gets one.

    `words` as `record_rating` takes them; without them its wording is taken to be the one that the client's sheets
    are printed in now.

    Safe to repeat with the same `submission_id`. ValidationError as `record_past_session` and `record_rating`, and
    where the client has several sessions that day, and where nothing of the client is used for now.
    """
    stored = Rating.objects.filter(submission_id=submission_id).select_related("session").first()
    if stored is not None:
        if stored.session.client_id != client.pk or stored.total != answer.total:
            raise ValidationError(_("This row is stored already with other marks. Correct it on the session's page."))
        return stored
    refuse_restricted(client)
    session = _session_of(client, held_on) or _new_session(client, held_on, submission_id, by)
    if words is None:
        words = words_in_use(organisation_id=client.organisation_id, form=form, language=client.form_language)
    return record_rating(
        session=session,
        form=form,
        answer=answer,
        entry_mode=entry_mode,
        submission_id=submission_id,
        by=by,
        words=words,
    )


def _session_of(client: Client, held_on: datetime.date) -> Session | None:
    """The client's one session of that day, None without any; the client is locked."""
    # Two rows of one new day must not both begin a session.
    Client.objects.select_for_update().get(pk=client.pk)
    that_day = Session.objects.valid().filter(client=client, held_on=held_on, attendance=Attendance.ATTENDED)
    found = list(that_day.select_related("client")[:2])
    if len(found) > 1:
        raise ValidationError(
            {"held_on": _("The client has several sessions that day. Key this paper in on the session's own page.")}
        )
    return found[0] if found else None


def _new_session(client: Client, held_on: datetime.date, submission_id: uuid.UUID, by: Practitioner) -> Session:
    return record_past_session(
        client=client,
        by=by,
        held_on=held_on,
        contact_form=ContactForm.IN_PERSON,
        attendance=Attendance.ATTENDED,
        answers={},
        entry_mode=EntryMode.PAPER,
        skipped={},
        submission_id=uuid.uuid5(submission_id, "session"),
    )
