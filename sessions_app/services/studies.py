"""Studies: planned, opened, amended, closed. From its opening on a study's protocol stands as it is."""

import secrets
from collections.abc import Mapping, Sequence
from itertools import islice
from string import ascii_uppercase
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.record import record_access
from organisations.jobs.outbox import ask_for
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.measures.studies.randomisation import sequence
from sessions_app.models import Study, StudyAllocation, StudyAmendment, StudyArm, StudyParticipant, StudySecrets
from sessions_app.services.study_answers import RELEASE

FEWEST_ARMS = 2


@transaction.atomic
def plan_study(*, arms: Sequence[Mapping[str, Any]], by: Practitioner, **fields: Any) -> Study:
    """A draft with its arms (`name`, `sees_feedback`, `forms`, `weight` of each, in their order) and its secrets.

    ValidationError by field, and for fewer than two arms.
    """
    study = Study(organisation_id=by.organisation_id, created_by=by, **fields)
    _check(study)
    study.save(force_insert=True)
    StudySecrets.objects.create(organisation_id=by.organisation_id, study=study)
    _put_arms(study, arms)
    record_access("study.plan", [])
    return study


@transaction.atomic
def change_study(*, study: Study, arms: Sequence[Mapping[str, Any]], by: Practitioner, **fields: Any) -> Study:
    """Another text, period or arms of a draft. ValidationError as `plan_study`, and once it has been opened."""
    study = lock_study(study)
    if study.opened_at is not None:
        raise ValidationError(_("The study has been opened: its protocol stands. Write an amendment instead."))
    for name, value in fields.items():
        setattr(study, name, value)
    _check(study)
    study.save()
    study.arms.all().delete()
    _put_arms(study, arms)
    record_access("study.change", [])
    return study


@transaction.atomic
def open_study(*, study: Study, by: Practitioner) -> Study:
    """From now on people are enrolled, and nothing of the protocol changes. Opening again changes nothing.

    ValidationError where its period is over.
    """
    study = lock_study(study)
    if study.opened_at is not None:
        return study
    if study.ends_on < today_in(by.organisation):
        raise ValidationError(_("The period of the study is over. Change it first."))
    arms = list(study.arms.all())
    letters = list(ascii_uppercase[: len(arms)])
    secrets.SystemRandom().shuffle(letters)
    for arm, letter in zip(arms, letters, strict=True):
        arm.letter = letter
        arm.save(update_fields=["letter"])
    study.opened_at, study.opened_by = timezone.now(), by
    study.save(update_fields=["opened_at", "opened_by"])
    record_access("study.open", [])
    return study


@transaction.atomic
def amend_study(*, study: Study, text: str, approval_reference: str, by: Practitioner) -> StudyAmendment:
    """Put down what is changed in the protocol of an open study. ValidationError for any other, and without words."""
    study = lock_study(study)
    if study.opened_at is None or study.closed_at is not None:
        raise ValidationError(_("Only a study that is open is amended."))
    amendment = StudyAmendment(
        organisation_id=by.organisation_id,
        study=study,
        text=text.strip(),
        approval_reference=approval_reference,
        made_by=by,
    )
    amendment.full_clean(exclude=["organisation", "study", "made_by"])
    amendment.save(force_insert=True)
    record_access("study.amend", [])
    return amendment


@transaction.atomic
def close_study(*, study: Study, by: Practitioner) -> Study:
    """Nobody is enrolled any more, arms and seed are shown, and withheld answers become ratings. Once and for all.

    ValidationError for a draft.
    """
    study = lock_study(study)
    if study.opened_at is None:
        raise ValidationError(_("The study has not been opened."))
    if study.closed_at is not None:
        return study
    study.closed_at, study.closed_by = timezone.now(), by
    study.save(update_fields=["closed_at", "closed_by"])
    unseen = StudyParticipant.objects.enrolled().filter(study=study, allocation__arm__sees_feedback=False)
    for key in unseen.values_list("pk", flat=True):
        ask_for(RELEASE, organisation_id=study.organisation_id, object_id=key)
    record_access("study.close", [])
    return study


def lock_study(study: Study) -> Study:
    """The study FOR UPDATE: whoever draws lots comes one after another."""
    return Study.objects.select_for_update(of=("self",)).get(pk=study.pk)


def seed_of(study: Study) -> str:
    """The seed of a closed study, for whoever checks the lots; "" before that."""
    return study.secrets.seed if study.closed_at is not None else ""


def replay(study: Study) -> list[StudyAllocation]:
    """Draw the lots of a closed study again; return the allocations that do not come out as they are stored.

    ValidationError for a study that goes on: its sequence tells who comes next.
    """
    if study.closed_at is None:
        raise ValidationError(_("The lots are drawn again once the study is closed."))
    arms = list(study.arms.all())
    weights = [arm.weight for arm in arms]
    stored = list(study.allocations.order_by("stratum", "place"))
    longest: dict[str, int] = {}
    for row in stored:
        longest[row.stratum] = max(longest.get(row.stratum, 0), row.place + 1)
    drawn = {
        stratum: list(islice(sequence(study.secrets.seed, stratum, weights), count))
        for stratum, count in longest.items()
    }
    return [row for row in stored if arms[drawn[row.stratum][row.place]].pk != row.arm_id]


def _check(study: Study) -> None:
    study.full_clean(exclude=["organisation", "created_by"])


def _put_arms(study: Study, arms: Sequence[Mapping[str, Any]]) -> None:
    if len(arms) < FEWEST_ARMS:
        raise ValidationError(_("A study has at least two arms."))
    for place, fields in enumerate(arms):
        arm = StudyArm(organisation_id=study.organisation_id, study=study, place=place, **fields)
        arm.full_clean(exclude=["organisation", "study"])
        arm.save(force_insert=True)
