"""From whom an expected course was learnt, in words."""

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions_app.measures.series import Series
from sessions_app.measures.trajectory.shared_file import SHARED
from sessions_app.standards.trajectories import Trajectory


def trajectory_words(series: Series) -> str:
    """Which expected course a series is read against, from whom it was learnt and how many; "" without one."""
    return trajectory_words_of(series.model) if isinstance(series.model, Trajectory) else ""


def trajectory_words_of(trajectory: Trajectory) -> str:
    """From whom an expected course was learnt, and how many."""
    model = trajectory.model
    held = " " + _("No line falls: each is held at the highest it has reached.") if trajectory.held else ""
    if model.is_design_default:
        said = _("Expected course: a design default (%(version)s), not from your clients.")
        return said % {"version": model.version} + held
    if model.is_shared:
        return _shared_words(trajectory) + held
    learnt = ngettext(
        "Expected course: learnt from %(count)s closed episode of your own organisation",
        "Expected course: learnt from %(count)s closed episodes of your own organisation",
        model.closed_episodes,
    ) % {"count": model.closed_episodes}
    prior = ", " + _prior_words(model.prior) if model.prior else ""
    return (
        _("%(learnt)s%(prior)s; version %(version)s, sessions from %(start)s to %(end)s.")
        % {
            "learnt": learnt,
            "prior": prior,
            "version": trajectory.version,
            "start": _day(model.window[0]),
            "end": _day(model.window[1]),
        }
        + held
    )


def _shared_words(trajectory: Trajectory) -> str:
    """From how many episodes of which other organisations a shared course was learnt."""
    model = trajectory.model
    said = _(
        "Expected course: learnt from %(count)s closed episodes of other organisations (%(names)s), not from your"
        " clients; version %(version)s, sessions of %(start)s to %(end)s."
    )
    return said % {
        "count": model.closed_episodes,
        "names": ", ".join(model.shared_by),
        "version": trajectory.version,
        "start": model.window[0],
        "end": model.window[1],
    }


def _prior_words(prior: str) -> str:
    if prior.startswith(SHARED):
        return _("drawn towards the course that other organisations share")
    return _("drawn towards the design default")


def _day(iso: str) -> str:
    return formats.date_format(date.fromisoformat(iso), "SHORT_DATE_FORMAT")
