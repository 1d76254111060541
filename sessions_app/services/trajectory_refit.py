"""Learning the expected course of each stratum from an organisation's own episodes; every fit is a new row."""

import hashlib
import json
import logging
from collections import defaultdict
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce

from clients.models import Client, ConsentPurpose
from clients.models.lawful_grounds import Content
from clients.services.consents import clients_to_share
from organisations.models import Organisation
from sessions_app.measures import state_fit
from sessions_app.measures.instruments.by_age import parts_of, period_at
from sessions_app.measures.instruments.form_key import relation_of
from sessions_app.measures.instruments.registry import RELIABLE_CHANGE, find_cutoff
from sessions_app.measures.trajectory.check import INTAKES, SESSIONS, Learn, calibration, uncertainty
from sessions_app.measures.trajectory.design_default import DEFAULT
from sessions_app.measures.trajectory.model import CALIBRATION_SHOWN_FROM, CODE_VERSION, DESIGN_DEFAULT, Model, tier
from sessions_app.measures.trajectory.shared_file import read_shared
from sessions_app.models import Rating, SharedCourse, TrajectoryFit
from sessions_app.standards.trajectories import CENTRES, DEFAULT_STRATUM, Stratum

logger = logging.getLogger(__name__)


@dataclass
class ClosedCourse:
    """The rows of one stratum: (episode, session number among the measured, total in tenths).

    `shared` is what other organisations have published for it, pooled.
    """

    rows: list[tuple[str, int, int]] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    dates: list[date] = field(default_factory=list)
    shared: Model | None = None

    @property
    def digest(self) -> str:
        """A fingerprint that changes with what is learnt from, and with the code that learns.

        With too few episodes for a course of one's own only what others share is learnt from.
        """
        shared = [self.shared.as_json()] if self.shared else []
        own = [] if shared and self.is_too_small else [sorted(self.rows), sorted(self.closed)]
        said = json.dumps([CODE_VERSION, *own, *shared])
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def is_too_small(self) -> bool:
        """Whether a course of one's own cannot be learnt yet."""
        return tier(self.closed_with_two) == DESIGN_DEFAULT

    def totals_of_closed(self) -> list[list[int]]:
        """The totals of each closed episode, in order."""
        found: dict[str, list[int]] = defaultdict(list)
        for episode, _number, total in sorted(self.rows):
            if episode in self.closed:
                found[episode].append(total)
        return list(found.values())

    @property
    def closed_with_two(self) -> int:
        """The closed episodes with two scores or more: what the tiers count."""
        return len({episode for episode, number, _ in self.rows if number == 2} & self.closed)


@transaction.atomic
def refit(organisation_id: UUID) -> list[TrajectoryFit]:
    """Learn anew, in the open tenant, what has other data than at its last fit; returns the new fits.

    A stratum with fewer than 30 closed episodes has no fit of its own: what other organisations share holds for it, or
    nothing; one that had more gets a row that says so.
    """
    last = {
        (fit.instrument, fit.rater, fit.age_band): fit
        for fit in TrajectoryFit.objects.filter(organisation=organisation_id).current()
    }
    found, shared = courses(Organisation.objects.get(pk=organisation_id)), shared_models(organisation_id)
    made = []
    for stratum in sorted(found.keys() | last.keys() | shared.keys()):
        course = replace(found.get(stratum, ClosedCourse()), shared=shared.get(stratum))
        fit = _fit(organisation_id, stratum, course, last.get(stratum))
        if fit is not None:
            fit.save(force_insert=True)
            made.append(fit)
    return made


def courses(organisation: Organisation) -> dict[Stratum, ClosedCourse]:
    """The outcome scores of the open tenant by stratum; without practice clients and who may not count."""
    counted = Client.objects.filter(organisation=organisation, is_practice=False)
    counted = clients_to_share(counted, ConsentPurpose.STATISTICS, Content.MARKS, organisation)
    ratings = (
        Rating.objects.current()
        .filter(instrument__in=CENTRES, session__client__in=counted)
        .order_by(
            "session__episode",
            "session__held_on",
            Coalesce("session__started_at", "session__created_at"),
            "session__created_at",
            "session__pk",
        )
        .values_list(
            "session__episode",
            "session__episode__age_at_intake",
            "session__episode__new_series",
            "session__episode__ended_on",
            "session__held_on",
            "instrument",
            "rater",
            "total",
        )
    )
    found: dict[Stratum, ClosedCourse] = defaultdict(ClosedCourse)
    counts: dict[tuple[str, Stratum], int] = defaultdict(int)
    for key, age, new_series, ended_on, held_on, instrument, rater, total in ratings.iterator():
        relation = relation_of(rater)
        # Two teachers of one client are two courses.
        episode = str(key) if rater == relation else f"{key} {rater}"
        stratum = (instrument, relation, period_at(parts_of(age, new_series), held_on).band)
        course = found[stratum]
        counts[(episode, stratum)] += 1
        course.rows.append((episode, counts[(episode, stratum)], total))
        course.dates.append(held_on)
        if ended_on is not None:
            course.closed.add(episode)
    return dict(found)


