"""How many came how far in a study, as CONSORT 2010 (Schulz, Altman and Moher) asks it to be shown."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Min

from organisations.services.local_day import day_of
from sessions_app.measures.instruments.form_key import OUTCOME
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import (
    Attendance,
    Exclusion,
    LeftReason,
    Rating,
    Session,
    Study,
    StudyAnswer,
    StudyArm,
    StudyParticipant,
    StudyUnit,
)

MAIN_MEASURE = "who5"
Counted = tuple[tuple[str, int], ...]  # (word of Exclusion or LeftReason, how many), without those of nobody


@dataclass(frozen=True)
class ArmFlow:
    """One arm: `allocated` clients, of `practitioners`; who `received` it, who was `lost` and why, who is `analysed`.

    Received: came to a session since; in an arm with feedback, and marked the outcome form there. Analysed: the first
    and the last WHO-5 are of different days, the last after the day of the enrolment, and the consent stands.
    """

    arm: StudyArm
    allocated: int
    practitioners: int
    received: int
    lost: Counted
    analysed: int

    @property
    def lost_together(self) -> int:
        return sum(count for _reason, count in self.lost)


@dataclass(frozen=True)
class StudyFlow:
    """Of everybody who was `assessed`: who was `excluded` and why, who was `enrolled`, and each arm."""

    assessed: int
    excluded: Counted
    enrolled: int
    arms: tuple[ArmFlow, ...]

    @property
    def excluded_together(self) -> int:
        return sum(count for _reason, count in self.excluded)


def flow_of(study: Study) -> StudyFlow:
    """Count a study's people; six queries, however many they are."""
    rows = list(study.participants.select_related("allocation", "organisation"))
    enrolled = [row for row in rows if row.enrolled_at is not None]
    excluded = Counter(row.exclusion for row in rows if row.exclusion)
    sessions, marked, days = _sessions_since(enrolled), _marked_since(enrolled), measured_days(enrolled)
    drawn = Counter(
        study.allocations.exclude(practitioner=None).values_list("arm", flat=True)
        if study.unit == StudyUnit.PRACTITIONERS
        else ()
    )
    arms = []
    for arm in study.arms.all():
        own = [row for row in enrolled if row.allocation is not None and row.allocation.arm_id == arm.pk]
        left = Counter(row.left_reason for row in own if row.left_reason)
        came = marked if arm.sees_feedback else sessions
        arms.append(
            ArmFlow(
                arm=arm,
                allocated=len(own),
                practitioners=drawn[arm.pk] or len({row.practitioner_id for row in own} - {None}),
                received=sum(row.pk in came for row in own),
                lost=_in_order(LeftReason, left),
                analysed=sum(_is_analysed(row, days) for row in own),
            )
        )
    return StudyFlow(len(rows), _in_order(Exclusion, excluded), len(enrolled), tuple(arms))


def measured_days(rows: Iterable[StudyParticipant]) -> dict[UUID, tuple[datetime.date, datetime.date]]:
    """The days of the first and the last WHO-5 of each participant's episode, seen or withheld; two queries."""
    participants = {row.episode_id: row.pk for row in rows}
    about = {"session__episode__in": list(participants), "instrument": MAIN_MEASURE}
    found: dict[UUID, tuple[datetime.date, datetime.date]] = {}
    for answers in (Rating.objects.current().filter(**about), StudyAnswer.objects.counting().filter(**about)):
        days = answers.values_list("session__episode").annotate(Min("session__held_on"), Max("session__held_on"))
        for episode, first, last in days:
            before = found.get(participants[episode], (first, last))
            found[participants[episode]] = (min(first, before[0]), max(last, before[1]))
    return found


def _is_analysed(row: StudyParticipant, days: dict[UUID, tuple[datetime.date, datetime.date]]) -> bool:
    if row.left_reason == LeftReason.CONSENT or row.pk not in days or row.enrolled_at is None:
        return False
    first, last = days[row.pk]
    return first < last and last > day_of(row.enrolled_at, row.organisation)


def _sessions_since(rows: list[StudyParticipant]) -> set[UUID]:
    """Who came to a session on the day of the enrolment or later."""
    held = Session.objects.valid().filter(attendance=Attendance.ATTENDED)
    return _since(rows, held.filter(episode__in=[row.episode_id for row in rows]).values_list("episode", "held_on"))


def _marked_since(rows: list[StudyParticipant]) -> set[UUID]:
    """Who marked an outcome form on the day of the enrolment or later."""
    keys = [one.key for one in FAMILY.values() if one.part == OUTCOME]
    marked = Rating.objects.current().filter(session__episode__in=[row.episode_id for row in rows], instrument__in=keys)
    return _since(rows, marked.values_list("session__episode", "session__held_on"))


def _since(rows: list[StudyParticipant], happened: Iterable[tuple[Any, datetime.date]]) -> set[UUID]:
    last: dict[UUID, datetime.date] = {}
    for episode, day in happened:
        last[episode] = max(day, last.get(episode, day))
    return {row.pk for row in rows if _is_since(row, last.get(row.episode_id))}


def _is_since(row: StudyParticipant, day: datetime.date | None) -> bool:
    return day is not None and row.enrolled_at is not None and day >= day_of(row.enrolled_at, row.organisation)


def _in_order(reasons: type[Exclusion | LeftReason], counted: Counter[str]) -> Counted:
    return tuple((reason.value, counted[reason.value]) for reason in reasons if counted[reason.value])
