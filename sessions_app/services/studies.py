"""Studies: planned, opened, amended, closed. From its opening on a study's protocol stands as it is."""

import secrets
from collections.abc import Mapping
from itertools import islice
from string import ascii_uppercase
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.record import record_access
from organisations.edits.versions import RowVersion, merge, write
from organisations.jobs.outbox import ask_for
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.measures.studies.randomisation import sequence
from sessions_app.models import (
    ArmForms,
    Study,
    StudyAllocation,
    StudyAmendment,
    StudyArm,
    StudyParticipant,
    StudySecrets,
)
from sessions_app.services.study_answers import RELEASE

FEWEST_ARMS = 2
ARMS = (1, 2, 3)
FIELDS = (
    *("name", "purpose", "criteria", "protocol", "approver", "approval_reference", "starts_on", "ends_on"),
    *("unit", "by_service", "by_age", "by_intake", "is_blinded", "who5_weeks"),
)


@transaction.atomic
def plan_study(*, by: Practitioner, **fields: Any) -> Study:
    """A draft with its arms and its secrets; `fields` as `stored_fields` has them.

    ValidationError by field, and for fewer than two arms or two of one name.
    """
    study = Study(organisation_id=by.organisation_id, created_by=by, **{name: fields[name] for name in FIELDS})
    study.full_clean(exclude=["organisation", "created_by"])
    study.save(force_insert=True)
    StudySecrets.objects.create(organisation_id=by.organisation_id, study=study)
    _put_arms(study, fields)
    record_access("study.plan", [])
    return study


@transaction.atomic
def change_study(*, study: Study, by: Practitioner, version: RowVersion | None = None, **fields: Any) -> Study:
    """Another text, period or arms of a draft. ValidationError as `plan_study`, and once it has been opened."""
    study = lock_study(study)
    if study.opened_at is not None:
        raise ValidationError(_("The study has been opened: its protocol stands. Write an amendment instead."))
    values = merge(version, stored_fields(study), fields)
    write(study, {name: values[name] for name in FIELDS}, exclude=["organisation", "created_by"])
    study.arms.all().delete()
    _put_arms(study, values)
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


def stored_fields(study: Study) -> dict[str, Any]:
    """The columns of FIELDS, and of each of ARMS `arm_1` (its name), `arm_1_feedback` and `arm_1_weight`."""
    arms = {} if study._state.adding else {arm.place + 1: arm for arm in study.arms.all()}
    shown: dict[str, Any] = {name: getattr(study, name) for name in FIELDS}
    for number in ARMS:
        arm = arms.get(number)
        shown[f"arm_{number}"] = arm.name if arm else ""
        shown[f"arm_{number}_feedback"] = arm.sees_feedback if arm else number == 1
        shown[f"arm_{number}_weight"] = arm.weight if arm else 1
    return shown


def _put_arms(study: Study, fields: Mapping[str, Any]) -> None:
    """Those that have a name. What an arm is asked for follows from whether it sees feedback."""
    numbers = [number for number in ARMS if fields[f"arm_{number}"].strip()]
    if len({fields[f"arm_{number}"].strip().casefold() for number in numbers}) < max(FEWEST_ARMS, len(numbers)):
        raise ValidationError(_("A study has at least two arms, each with a name of its own."))
    for place, number in enumerate(numbers):
        sees = fields[f"arm_{number}_feedback"]
        arm = StudyArm(
            organisation_id=study.organisation_id,
            study=study,
            place=place,
            name=fields[f"arm_{number}"],
            sees_feedback=sees,
            forms=ArmForms.ALL if sees else ArmForms.WHO5,
            weight=fields[f"arm_{number}_weight"],
        )
        arm.full_clean(exclude=["organisation", "study"])
        arm.save(force_insert=True)