def shared_models(organisation_id: UUID) -> dict[Stratum, Model]:
    """What other organisations have published, pooled, of each stratum for which there is something in use."""
    from sessions_app.measures.trajectory.sharing import pooled  # with numpy, which a web process does without

    found: dict[Stratum, list[Model]] = defaultdict(list)
    rows = SharedCourse.objects.filter(organisation=organisation_id).in_use()
    for document in rows.order_by("added_at", "pk").values_list("document", flat=True):
        shared = read_shared(document)
        found[shared.stratum].append(shared.model)
    return {stratum: pooled(models) for stratum, models in found.items()}


def _fit(
    organisation_id: UUID, stratum: Stratum, course: ClosedCourse, last: TrajectoryFit | None
) -> TrajectoryFit | None:
    """The next version of a stratum; None where nothing is new."""
    if last is not None and last.data_digest == course.digest:
        return None
    version = last.version + 1 if last else 1
    learn = _learner(stratum, course, version)
    model = _learnt(stratum, course, learn)
    if model is None and (last is None or last.model is None):
        return None
    is_own = model is not None and not model.is_shared
    return TrajectoryFit(
        organisation_id=organisation_id,
        instrument=stratum[0],
        rater=stratum[1],
        age_band=stratum[2],
        version=version,
        window_start=min(course.dates, default=None),
        window_end=max(course.dates, default=None),
        n_episodes=len({episode for episode, _, _ in course.rows}),
        n_closed=course.closed_with_two,
        model=model.as_json() if model else None,
        trust=_trust(course, learn) if is_own else None,
        code_version=CODE_VERSION,
        data_digest=course.digest,
    )


def _learner(stratum: Stratum, course: ClosedCourse, version: int) -> partial[Model]:
    """How a stratum learns: shrunk to what others share, or to the default where that was made for it."""
    from sessions_app.measures.trajectory import fit as fitting

    prior = course.shared or (DEFAULT if stratum == DEFAULT_STRATUM else None)
    return partial(
        fitting.fit,
        prior=prior,
        prior_rows=fitting.PRIOR_ROWS if prior else 0,
        centre=CENTRES[stratum[0]],
        version=f"{'-'.join(stratum)}-{version}",
        window=(min(course.dates).isoformat(), max(course.dates).isoformat()) if course.dates else ("", ""),
    )


def _learnt(stratum: Stratum, course: ClosedCourse, learn: partial[Model]) -> Model | None:
    """The stratum's own model; below 30 closed episodes what others share, or None."""
    from sessions_app.measures.trajectory.fit import successful_line

    if course.is_too_small:
        return course.shared
    try:
        model = learn(course.rows, closed=course.closed)
    except ValueError:
        # Too few different scores for least squares: as good as too few episodes.
        logger.warning("The trajectory of %s could not be learnt", "-".join(stratum))
        return None
    instrument, rater, band = stratum
    cutoff = find_cutoff(instrument, band, rater)

    def successful(intake: int, last: int) -> bool:
        return last - intake >= RELIABLE_CHANGE or (cutoff is not None and last >= cutoff.value)

    line = successful_line(course.rows, course.closed, successful, centre=model.centre)
    return replace(model, alpha_successful=line)


def _trust(course: ClosedCourse, learn: Learn) -> dict[str, Any]:
    """What is stored of how far a fit can be trusted: its limits while episodes are few, else its calibration.

    With enough episodes also what the filter of changes has learnt from the closed ones.

    Empty where resampling leaves too few different scores to learn from.
    """
    try:
        if course.closed_with_two >= CALIBRATION_SHOWN_FROM:
            found = calibration(course.rows, learn)
            checked = {"calibration": [asdict(share) for share in found.by_session]}
            checked |= {"calibration_by_intake": [asdict(share) for share in found.by_intake]}
            own = state_fit.learn(course.totals_of_closed())
            return checked | ({"state": asdict(own)} if own else {})
        limits = uncertainty(course.rows, learn)
    except ValueError:
        return {}
    rounded = [[[round(low), round(high)] for low, high in row] for row in limits]
    return {"uncertainty": {"intakes": list(INTAKES), "sessions": list(SESSIONS), "limits": rounded}}
