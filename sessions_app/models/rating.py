"""What is measured: sessions, ratings, the client's own words, alerts."""

from collections import defaultdict
from collections.abc import Callable
from functools import reduce
from operator import and_

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.history.updated_at import touch, touch_parent, updated_at
from organisations.models import Practitioner, TenantModel
from sessions_app.measures.instruments.registry import FAMILY, Instrument
from sessions_app.models.session import Session
from sessions_app.models.visibility import OfClient

UNSCORED = [instrument.key for instrument in FAMILY.values() if not instrument.scored]


def _each(number: Callable[[Instrument], int], holds: Callable[[int], Q]) -> Q:
    """Of the instruments with the same number what holds then; of one that is not here yet nothing is said."""
    keys = defaultdict(list)
    for instrument in FAMILY.values():
        keys[number(instrument)].append(instrument.key)
    return reduce(and_, (~Q(instrument__in=keys[count]) | holds(count) for count in sorted(keys)))


A_MARK_FOR_EACH_LINE = _each(lambda one: len(one.items), lambda count: Q(marks__len=count))
TOTAL_WITHIN_RANGE = _each(lambda one: one.total_max, lambda most: Q(total__lte=most))


class EntryMode(models.TextChoices):
    DEVICE = "device", _("The client on a device")
    READ_ALOUD = "read_aloud", _("Read aloud")
    PAPER = "paper", _("On paper")
    PHOTO = "photo", _("On paper, photographed")
    IMPORTED = "imported", _("Imported")


class RatingQuerySet(OfClient):
    client_path = "session__client"

    def current(self):
        """The latest revision of each rating, of sessions that count."""
        return self.filter(superseded_by=None, session__voided_at=None)


@data_classes(
    identity="recorded_by",
    words="reason",
    score="marks total entry_mode device_time late",
    technical="id organisation session instrument rater language pack created_at updated_at submission_id "
    "superseded_by",
)
@keep_history(without=("updated_at",))  # the history has its own moment
@never_deleted
@named_in_routes("rating_id")
class Rating(TenantModel):
    """The marks of one instrument by one rater at one session, in tenths; never overwritten.

    `marks` is empty where only a total is known (paper, import). `total` is empty for what has no score (the
    forms for children under 6: one mark, the number of the chosen face from 0). A correction is a new row, and
    the old one points to it: `superseded_by` is the only column that may ever change (trigger).
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="ratings")
    instrument = models.CharField(max_length=10)  # a key of measures.instruments
    rater = models.CharField(max_length=20, default="client")
    marks = ArrayField(models.PositiveSmallIntegerField(), size=5, null=True, blank=True)
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    entry_mode = models.CharField(max_length=10, choices=EntryMode)
    language = models.CharField(max_length=5, blank=True, default="")  # empty: nobody knows whose words (import)
    pack = models.CharField(max_length=64, blank=True, default="")  # "id@version"; empty for our own wording
    device_time = models.CharField(max_length=40, blank=True, default="")  # a claim; created_at is the record
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    late = models.BooleanField(default=False)  # came after the form's own time; never after 30 days
    updated_at = updated_at()
    submission_id = models.UUIDField()
    recorded_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    superseded_by = models.OneToOneField("self", models.PROTECT, null=True, related_name="supersedes")

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "session", "instrument", "rater"],
                condition=Q(superseded_by=None),
                nulls_distinct=False,
                name="rating_once",
                violation_error_message=_("This session already has that rating."),
            ),
            models.UniqueConstraint(fields=["organisation", "submission_id"], name="rating_submission_once"),
            models.CheckConstraint(condition=Q(total__gte=0, total__lte=400), name="rating_total_between_0_and_400"),
            models.CheckConstraint(condition=Q(total=None) | TOTAL_WITHIN_RANGE, name="rating_total_within_range"),
            models.CheckConstraint(condition=Q(marks=None) | A_MARK_FOR_EACH_LINE, name="rating_a_mark_for_each_line"),
            models.CheckConstraint(
                condition=Q(instrument__in=UNSCORED, total=None, marks__isnull=False)
                | ~Q(instrument__in=UNSCORED) & Q(total__isnull=False),
                name="rating_total_where_scored",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "updated_at"])]
        triggers = [pgtrigger.ReadOnly(name="rating_stays", exclude=["superseded_by", "updated_at"]), touch()]


@data_classes(
    identity="decided_by",
    score="marks taken",
    technical="id organisation rating language pack submission_id created_at decided_at",
)
@keep_history()
@never_deleted
@named_in_routes("conflict_id")
class ConflictingAnswer(TenantModel):
    """A second, different answer for a form that was answered already; the practitioner decides."""

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="conflicts")
    marks = ArrayField(models.PositiveSmallIntegerField(), size=5)
    language = models.CharField(max_length=5, default="", db_default="")  # as the rating's; empty: nobody knows
    pack = models.CharField(max_length=64, blank=True, default="", db_default="")
    submission_id = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    taken = models.BooleanField(default=False)  # this answer replaced the first one

    class ConflictQuerySet(OfClient):
        client_path = "rating__session__client"

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "rating", "marks"], name="conflicting_answer_once")
        ]
        triggers = [touch_parent("sessions_app_rating", "rating_id")]
