"""Which forms fit: by age band, by who rates, and from which day on. Pure, no database.

The version of the forms stays the same inside a period of an episode. A birthday that leads into another band
changes nothing by itself: a new period begins on the day that the practitioner chose.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sessions_app.measures.instruments.cutoffs import ADOLESCENT, ADULT, CHILD, YOUNG_CHILD
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME, FormKey
from sessions_app.measures.instruments.registry import FAMILY, age_band

BANDS = (YOUNG_CHILD, CHILD, ADOLESCENT, ADULT)  # the youngest first
CARETAKER = "caretaker"
MOST_RATERS = 6  # on one chart


@dataclass(frozen=True)
class FormsOfAge:
    """The forms of one age band: the client's own two, and with what others rate the client."""

    outcome: str
    alliance: str
    beside: str


def _version(band: str) -> FormsOfAge:
    """The first of the registry that says so."""
    own = {part: [one.key for one in FAMILY.values() if one.part == part and band in one.bands] for part in PARTS}
    beside = [one.key for one in FAMILY.values() if one.part == OUTCOME and band in one.others_in]
    return FormsOfAge(own[OUTCOME][0], own[ALLIANCE][0], beside[0])


PARTS = (OUTCOME, ALLIANCE)
VERSIONS: dict[str, FormsOfAge] = {band: _version(band) for band in BANDS}


@dataclass(frozen=True)
class AgePeriod:
    """A part of an episode with one version of the forms: from `since` on, before `until`; None is open."""

    band: str
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a session of that day belongs to it."""
        return (self.since is None or day >= self.since) and (self.until is None or day < self.until)


def age_periods(intake: str, switches: Iterable[tuple[date, str]]) -> tuple[AgePeriod, ...]:
    """The periods of an episode, oldest first: the band at the intake, then each band from its day on."""
    marks: list[tuple[date | None, str]] = [(None, intake), *sorted(switches)]
    ends = [day for day, _ in marks[1:]] + [None]
    return tuple(AgePeriod(band, since, until) for (since, band), until in zip(marks, ends, strict=True))


def parts_of(age: int | None, new_series: Iterable[Sequence[str]]) -> tuple[AgePeriod, ...]:
    """The periods of a stored episode: its age at intake, and [day, band] of each later series."""
    return age_periods(age_band(age), ((date.fromisoformat(day), band) for day, band in new_series))


def period_at(parts: Sequence[AgePeriod], day: date) -> AgePeriod:
    """The period that a day belongs to."""
    return next(part for part in reversed(parts) if part.holds(day))


def own_forms(band: str) -> tuple[FormKey, FormKey]:
    """The client's own outcome and alliance form."""
    version = VERSIONS[band]
    return FormKey(version.outcome), FormKey(version.alliance)


def forms_for(band: str, raters: Sequence[str]) -> tuple[FormKey, ...]:
    """Every form of a session in its order: the client's outcome form, the others', then the alliance form.

    `raters` are the keys of those who rate the client; a child under 6 always has a caretaker beside it.
    """
    outcome, alliance = own_forms(band)
    beside = tuple(raters) or ((CARETAKER,) if band == YOUNG_CHILD else ())
    return (outcome, *(FormKey(VERSIONS[band].beside, rater) for rater in beside), alliance)


def counts_for(band: str, form: FormKey) -> bool:
    """Whether a form is what the session's outcome or alliance is read from: the client's own, scored.

    Under 6 the outcome is a caretaker's; their own alliance form has no score, and is enough all the same.
    """
    if form.part == OUTCOME:
        return form.instrument.scored and (form.by_client or band == YOUNG_CHILD)
    return form.part == ALLIANCE and form.by_client


def answered_parts(band: str, answered: Collection[FormKey]) -> set[str]:
    """Return which of a session's two parts ("ors", "srs") are answered."""
    return {form.part for form in answered if counts_for(band, form)}


def main_outcome(band: str, rated: Mapping[FormKey, int]) -> FormKey:
    """The form whose totals are the period's own curve; `rated` counts the ratings of each form in it.

    The client's own; under 6 the caretaker's who rated most often (then by key). Where only another form of
    the client's has answers (an import knows the ORS alone), that one.
    """
    own = own_forms(band)[0]
    if own.instrument.scored:
        wanted = [own]
    else:
        by_others = [form for form in rated if form.part == OUTCOME and form.instrument.scored and not form.by_client]
        wanted = sorted(by_others, key=lambda form: (-rated[form], form)) or [FormKey(VERSIONS[band].beside, CARETAKER)]
    given = [form for form in rated if form.part == OUTCOME and form.instrument.scored and form.by_client]
    return next((form for form in (*wanted, *sorted(given)) if rated.get(form)), wanted[0])


def main_alliance(band: str, rated: Mapping[FormKey, int]) -> FormKey:
    """The form whose totals are the period's alliance, chosen as `main_outcome`; groups have their own."""
    own = own_forms(band)[1]
    return own if rated.get(own) or not rated.get(FormKey("srs")) else FormKey("srs")


def count_forms(sessions: Iterable[Collection[FormKey]]) -> Counter[FormKey]:
    """Count how often each form was answered."""
    return Counter(form for forms in sessions for form in forms)


def band_ahead(band: str, fits_now: str) -> bool:
    """Whether the client has grown into an older band than the one whose forms are in use."""
    return BANDS.index(fits_now) > BANDS.index(band)
