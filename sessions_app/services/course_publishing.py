"""Making the file of an organisation's own expected course, for other organisations.

Apart from the other side of sharing because it learns, with numpy, which a web process loads only then.
"""

from random import SystemRandom
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner
from sessions_app.measures.trajectory.shared_file import FORMAT, FORMAT_VERSION
from sessions_app.models import PublishedCourse, TrajectoryFit
from sessions_app.services.trajectory_refit import ClosedCourse, courses
from sessions_app.standards.trajectories import CENTRES


@transaction.atomic
def publish(fit: TrajectoryFit, by: Practitioner) -> PublishedCourse:
    """The file of a fit; the one that was made before, where there is one.

    ValidationError where too few closed episodes are left, or their scores are too much alike.
    """
    from sessions_app.measures.trajectory.sharing import publishable

    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)
    before = PublishedCourse.objects.filter(organisation=organisation, fit=fit).first()
    if before is not None:
        return before
    own = courses(organisation).get((fit.instrument, fit.rater, fit.age_band), ClosedCourse())
    try:
        course = publishable(own.rows, own.closed, centre=CENTRES[fit.instrument], random=SystemRandom())
    except ValueError as error:
        raise ValidationError(_("Too few closed episodes are left, or their scores are too much alike.")) from error
    record_access("shared_course.publish", (), typed=f"{fit.instrument} {fit.rater} {fit.age_band} {fit.version}")
    return PublishedCourse.objects.create(
        organisation=organisation, fit=fit, document=_document(fit, course, organisation), by=by
    )


def _document(fit: TrajectoryFit, course: dict[str, Any], organisation: Organisation) -> dict[str, Any]:
    first, last = fit.window_start, fit.window_end
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "publisher": organisation.name,
        "instrument": fit.instrument,
        "rater": fit.rater,
        "age_band": fit.age_band,
        "years": [first.year if first else 0, last.year if last else 0],
        "noise": course.pop("noise"),
        "course": course,
    }
