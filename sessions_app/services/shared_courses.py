"""Expected courses of other organisations: taking their files in, putting them aside, using them again."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Relation
from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner, straight
from sessions_app.measures.instruments.cutoffs import ALL_AGES
from sessions_app.measures.instruments.registry import CLIENT
from sessions_app.measures.trajectory.shared_file import SharedFile, read_shared
from sessions_app.models import PublishedCourse, SharedCourse
from sessions_app.standards.trajectories import CENTRES


def read_file(content: bytes) -> SharedFile:
    """What an uploaded file says; ValidationError with a sentence where it is none of ours."""
    try:
        shared = read_shared(json.loads(content))
    except (ValueError, RecursionError) as error:
        raise ValidationError(
            _("This is not a file of an expected course, or it was changed on its way: nothing was taken in.")
        ) from error
    known = shared.age_band in ALL_AGES and (shared.rater == CLIENT or shared.rater in Relation)
    if not known or CENTRES.get(shared.instrument) != shared.model.centre:
        raise ValidationError(_("The file is about a form or an age that Medspil does not know here."))
    return shared


@transaction.atomic
def take_in(content: bytes, by: Practitioner) -> SharedCourse:
    """Keep a published file and use it from the next night on; one that was put aside is used again.

    A file that the same organisation has published before of the same clients is put aside.

    ValidationError where it is no such file, one's own, or in use already.
    """
    shared = read_file(content)
    document = json.loads(content)
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)
    if PublishedCourse.objects.filter(organisation=organisation, document=document).exists():
        raise ValidationError(_("Your own organisation has published this file: its clients would count twice."))
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    kept, is_new = SharedCourse.objects.get_or_create(
        organisation=organisation,
        digest=digest,
        defaults={
            "instrument": shared.instrument,
            "rater": shared.rater,
            "age_band": shared.age_band,
            "publisher": straight(shared.publisher)[:200],
            "document": document,
            "added_by": by,
        },
    )
    if is_new:
        record_access("shared_course.take_in", (), typed=kept.publisher)
    elif kept.put_aside_at is None:
        raise ValidationError(_("This file is in use already."))
    else:
        use_again(kept, by)
        return kept
    _put_earlier_aside(kept, by)
    return kept


@transaction.atomic
def put_aside(course: SharedCourse, by: Practitioner) -> None:
    """Use a file no longer, from the next night on; it can be used again."""
    used = SharedCourse.objects.filter(pk=course.pk).in_use()
    if used.update(put_aside_at=timezone.now(), put_aside_by=by):
        record_access("shared_course.put_aside", (), typed=course.publisher)


@transaction.atomic
def use_again(course: SharedCourse, by: Practitioner) -> None:
    """Use a file again that was put aside, in place of another one of the same organisation."""
    aside = SharedCourse.objects.filter(pk=course.pk).exclude(put_aside_at=None)
    if aside.update(put_aside_at=None, put_aside_by=None):
        record_access("shared_course.use_again", (), typed=course.publisher)
    _put_earlier_aside(course, by)


def _put_earlier_aside(course: SharedCourse, by: Practitioner) -> None:
    """Two files of one organisation were learnt from the same clients, who would count twice."""
    same = {name: getattr(course, name) for name in ("organisation", "instrument", "rater", "age_band", "publisher")}
    for other in SharedCourse.objects.filter(**same).in_use().exclude(pk=course.pk):
        put_aside(other, by)
