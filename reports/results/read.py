"""A results page read: the rows, what may be shown of them, and the figures of what was chosen."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from organisations.database.replica import read_on_replica
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from reports.results.figures import Duration, Figures, ResultLine, figures_of, line_of
from reports.results.own_caseload import place_own_caseload
from reports.results.progress import CUTOFF, progress_of
from reports.results.rows import (
    ABOUT_CHILD,
    AGE_GROUPS,
    CORS,
    ResultRow,
    load_organisation_rows,
    load_result_rows,
    of_form,
    sees_every_client,
)
from reports.results.selection import ResultsForm, Selection
from reports.results.small_numbers import ENDINGS, ChangeLimits, Shown, shown_to_all
from sessions_app.measures.instruments.cutoffs import ADULT, CHILD
from sessions_app.measures.results.change import jacobson_truax
from sessions_app.measures.results.no_change import share_by_chance
from sessions_app.measures.results.own_standing import OwnStanding
from sessions_app.measures.series import Rated
from sessions_app.measures.state_filter import StateValues
from sessions_app.standards.loading import Standards, load_standards
from sessions_app.standards.trajectories import trajectory_for
from sessions_app.standards.values import change_key, state_values


@dataclass(frozen=True)
class ResultsRead:
    """What a page or a file is made of: figures of what was chosen, by year, by age; and what a change is here.

    `as_of` is the moment of figures that are older than now.
    """

    form: ResultsForm
    chosen: Selection
    figures: Figures
    by_year: tuple[ResultLine, ...]
    by_age: tuple[ResultLine, ...]
    by_ending: tuple[ResultLine, ...]
    limits: ChangeLimits
    state: StateValues
    by_chance: float
    taken: tuple[ResultRow, ...]
    own: OwnStanding | None
    day: date
    progress: Duration | None
    aim: str
    as_of: datetime | None = None


def read_results(by: Practitioner, data: Any, *, to_publish: bool = False, to_keep: bool = False) -> ResultsRead:
    """The results that a person chose: of their own rows, or what may be told of all. A constant number of queries.

    `to_publish` is for what leaves the house: whoever asks, the small numbers are hidden as from an administrator, and
    a team lead's choices are the parts of services that their teams are. What is published and `to_keep` is as of now.
    """
    found, as_of = read_on_replica(lambda as_of: (_read(by, data, to_publish), as_of), whole=to_publish or to_keep)
    return replace(found, as_of=as_of)


def _read(by: Practitioner, data: Any, to_publish: bool) -> ResultsRead:
    standards = load_standards(by.organisation_id)
    today = today_in(by.organisation)
    hides = to_publish or not sees_every_client(by)
    load = load_organisation_rows if to_publish else load_result_rows
    every = load(by, standards, today)
    form = ResultsForm(data, by=by, rows=every, hides=hides)
    chosen = form.selection
    rows = of_form(every, chosen.form)
    state, limits = limits_of(standards, chosen.form)
    shown = shown_to_all(rows, limits) if hides else Shown(False)

    taken = tuple(row for row in rows if chosen.takes(row))
    aim = CUTOFF if data.get("progress") == CUTOFF else ""
    figures = figures_of(rows, chosen, shown, limits, state.reliability)
    lines = _lines(rows, chosen, shown, limits)
    return ResultsRead(
        form=form,
        chosen=chosen,
        figures=figures,
        by_year=lines.get("year", ()),
        by_age=lines.get("age", ()),
        by_ending=lines.get("ending", ()),
        limits=limits,
        state=state,
        by_chance=share_by_chance(limits.points / 10, state.sd, state.reliability),
        taken=taken,
        own=place_own_caseload(by, chosen, rows, standards, today),
        day=today,
        progress=progress_of(taken, chosen, shown, limits, aim),
        aim=aim,
    )


def _lines(
    rows: list[ResultRow], chosen: Selection, shown: Shown, limits: ChangeLimits
) -> dict[str, tuple[ResultLine, ...]]:
    """The lines of the tables by year, age and ending, as far as there is such a table."""
    years = sorted({str(row.year) for row in rows if chosen.in_scope(row)})
    return {
        what: tuple(line_of(key, rows, replace(chosen, **{what: key}), shown, limits) for key in keys)
        for what, keys in (("year", years), ("age", AGE_GROUPS), ("ending", ENDINGS))
        if _may_split(chosen, shown, what)
    }


def _may_split(chosen: Selection, shown: Shown, what: str) -> bool:
    """Whether a page has a table by year, age or ending: not by what was chosen, and only of cells that are counted."""
    if getattr(chosen, what):
        return False
    if not shown.hides:
        return True
    if chosen.age or chosen.ending or chosen.label:
        return False
    return what != "age" or not (chosen.year or chosen.scope.startswith("part:"))


def limits_of(standards: Standards, form: str) -> tuple[StateValues, ChangeLimits]:
    """What holds for a form: spread and reliability, and the two limits of a change in tenths."""
    of = Rated(outcome="ors", band=ADULT) if form not in (CORS, ABOUT_CHILD) else Rated(outcome="cors", band=CHILD)
    model = trajectory_for((of.outcome, of.rater, of.band), standards.fitted, standards.values)
    state = state_values(of.outcome, standards.values, model.state if model else {}, standards.chosen)
    by_error = jacobson_truax(state.sd, state.reliability).rci
    return state, ChangeLimits(standards.values[change_key(of)], 10 * by_error)
