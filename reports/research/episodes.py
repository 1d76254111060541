"""The table of episodes: made safe first, then written with random numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.research.columns import NO, WITHHELD, YES, episode_variables
from reports.research.people import Participation, RandomNumbers
from reports.research.quasi_identifiers import (
    ARM,
    NONE,
    OPEN,
    UNKNOWN,
    identifying_values,
    last_of_band,
    quasi_identifiers,
)
from reports.research.table import ExportTable, Value
from reports.results.rows import form_of
from sessions_app.measures.results.aggregate import why_excluded
from sessions_app.measures.results.k_anonymity import K, Protected, protect
from sessions_app.measures.results.k_anonymity import Value as Identifying
from sessions_app.models import ExportColumn

# What stands in the column beside it instead of a value.
_REASONS = (NONE, UNKNOWN, OPEN)
_AS_NUMBERS = (ExportColumn.PRACTITIONER, ExportColumn.SERVICE)
LAST = 10**12
"""After every number that is drawn."""


@dataclass(frozen=True)
class SafeEpisode:
    """One participant with what may be told of them by the columns they could be known by; None is withheld."""

    person: Participation
    values: dict[str, Identifying]


def make_safe(
    people: Sequence[Participation], columns: Sequence[str], k: int = K
) -> tuple[list[SafeEpisode], Protected]:
    """The participants that go out, and how they were made safe. ValueError as `protect`."""
    known_by = quasi_identifiers(columns)
    names = [one.name for one in known_by]
    rows = []
    for person in people:
        values = identifying_values(person.participant, person.row, person.letter)
        rows.append(tuple(values[name] for name in names))
    found = protect(known_by, rows, k, [person.row.client for person in people])
    pairs = zip(people, found.rows, strict=True)
    safe = [SafeEpisode(who, dict(zip(names, row, strict=True))) for who, row in pairs if row is not None]
    return safe, found


def episode_table(
    safe: Sequence[SafeEpisode],
    columns: list[str],
    arms: list[tuple[str, str]],
    numbers: RandomNumbers,
    week_level: int,
    label: str,
) -> ExportTable:
    """The table, practitioner by practitioner: programs that take a cluster for rows that follow one another count
    them right."""
    variables = episode_variables(columns, arms)
    rows = [_row(one, columns, numbers, week_level) for one in safe]
    rows.sort(key=lambda row: (row.get("practitioner") or LAST, row["episode"]))
    return ExportTable("episodes", label, variables, tuple(tuple(row[one.name] for one in variables) for row in rows))


def _row(one: SafeEpisode, columns: Sequence[str], numbers: RandomNumbers, week_level: int) -> dict[str, Value]:
    row, scores = one.person.row, one.person.row.scores
    found: dict[str, Value] = {"episode": episode_number(one, numbers)}
    for name in (ARM, *columns):
        found |= _told(name, one.values[name], numbers)
    if ExportColumn.WEEKS in columns:
        weeks = found["weeks"]
        found["weeks_to"] = last_of_band(weeks, week_level) if isinstance(weeks, int) else None
    measured: dict[str, Value] = {
        "closed": YES if scores.closed else NO,
        "outcome_form": form_of(row.band),
        "cutoff": scores.cutoff,
        "sessions": scores.sessions,
        "outcomes": scores.scores,
        "outcome_first": scores.first,
        "outcome_last": scores.last,
        "alliance_first": row.alliance_first,
        "not_counted": why_excluded(scores, closed_only=True),
    }
    return found | measured


def episode_number(one: SafeEpisode, numbers: RandomNumbers) -> int:
    """The random number of an episode."""
    return numbers.of("episode", one.person.participant.episode_id)


def _told(name: str, value, numbers: RandomNumbers) -> dict[str, Value]:
    """A value and, in the column beside it, why there is none."""
    if value is None:
        return {name: None, f"{name}_missing": WITHHELD}
    if value in _REASONS:
        return {name: None, f"{name}_missing": value}
    told = numbers.of(name, value) if name in _AS_NUMBERS else str(value) if isinstance(value, str) else value
    return {name: told, f"{name}_missing": None}
