"""Two versions of an expected course beside each other: what each was learnt from, and how far their middles differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from organisations.models import Practitioner
from reports.charts.markup import Markup
from reports.charts.versions_svg import SIZES, versions_svg
from sessions_app.measures.instruments.registry import CLIENT
from sessions_app.measures.trajectory.model import Model
from sessions_app.models import TrajectoryFit
from sessions_app.services.trajectory_words import trajectory_words_of
from sessions_app.standards.trajectories import DEFAULT_STRATUM, DESIGN_DEFAULT, Stratum, Trajectory, read
from sessions_app.texts.instruments import BAND_NAMES, rater_words, short_name
from sessions_app.texts.points import points

INTAKES = (100, 150, 200, 250, 300)
DRAWN = (100, 200, 300)
SESSIONS = (2, 4, 6, 8, 12)


@dataclass(frozen=True)
class Compared:
    """Two versions: their words, the pictures by size, and rows of (first score, cells of (newer, older, change))."""

    newer: str
    older: str
    pictures: dict[str, Markup]
    sessions: tuple[int, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    is_same: bool


def stratum_name(stratum: Stratum) -> str:
    """ "ORS, 18 years and over" or "CORS, 6 to 12 years · mother"."""
    instrument, rater, band = stratum
    who = "" if rater == CLIENT else f" · {rater_words(rater, {})}"
    return f"{short_name(instrument)}, {BAND_NAMES[band]}{who}"


def stratum_key(stratum: Stratum) -> str:
    """How an address names a stratum."""
    return ".".join(stratum)


def fits_with_a_course(by: Practitioner) -> list[TrajectoryFit]:
    """Every version of every stratum that has a course, newest first within each."""
    fits = TrajectoryFit.objects.visible_to(by).exclude(model=None)
    return list(fits.defer("data_digest").order_by("instrument", "rater", "age_band", "-version"))


class VersionsForm(forms.Form):
    """Which stratum, and which two of its versions; the newest two where nothing is chosen."""

    of = forms.ChoiceField(label=lazy("Form and age"), required=False)
    newer = forms.TypedChoiceField(label=lazy("Version"), required=False, coerce=int, empty_value=None)
    older = forms.TypedChoiceField(label=lazy("Compared with"), required=False, coerce=int, empty_value=None)

    def __init__(self, data, *, fits: Sequence[TrajectoryFit]):
        self.by_stratum: dict[str, dict[int, TrajectoryFit]] = {}
        for fit in fits:
            self.by_stratum.setdefault(stratum_key(_stratum(fit)), {})[fit.version] = fit
        strata = sorted(self.by_stratum, key=lambda key: key != stratum_key(DEFAULT_STRATUM))
        data = {name: value for name, value in data.items() if name in self.base_fields and value}
        of = data.setdefault("of", strata[0])
        versions = self.by_stratum.get(of, {})
        default = [(0, _("the design default"))] if of == stratum_key(DEFAULT_STRATUM) else []
        known = [(number, _version(fit)) for number, fit in versions.items()] + default
        numbers = [number for number, _words in known]
        data.setdefault("newer", str(numbers[0]) if numbers else "")
        data.setdefault("older", str(numbers[min(1, len(numbers) - 1)]) if numbers else "")
        super().__init__(data)
        strata_named = [(key, stratum_name(_stratum_of(key))) for key in strata]
        for name, offered in (("of", strata_named), ("newer", known), ("older", known)):
            cast("forms.ChoiceField", self.fields[name]).choices = offered

    def compared(self) -> Compared:
        """What was chosen, beside each other. The form must be valid."""
        versions = self.by_stratum[self.cleaned_data["of"]]
        newer, older = (self._trajectory(versions, self.cleaned_data[name]) for name in ("newer", "older"))
        return compare(newer, older)

    def _trajectory(self, versions: dict[int, TrajectoryFit], number: int) -> Trajectory:
        if number == 0:
            return DESIGN_DEFAULT
        fit = versions[number]
        return read(fit.model or {}, fit.version)


def compare(newer: Trajectory, older: Trajectory) -> Compared:
    """Two versions of one stratum beside each other."""
    rows = tuple(
        (points(intake), tuple(_cell(newer, older, intake, session) for session in SESSIONS)) for intake in INTAKES
    )
    title = _("The middle of both versions")
    description = _("A solid line for the first version, a broken one for the second; first scores of 10, 20 and 30.")
    pictures = {
        size: versions_svg(
            DRAWN,
            lambda intake, session: newer.band(intake, session, 0.5),
            lambda intake, session: older.band(intake, session, 0.5),
            size=size,
            name="versions",
            title=title,
            description=description,
        )
        for size in SIZES
    }
    return Compared(
        newer=trajectory_words_of(newer),
        older=trajectory_words_of(older),
        pictures=pictures,
        sessions=SESSIONS,
        rows=rows,
        is_same=newer.version == older.version,
    )


def _cell(newer: Trajectory, older: Trajectory, intake: int, session: int) -> tuple[str, str, str]:
    here, there = (round(one.band(intake, session, 0.5)) for one in (newer, older))
    sign = {True: "+", False: "\N{MINUS SIGN}"}[here >= there] if here != there else "\N{PLUS-MINUS SIGN}"
    return points(here), points(there), f"{sign}{points(abs(here - there))}"


def _version(fit: TrajectoryFit) -> str:
    """ "3, learnt on 1 May 2026"; where other organisations' courses stand, that is said."""
    words = {"version": fit.version, "day": date_format(fit.fitted_at.date(), "SHORT_DATE_FORMAT")}
    if Model.from_json(fit.model or {}).is_shared:
        return _("%(version)s, shared by others, %(day)s") % words
    return _("%(version)s, learnt %(day)s") % words


def _stratum(fit: TrajectoryFit) -> Stratum:
    return fit.instrument, fit.rater, fit.age_band


def _stratum_of(key: str) -> Stratum:
    instrument, rater, band = key.split(".")
    return instrument, rater, band
