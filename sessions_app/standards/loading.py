"""The standards of an organisation, in two queries, for any number of episodes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from clients.models import Episode
from organisations.database.statements import written_once
from sessions_app.measures.instruments.form_key import relation_of
from sessions_app.measures.instruments.registry import ORS, age_band
from sessions_app.measures.rules import RuleSet
from sessions_app.measures.series import Lateness, Measured, PeriodicScore, Rated, Series
from sessions_app.measures.state_filter import VALUES as STATE_VALUES
from sessions_app.measures.state_filter import StateValues
from sessions_app.models import MeasureValue, TrajectoryFit
from sessions_app.standards.trajectories import Stratum, Trajectory, read, trajectory_for
from sessions_app.standards.values import ALLIANCE, change_key, cutoff_key, effective, rule_set, state_values


@dataclass(frozen=True)
class Standards:
    """What a series is read against: every value by key, the rules with them, the fitted trajectories."""

    values: Mapping[str, int]
    chosen: Mapping[str, int]
    rules: RuleSet
    fitted: Mapping[Stratum, Trajectory]

    def series(
        self,
        episode: Episode,
        measured: Iterable[Measured],
        of: Rated | None = None,
        periodic: Iterable[PeriodicScore] = (),
        overdue: Lateness | None = None,
    ) -> Series:
        """A series with the values that hold for what it is of: the client's own ORS and SRS if nothing is said."""
        of = of or Rated(band=age_band(episode.age_at_intake))
        model = trajectory_for((of.outcome, relation_of(of.rater), of.band), self.fitted, self.values)
        return Series(
            sessions=tuple(measured),
            cutoff=self.values[cutoff_key(of)],
            reliable_change=self.values[change_key(of)],
            alliance_cutoff=self.values[ALLIANCE],
            ended=episode.ended_on is not None,
            model=model,
            rules=self.rules,
            of=of,
            periodic=tuple(periodic),
            overdue=overdue,
            state=self._state(of, model),
        )

    def _state(self, of: Rated, model: Trajectory | None) -> StateValues:
        """What the filter of changes reads; an instrument without values of its own is read as the ORS."""
        instrument = of.outcome if of.outcome in STATE_VALUES else ORS.key
        return state_values(instrument, self.values, model.state if model else {}, self.chosen)


def load_standards(
    organisation_id: UUID, *, proposed: Mapping[str, int] | None = None, version: int | None = None
) -> Standards:
    """The standards of the open tenant; with `proposed` values as if they had been chosen.

    With `version` the trajectories are those of that version, 0 for the default: what a page was once read with.
    """
    found = _chosen(organisation_id)
    chosen = {**dict(found), **(proposed or {})}
    fits = _newest_fits(organisation_id) if version is None else _fits_until(organisation_id, version)
    return Standards(
        values=effective(chosen),
        chosen=chosen,
        rules=rule_set(chosen, len(found) + len(proposed or {})),
        fitted={
            (fit.instrument, fit.rater, fit.age_band): read(fit.model, fit.version, fit.trust)
            for fit in fits
            if fit.model
        },
    )


@written_once
def _chosen(organisation_id: UUID):
    rows = MeasureValue.objects.filter(organisation=organisation_id)
    return rows.order_by("at", "id").values_list("key", "value")


@written_once
def _newest_fits(organisation_id: UUID):
    return TrajectoryFit.objects.filter(organisation=organisation_id).current()


def _fits_until(organisation_id: UUID, version: int):
    return TrajectoryFit.objects.filter(organisation=organisation_id).current().filter(version__lte=version)
