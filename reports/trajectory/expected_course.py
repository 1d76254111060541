"""The expected course as the chart draws it: the middle half of clients still in treatment."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.charts.series import BandPoint
from sessions_app.measures.marks import rounded_up
from sessions_app.measures.series import Series
from sessions_app.measures.trajectory.check import half_width
from sessions_app.measures.trajectory.model import OWN_TRAJECTORY_FROM
from sessions_app.services.trajectory_words import trajectory_words
from sessions_app.standards.trajectories import Trajectory
from sessions_app.texts.verdict import points

AHEAD = 2  # sessions that are still to come
LOW, MIDDLE, HIGH = 0.25, 0.50, 0.75


@dataclass(frozen=True)
class ExpectedPage:
    """The band with its texts; where no expected course holds only the note says why, or all is empty."""

    band: tuple[BandPoint, ...] = ()
    label: str = ""
    title: str = ""
    note: str = ""


def expected_of(series: Series, *, to_client: bool = False) -> ExpectedPage:
    """The band from the first mark to two sessions ahead (none ahead once the episode has ended).

    On a page that is shown `to_client` only a course that was learnt from own clients stands, or nothing.
    """
    model = series.model
    places = [index for index, session in enumerate(series.sorted()) if session.ors is not None]
    if not places:
        return ExpectedPage()
    if to_client and not (isinstance(model, Trajectory) and model.is_own):
        return ExpectedPage()
    if not isinstance(model, Trajectory):
        return ExpectedPage(note=_no_course())
    intake = series.sorted()[places[0]].ors or 0
    upper = model.model.shows_upper_band(intake)
    ahead = 0 if series.ended else AHEAD
    places += [len(series.sessions) + number for number in range(ahead)]
    band = _band(model, intake, places, upper=upper)
    if len(band) < 2:
        return ExpectedPage()
    title = _("Expected course (middle half)") if upper else _("Expected course (lower quarter to middle)")
    said = [
        trajectory_words(series),
        "" if model.held else _("No line falls: each is held at the highest it has reached."),
        _("The band shows clients still in treatment."),
        _uncertain(model, intake, places),
    ]
    return ExpectedPage(tuple(band), _("expected"), title, " ".join(filter(None, said)))


def _band(model: Trajectory, intake: int, places: list[int], *, upper: bool) -> list[BandPoint]:
    """The band at each of these places, the first of which is the intake's. No line of it falls.

    Each is held at the highest that it has reached. Where the middle would fall from the intake itself, which is what
    a high first score does by chance, the band begins at the second score.
    """
    band = [BandPoint(places[0], intake, intake, intake)]
    lowest = middle = highest = 0
    for number, index in enumerate(places[1:], 2):
        low, between, high = (model.band(intake, number, quantile) for quantile in (LOW, MIDDLE, HIGH))
        middle, highest = max(middle, round(between)), max(highest, round(high))
        lowest = max(lowest, rounded_up(low))
        band.append(BandPoint(index, min(lowest, middle), middle, highest if upper else middle))
    return band[1:] if len(band) > 1 and band[1].middle < intake else band


def _no_course() -> str:
    """Why a curve stands without a band: a child's, as a rule, since the design default is for adults."""
    return _(
        "No expected course here: for this form and age there is one only once your organisation learns its own,"
        " from %(needed)s closed episodes on."
    ) % {"needed": OWN_TRAJECTORY_FROM}


def _uncertain(model: Trajectory, intake: int, places: list[int]) -> str:
    """How far the middle may lie elsewhere at the latest session, while it rests on few episodes; else ""."""
    off = half_width(model.limits, intake, len(places))
    if off is None:
        return ""
    return _("With so few episodes its middle may lie %(points)s points higher or lower.") % {"points": points(off)}


def version_before(series: Series) -> int | None:
    """The version of the expected course before the one a series is read with; None where there is none."""
    if isinstance(series.model, Trajectory) and series.model.version:
        return series.model.version - 1
    return None
