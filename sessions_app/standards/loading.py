"""The standards of an organisation, in two queries, for any number of episodes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from clients.models import Episode
from sessions_app.form_ref import relation_of
from sessions_app.measures.instruments import age_band
from sessions_app.measures.rules import Rule, RuleSet
from sessions_app.measures.series import Measured, Rated, Series
from sessions_app.standards.models import MeasureValue, TrajectoryFit
from sessions_app.standards.trajectories import Stratum, Trajectory, read, trajectory_for
from sessions_app.standards.values import ALLIANCE, change_key, cutoff_key, effective, rule_set, who5_rule


@dataclass(frozen=True)
class Standards:
    """What a series is read against: every value by key, the rules with them, the fitted trajectories."""

    values: Mapping[str, int]
    chosen: Mapping[str, int]
    rules: RuleSet
    fitted: Mapping[Stratum, Trajectory]
    who5: Rule

    def series(self, episode: Episode, measured: Iterable[Measured], of: Rated | None = None) -> Series:
        """A series with the values that hold for what it is of: the client's own ORS and SRS if nothing is said."""
        of = of or Rated(band=age_band(episode.age_at_intake))
        return Series(
            sessions=tuple(measured),
            cutoff=self.values[cutoff_key(of)],
            reliable_change=self.values[change_key(of)],
            alliance_cutoff=self.values[ALLIANCE],
            ended=episode.ended_on is not None,
            model=trajectory_for((of.outcome, relation_of(of.rater), of.band), self.fitted, self.values),
            rules=self.rules,
            of=of,
        )


def load_standards(
    organisation_id: UUID, *, proposed: Mapping[str, int] | None = None, version: int | None = None
) -> Standards:
    """The standards of the open tenant; with `proposed` values as if they had been chosen.

    With `version` the trajectories are those of that version, 0 for the default: what a page was once read with.
    """
    rows = MeasureValue.objects.filter(organisation=organisation_id).order_by("at", "id").values_list("key", "value")
    found = list(rows)
    chosen = {**dict(found), **(proposed or {})}
    fits = TrajectoryFit.objects.filter(organisation=organisation_id).current()
    if version is not None:
        fits = fits.filter(version__lte=version)
    return Standards(
        values=effective(chosen),
        chosen=chosen,
        rules=rule_set(chosen, len(found) + len(proposed or {})),
        who5=who5_rule(chosen),
        fitted={
            (fit.instrument, fit.rater, fit.age_band): read(fit.model, fit.version, fit.trust)
            for fit in fits
            if fit.model
        },
    )
