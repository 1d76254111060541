"""Evaluations of the action plan: begun with the sentences that the measurements give, and written on from there."""

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from clients.models import Episode
from organisations.audit.record import record_access
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.models import Practitioner
from sessions_app.models import Note, PlanEvaluation

WRITTEN = ("text", "own_words")


@transaction.atomic
def begin_evaluation(
    *, episode: Episode, since: datetime.date, until: datetime.date, text: str, by: Practitioner
) -> PlanEvaluation:
    """Store an evaluation of a period with its first text. ValidationError for a period that ends before it begins."""
    about = {"organisation_id": episode.organisation_id, "episode": episode, "made_by": by}
    found = PlanEvaluation(**about, since=since, until=until, text=text)
    found.full_clean(exclude=["organisation", "episode", "made_by", "own_words"])
    found.save(force_insert=True)
    record_access("plan_evaluation.begin", [episode.client_id])
    return found


@transaction.atomic
def save_evaluation(
    *, evaluation: PlanEvaluation, by: Practitioner, version: RowVersion | None = None, **fields: Any
) -> PlanEvaluation:
    """Keep the text and which of the client's words are shared; StoredMeanwhile as in `merge`.

    Only keys of notes of the period count. The same again changes nothing.
    """
    found = PlanEvaluation.objects.select_for_update(of=("self",)).select_related("episode").get(pk=evaluation.pk)
    record_access("plan_evaluation.save", [found.episode.client_id])
    stored = values_of(found, list(fields))
    chosen = merge(version, stored, fields)
    if any(chosen[name] != value for name, value in stored.items()):
        write(found, chosen, exclude=["organisation", "episode", "made_by", "own_words"])
    return found


def words_in(episode: Episode, since: datetime.date, until: datetime.date, by: Practitioner) -> QuerySet[Note]:
    """The client's own words of an episode in a period that `by` may read, the oldest first, each with its session."""
    notes = (
        Note.objects.open_to(by).own_words().filter(session__episode=episode, session__voided_at=None).exclude(text="")
    )
    in_period = notes.filter(session__held_on__gte=since, session__held_on__lte=until).select_related("session")
    return in_period.order_by("session__held_on", "session__started_at", "kind")


def chosen_words(evaluation: PlanEvaluation, by: Practitioner) -> list[Note]:
    """The words that were chosen and still stand in the period; whether they may be shown is asked elsewhere."""
    words = words_in(evaluation.episode, evaluation.since, evaluation.until, by)
    return [note for note in words if _is_in(note, evaluation)]


def _is_in(note: Note, evaluation: PlanEvaluation) -> bool:
    return str(note.pk) in evaluation.own_words


def evaluations_of(episodes: Iterable[UUID]) -> QuerySet[PlanEvaluation]:
    """The evaluations of these episodes, the newest first, each with who began it."""
    found = PlanEvaluation.objects.filter(episode__in=list(episodes))
    return found.select_related("made_by").newest_first()
