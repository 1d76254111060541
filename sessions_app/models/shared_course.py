"""Expected courses that travel between organisations: what this one has published, and what it has from others."""

from django.db import models
from django.utils import timezone

from organisations.history.privacy import data_classes
from organisations.history.row_rights import append_only
from organisations.history.tracking import without_history
from organisations.models import LabelField, OrganisationQuerySet, Practitioner, TenantModel
from sessions_app.models.standard import TrajectoryFit


@data_classes(identity="by", technical="id organisation fit document at")
@without_history("only ever grows: each row says who and when")
@append_only
class PublishedCourse(TenantModel):
    """The file that was made of a fit, once and for all: a second one with other noise would tell more."""

    fit = models.ForeignKey(TrajectoryFit, models.PROTECT, related_name="+")
    document = models.JSONField()
    by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [models.UniqueConstraint(fields=["organisation", "fit"], name="course_published_once")]


class SharedCourseQuerySet(OrganisationQuerySet):
    def in_use(self):
        """Those that were not put aside."""
        return self.filter(put_aside_at=None)


@data_classes(
    identity="added_by put_aside_by",
    technical="id organisation instrument rater age_band publisher document digest added_at put_aside_at",
)
@without_history("a file of coefficients; who took it in and put it aside stands in the access log")
class SharedCourse(TenantModel):
    """A file that another organisation has published: coefficients of an expected course, nobody's marks."""

    instrument = models.CharField(max_length=10)
    rater = models.CharField(max_length=20)
    age_band = models.CharField(max_length=12)
    publisher = LabelField(max_length=200)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    put_aside_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    put_aside_at = models.DateTimeField(null=True)

    objects = SharedCourseQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="shared_course_once"),
        ]

    def __str__(self):
        return self.publisher
