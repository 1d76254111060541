"""By what somebody in a study could be known again, and how each of these is made coarser."""

from bisect import bisect_right
from collections.abc import Callable, Collection

from clients.models import Ending
from reports.results.rows import ResultRow
from sessions_app.measures.results.k_anonymity import QuasiIdentifier, Value
from sessions_app.models import ExportColumn, StudyParticipant

ARM, FORM, CLOSED, FORMS_CHANGED = "arm", "form", "closed", "forms_changed"
NONE, UNKNOWN, OPEN, OTHER_WAY = "none", "unknown", "open", "other_way"
YOUNG, MIDDLE, OLDER, GROWN_UP = "0-17", "18-44", "45-", "18-"

# The first week of each band, level by level. Change goes with the logarithm of time, so the bands grow.
WEEK_BANDS: tuple[tuple[int, ...], ...] = (
    (0, 1, 2, 3, 4, 6, 8, 10, 13, 17, 21, 26, 34, 43, 52, 78, 104, 156, 208),
    (0, 4, 8, 13, 26, 52, 104),
    (0, 13, 26, 52),
    (0, 26),
)
_BROAD = {"0-12": YOUNG, "13-17": YOUNG, "18-29": MIDDLE, "30-44": MIDDLE, "45-59": OLDER, "60-": OLDER}
BROAD_AGES, BROADEST_AGES = (YOUNG, MIDDLE, OLDER), (YOUNG, GROWN_UP)
_ENDINGS = {Ending.PLANNED.value, Ending.UNPLANNED.value, OPEN}


def band_of(week: int, level: int) -> int:
    """The first week of the band that a week is in; level 0 has a band a week."""
    if level == 0:
        return week
    starts = WEEK_BANDS[level - 1]
    return starts[max(0, bisect_right(starts, week) - 1)]


def last_of_band(first: int, level: int) -> int | None:
    """The last week of a band; None where it is open."""
    if level == 0:
        return first
    starts = WEEK_BANDS[level - 1]
    place = starts.index(first) + 1
    return starts[place] - 1 if place < len(starts) else None


def _as_it_is(value: Value) -> Value:
    return value


def _week_level(level: int) -> Callable[[Value], Value]:
    return lambda value: band_of(value, level) if isinstance(value, int) else value


def _broad_age(value: Value) -> Value:
    return _BROAD.get(str(value), value)


def _broadest_age(value: Value) -> Value:
    broad = _broad_age(value)
    return GROWN_UP if broad in (MIDDLE, OLDER) else broad


def _broad_ending(value: Value) -> Value:
    return value if value in _ENDINGS else OTHER_WAY


# Arm and practitioner are what a trial is analysed by; the rest goes first.
_LADDERS: dict[str, QuasiIdentifier] = {
    ExportColumn.PRACTITIONER: QuasiIdentifier(ExportColumn.PRACTITIONER, weight=3),
    ExportColumn.SERVICE: QuasiIdentifier(ExportColumn.SERVICE),
    ExportColumn.SERVICE_KIND: QuasiIdentifier(ExportColumn.SERVICE_KIND),
    ExportColumn.AGE_BAND: QuasiIdentifier(ExportColumn.AGE_BAND, (_as_it_is, _broad_age, _broadest_age)),
    ExportColumn.ENDING: QuasiIdentifier(ExportColumn.ENDING, (_as_it_is, _broad_ending)),
    ExportColumn.WEEKS: QuasiIdentifier(
        ExportColumn.WEEKS, tuple(_week_level(level) for level in range(len(WEEK_BANDS) + 1)), weight=1.5
    ),
}
# Which forms somebody filled in stands in every row of theirs, and what was counted needs whether it is over.
_STAYING = tuple(QuasiIdentifier(name, stays=True) for name in (FORM, CLOSED, FORMS_CHANGED))


def quasi_identifiers(columns: Collection[str]) -> tuple[QuasiIdentifier, ...]:
    """Those of an export that was asked for with these columns: the arm and what stays are always there."""
    asked = (ladder for name, ladder in _LADDERS.items() if name in columns)
    return (QuasiIdentifier(ARM, weight=5), *asked, *_STAYING)


def identifying_values(participant: StudyParticipant, row: ResultRow, letter: str) -> dict[str, Value]:
    """What is known of a participant by these columns, as it is; never None, which is a value that was withheld."""
    return {
        ARM: letter,
        ExportColumn.PRACTITIONER: participant.practitioner_id or NONE,
        ExportColumn.SERVICE: row.service,
        ExportColumn.SERVICE_KIND: row.kind,
        ExportColumn.AGE_BAND: UNKNOWN if row.age == "none" else row.age,
        ExportColumn.ENDING: row.ending or OPEN,
        ExportColumn.WEEKS: row.length // 7,
        FORM: row.band,
        CLOSED: row.scores.closed,
        FORMS_CHANGED: row.scores.rater_changed,
    }
