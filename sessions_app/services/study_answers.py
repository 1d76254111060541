"""Answers in the arm of a study that sees no feedback. This is the one place where it is decided that none is shown.

Of a client whose `feedback_withheld` is set, only periodic forms (WHO-5) are asked for, so that no curve of ORS or SRS
begins; and what they answer becomes no rating but a StudyAnswer. Pages, files, alerts, results and the API read
ratings, so there is nothing for them to leave out. When the client is out of the study, or it is closed, the answers
become ratings, as they would have been.
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, Episode
from clients.services.clients import lock_client
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import PERIODIC
from sessions_app.models import EntryMode, Rating, Session, StudyAnswer, StudyParticipant
from sessions_app.services.summary import lock_episode, measurements_changed

RELEASE = "sessions_app.tasks.release_study_answers"
FACTS = ("instrument", "marks", "total", "language", "pack", "device_time", "late", "submission_id", "created_at")


def withholds(client: Client, form: FormKey) -> bool:
    """Whether an answer of this client to this form is kept from everybody for now."""
    return client.feedback_withheld and form.instrument.part == PERIODIC


def may_ask(client: Client, form: FormKey) -> bool:
    """Whether the form may be asked for: of a client without feedback the periodic ones only."""
    return not client.feedback_withheld or form.instrument.part == PERIODIC


def refuse_withheld(session: Session, form: FormKey) -> None:
    """ValidationError where staff, or another system, would write down what nobody here may see."""
    if withholds(session.client, form):
        raise ValidationError(
            _("In the study nobody sees these answers: the client fills in the form on a device."), code="study"
        )


def keep(
    session: Session,
    form: FormKey,
    marks: Sequence[int],
    submission_id: uuid.UUID,
    *,
    is_doubtful: bool = False,
    device_time: str = "",
    late: bool = False,
    language: str = "",
    pack: str = "",
    created_at: datetime.datetime | None = None,
) -> bool:
    """Keep an answer apart, for a locked session; False where the same submission is here already."""
    if StudyAnswer.objects.filter(submission_id=submission_id).exists():
        return False
    StudyAnswer.objects.create(
        organisation_id=session.organisation_id,
        participant=_participant(session.client),
        session=session,
        instrument=form.instrument_key,
        marks=list(marks),
        total=sum(marks),
        submission_id=submission_id,
        is_doubtful=is_doubtful,
        device_time=device_time[:40],
        late=late,
        language=language,
        pack=pack,
        created_at=created_at or timezone.now(),
    )
    return True


def last_days(episodes: Iterable[Episode]) -> dict[tuple[UUID, str], datetime.date]:
    """The day of the latest withheld answer by episode and instrument; no query where no client's are withheld."""
    keys = [episode.pk for episode in episodes if episode.client.feedback_withheld]
    if not keys:
        return {}
    rows = StudyAnswer.objects.counting().withheld().filter(session__episode__in=keys)
    found = rows.values_list("session__episode", "instrument").annotate(Max("session__held_on"))
    return {(episode, instrument): day for episode, instrument, day in found}


@transaction.atomic
def release(participant_id: UUID) -> int:
    """Let feedback be seen where somebody is out of the study, or it is closed; how many answers became ratings.

    Safe to repeat. Nothing happens while they take part. Of several answers of one session the first is the rating.
    """
    participant = StudyParticipant.objects.select_related("study").get(pk=participant_id)
    episode = lock_episode(participant.episode_id)
    client = lock_client(participant.client)
    participant.refresh_from_db()
    if participant.left_at is None and participant.study.closed_at is None:
        return 0
    if client.feedback_withheld and not StudyParticipant.objects.taking_part().filter(client=client).exists():
        client.feedback_withheld = False
        client.save(update_fields=["feedback_withheld"])
    made = [_as_rating(answer) for answer in _to_release(participant)]
    if any(made):
        measurements_changed(episode)
    return sum(made)


def _to_release(participant: StudyParticipant) -> list[StudyAnswer]:
    rows = StudyAnswer.objects.withheld().counting().filter(participant=participant)
    return list(rows.select_related("session").order_by("created_at", "pk"))


def _as_rating(answer: StudyAnswer) -> bool:
    """Whether the answer became a rating: the first of its session does."""
    answer.released_at = timezone.now()
    answer.save(update_fields=["released_at"])
    same = Rating.objects.filter(session=answer.session, instrument=answer.instrument, superseded_by=None)
    if same.exists():
        return False
    facts: dict[str, Any] = {name: getattr(answer, name) for name in FACTS}
    Rating.objects.create(
        organisation_id=answer.organisation_id, session=answer.session, entry_mode=EntryMode.DEVICE, **facts
    )
    return True


def _participant(client: Client) -> StudyParticipant:
    """In which study the client's answers are withheld; one that ended a moment ago releases them by itself."""
    found = StudyParticipant.objects.enrolled().filter(client=client, allocation__arm__sees_feedback=False)
    return found.latest("enrolled_at")
