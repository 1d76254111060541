"""Let a simulated partner answer for a practice client: marks and a few words, the same for the same client."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from clients.models import Client
from organisations.models import Practitioner
from sessions_app.measures.instruments.base import OUTCOME
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.simulation.partner import Partner, marks_of, partner_of, which_words
from sessions_app.models import EntryMode, Note, NoteKind, Rating, Session
from sessions_app.services.notes import save_note
from sessions_app.services.ratings import answer_of, record_rating
from sessions_app.texts.practice_partner import SAID


@transaction.atomic
def let_partner_answer(*, session: Session, form: FormKey, partner: str, by: Practitioner) -> Rating:
    """Store what the partner marks on a form, and what they say with it. `partner` is one of Partner; "" is chosen by
    the client's own seed. Who it was is remembered with the client.

    ValidationError for a client who is no practice client, and as in `record_rating`.
    """
    if not session.client.is_practice:
        raise ValidationError(_("Only a practice client has a partner who answers."))
    Client.objects.filter(pk=session.client_id).exclude(practice_partner=partner).update(practice_partner=partner)
    seed, part = str(session.client_id), form.part
    who = Partner(partner) if partner else partner_of(seed)
    number = _answered_before(session, form)
    marks = marks_of(who, part, len(form.instrument.items), number, seed)
    rating = record_rating(
        session=session,
        form=form,
        answer=answer_of(marks),
        entry_mode=EntryMode.DEVICE,
        submission_id=uuid.uuid4(),
        by=by,
    )
    kind = NoteKind.AFTER_ORS if part == OUTCOME else NoteKind.AFTER_SRS
    if not Note.objects.filter(session=session, kind=kind).exists():
        said = SAID[who, part]
        with override(session.client.form_language):
            words = str(said[which_words(who, part, number, seed, len(said))])
        save_note(session=session, kind=kind, text=words, version=0, by=by)
    return rating


def _answered_before(session: Session, form: FormKey) -> int:
    """How many sessions of the episode have an answer to the form already, without this one."""
    earlier = Rating.objects.current().filter(session__episode=session.episode_id, instrument=form.instrument_key)
    return earlier.exclude(session=session.pk).count()
