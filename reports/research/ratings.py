"""The table of ratings: a row for each form of each session of the episodes that go out."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from reports.research.columns import (
    CARETAKER,
    CLIENT,
    EXPORTED,
    MARKS,
    NO,
    NOT_ASKED,
    NOT_HERE,
    NOT_SCORED,
    YES,
    rating_variables,
)
from reports.research.episodes import LAST, SafeEpisode, episode_number
from reports.research.people import RandomNumbers
from reports.research.quasi_identifiers import band_of
from reports.research.table import ExportTable, Value
from sessions_app.measures.instruments.cutoffs import YOUNG_CHILD
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import SKIPPED_COLUMNS, Attendance, ExportColumn, Rating, Session, StudyAnswer

TENTHS_OF_A_RAW_POINT = 10


@dataclass(frozen=True)
class ExportedAnswer:
    """One filled-in form, whether or not anybody here may see it yet."""

    instrument: str
    rater: str
    marks: Sequence[int] | None
    total: int | None


@dataclass
class StudyMeasurements:
    """The sessions and answers of many episodes, and how many answers stay in the house."""

    sessions: dict[UUID, list[Session]]
    ratings: dict[UUID, list[ExportedAnswer]]
    left_out: Counter[str] = field(default_factory=Counter)


def load_measured(safe: Sequence[SafeEpisode]) -> StudyMeasurements:
    """Their sessions that count, the oldest first, and the answers of each, also those that an arm without feedback
    keeps from everybody here; three queries."""
    keys = [one.person.participant.episode_id for one in safe]
    sessions: dict[UUID, list[Session]] = defaultdict(list)
    found = Session.objects.valid().filter(episode__in=keys).exclude(attendance=Attendance.EXPECTED)
    for session in found.oldest_first():
        sessions[session.episode_id].append(session)
    ratings: dict[UUID, list[ExportedAnswer]] = defaultdict(list)
    current = Rating.objects.current().filter(session__episode__in=keys).order_by("instrument", "rater", "pk")
    for one in current:
        ratings[one.session_id].append(ExportedAnswer(one.instrument, one.rater, one.marks, one.total))
    withheld = StudyAnswer.objects.counting().withheld().filter(session__episode__in=keys).order_by("created_at", "pk")
    for one in withheld:
        if not any((other.instrument, other.rater) == (one.instrument, CLIENT) for other in ratings[one.session_id]):
            ratings[one.session_id].append(ExportedAnswer(one.instrument, CLIENT, one.marks, one.total))
    return StudyMeasurements(sessions, ratings)


def rating_table(
    safe: Sequence[SafeEpisode],
    columns: list[str],
    measured: StudyMeasurements,
    numbers: RandomNumbers,
    week_level: int,
    label: str,
) -> ExportTable:
    """The table in the order of the episodes'."""
    variables = rating_variables(columns)
    ordered = sorted(safe, key=lambda one: _place(one, columns, numbers))
    rows = [row for one in ordered for row in _rows_of(one, measured, numbers, week_level)]
    return ExportTable(
        "ratings", label, variables, tuple(tuple(row.get(one.name) for one in variables) for row in rows)
    )


def _place(one: SafeEpisode, columns: Sequence[str], numbers: RandomNumbers) -> tuple[int, int]:
    whose = one.values.get(ExportColumn.PRACTITIONER) if ExportColumn.PRACTITIONER in columns else None
    cluster = numbers.of(ExportColumn.PRACTITIONER, whose) if isinstance(whose, UUID) else LAST
    return cluster, episode_number(one, numbers)


def _rows_of(
    one: SafeEpisode, measured: StudyMeasurements, numbers: RandomNumbers, week_level: int
) -> Iterator[dict[str, Value]]:
    participant = one.person.participant
    sessions = measured.sessions.get(participant.episode_id, [])
    about_child = _who_rates_the_child(sessions, measured.ratings) if one.person.row.band == YOUNG_CHILD else ""
    since = timezone.localdate(participant.enrolled_at)
    for number, session in enumerate(sessions, 1):
        base: dict[str, Value] = {
            "episode": episode_number(one, numbers),
            "session": number,
            "week": _week(one, session, week_level),
            "enrolled": YES if session.held_on >= since else NO,
            "attendance": session.attendance,
        }
        for rest in _forms_of(session, measured, about_child):
            yield base | rest


def _week(one: SafeEpisode, session: Session, level: int) -> int | None:
    """The week of a session, in the bands of its episode's length; withheld where that is."""
    if one.values.get(ExportColumn.WEEKS) is None:
        return None
    days = (session.held_on - one.person.participant.episode.started_on).days
    return band_of(max(0, days) // 7, level)


def _who_rates_the_child(sessions: Sequence[Session], ratings: Mapping[UUID, list[ExportedAnswer]]) -> str:
    """The adult with most ratings about a child under 6: theirs are the scores that are counted."""
    found = Counter(
        rating.rater
        for session in sessions
        for rating in ratings.get(session.pk, [])
        if rating.rater != CLIENT and FAMILY[rating.instrument].part == OUTCOME
    )
    return min(found, key=lambda rater: (-found[rater], rater), default="")


def _forms_of(session: Session, measured: StudyMeasurements, about_child: str) -> Iterator[dict[str, Value]]:
    if session.attendance != Attendance.ATTENDED:
        yield {"total_missing": NOT_HERE}
        return
    there = set()
    for rating in measured.ratings.get(session.pk, []):
        if rating.instrument not in EXPORTED:
            measured.left_out["other_forms"] += 1
            there.add(FAMILY[rating.instrument].part)
        elif rating.rater not in (CLIENT, about_child):
            measured.left_out["other_raters"] += 1
        else:
            there.add(FAMILY[rating.instrument].part)
            yield _form(rating)
    for part in (OUTCOME, ALLIANCE):
        if part not in there:
            yield {"part": part, "total_missing": getattr(session, SKIPPED_COLUMNS[part]) or NOT_ASKED}


def _form(rating: ExportedAnswer) -> dict[str, Value]:
    instrument = FAMILY[rating.instrument]
    unit = TENTHS_OF_A_RAW_POINT if instrument.is_choice else 1
    marks = [mark * unit for mark in rating.marks or ()]
    padded = [*marks, *[None] * (MARKS - len(marks))]
    return {
        "part": instrument.part,
        "instrument": instrument.key,
        "rater": CLIENT if rating.rater == CLIENT else CARETAKER,
        **{f"mark_{number}": mark for number, mark in enumerate(padded, 1)},
        "total": None if rating.total is None else rating.total * unit,
        "total_missing": NOT_SCORED if rating.total is None else None,
    }
