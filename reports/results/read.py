"""A results page read: the rows, what may be shown of them, and the figures of what was chosen."""

from dataclasses import dataclass, replace
from typing import Any

from organisations.models import Practitioner
from organisations.services.local_day import today_in
from reports.results.figures import Figures, ResultLine, figures_of, line_of
from reports.results.rows import ABOUT_CHILD, AGE_GROUPS, CORS, ResultRow, load_result_rows, of_form, sees_every_client
from reports.results.selection import ResultsForm, Selection
from reports.results.small_numbers import ENDINGS, ChangeLimits, Shown, shown_to_all
from sessions_app.measures.instruments.cutoffs import ADULT, CHILD
from sessions_app.measures.results.change import jacobson_truax
from sessions_app.measures.results.no_change import share_by_chance
from sessions_app.measures.series import Rated
from sessions_app.measures.state_filter import StateValues
from sessions_app.standards.loading import Standards, load_standards
from sessions_app.standards.trajectories import trajectory_for
from sessions_app.standards.values import change_key, state_values


@dataclass(frozen=True)
class ResultsRead:
    """What a page or a file is made of: figures of what was chosen, by year, by age; and what a change is here."""

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


def read_results(by: Practitioner, data: Any) -> ResultsRead:
    """The results that a person chose: of their own rows, or what may be told of all. A constant number of queries."""
    standards = load_standards(by.organisation_id)
    every = load_result_rows(by, standards, today_in(by.organisation))
    form = ResultsForm(data, by=by, rows=every)
    chosen = form.selection
    rows = of_form(every, chosen.form)
    state, limits = _limits(standards, chosen.form)
    shown = Shown(False) if sees_every_client(by) else shown_to_all(rows, limits)

    figures = figures_of(rows, chosen, shown, limits, state.reliability)
    years = sorted({str(row.year) for row in rows if chosen.in_scope(row)})
    lines = {
        what: tuple(line_of(key, rows, replace(chosen, **{what: key}), shown, limits) for key in keys)
        for what, keys in (("year", years), ("age", AGE_GROUPS), ("ending", ENDINGS))
        if _may_split(chosen, shown, what)
    }
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
        taken=tuple(row for row in rows if chosen.takes(row)),
    )


def _may_split(chosen: Selection, shown: Shown, what: str) -> bool:
    """Whether a page has a table by year, age or ending: not by what was chosen, and only of cells that are counted."""
    if getattr(chosen, what):
        return False
    if not shown.hides:
        return True
    if chosen.age or chosen.ending:
        return False
    return what != "age" or not (chosen.year or chosen.scope.startswith("part:"))


def _limits(standards: Standards, form: str) -> tuple[StateValues, ChangeLimits]:
    """What holds for a form: spread and reliability, and the two limits of a change in tenths."""
    of = Rated(outcome="ors", band=ADULT) if form not in (CORS, ABOUT_CHILD) else Rated(outcome="cors", band=CHILD)
    model = trajectory_for((of.outcome, of.rater, of.band), standards.fitted, standards.values)
    state = state_values(of.outcome, standards.values, model.state if model else {}, standards.chosen)
    by_error = jacobson_truax(state.sd, state.reliability).rci
    return state, ChangeLimits(standards.values[change_key(of)], 10 * by_error)
