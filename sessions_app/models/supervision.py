"""Supervision as the supervisee rated it, and with whom it is shared. No row points to a client."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import without_history
from organisations.models import LabelField, Practitioner, TenantModel


class SupervisionShareQuerySet(models.QuerySet):
    def open(self):
        """Those that still hold."""
        return self.filter(ended_at=None)

    def visible_to(self, practitioner):
        """The shares that a person gave, and those that others give them now."""
        own = self.filter(organisation=practitioner.organisation_id)
        return own.filter(Q(practitioner=practitioner.pk) | Q(shared_with=practitioner.pk, ended_at=None))


@data_classes(identity="practitioner shared_with", technical="id organisation with_development since ended_at")
@without_history("about no client; each row says from when until when")
class SupervisionShare(TenantModel):
    """A supervisee lets one colleague (a supervisor, a lead) see their ratings, from a day until they end it."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    shared_with = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    # One's development page too; said by itself, so that no share of ratings ever came to show more.
    with_development = models.BooleanField(default=False, db_default=False)
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = SupervisionShareQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "practitioner", "shared_with"],
                condition=Q(ended_at=None),
                name="supervision_shared_once",
                violation_error_message=_("You share with this person already."),
            ),
            models.CheckConstraint(
                condition=~Q(practitioner=models.F("shared_with")), name="supervision_shared_with_another"
            ),
        ]


class SupervisionRatingQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """One's own, and those of whoever shares them: no role sees more."""
        if not practitioner.is_active:
            return self.none()
        shared = SupervisionShare.objects.open().filter(shared_with=practitioner.pk).values("practitioner")
        own = self.filter(organisation=practitioner.organisation_id)
        return own.filter(Q(practitioner=practitioner.pk) | Q(practitioner__in=shared))

    def oldest_first(self):
        return self.order_by("held_on", "created_at")


# Of a practitioner, by their supervisor.
@data_classes(
    identity="practitioner supervisor",
    score="held_on marks total",
    technical="id organisation language pack submission_id created_at",
)
@without_history("about no client; gone for good when its owner takes it away")
class SupervisionRating(TenantModel):
    """Three marks (tenths, 0-100) about one hour of supervision; whoever made it may take it away again."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    held_on = models.DateField(_("date"))
    supervisor = LabelField(_("supervisor"), max_length=80, blank=True, default="")
    marks = ArrayField(models.PositiveSmallIntegerField(), size=3)
    total = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=5, default="", db_default="")  # as a client's rating has them
    pack = models.CharField(max_length=64, blank=True, default="", db_default="")
    submission_id = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = SupervisionRatingQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "practitioner", "held_on"])]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "submission_id"], name="supervision_submission_once"),
            models.CheckConstraint(condition=Q(marks__len=3, total__lte=300), name="supervision_three_marks"),
        ]
