"""Reports of results: how often somebody wants one, and those that were made and kept."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history, without_history
from organisations.models import LabelField, Practitioner, TenantModel


class ReportRhythm(models.TextChoices):
    NEVER = "never", _("Never by itself")
    QUARTER = "quarter", _("Every quarter")
    HALF_YEAR = "half_year", _("Every half-year")
    YEAR = "year", _("Every year")


@data_classes(identity="practitioner", technical="id organisation scope form rhythm next_on")
@keep_history(without=("next_on",))  # moves on by itself with each report
class ResultsSchedule(TenantModel):
    """What a person wants a report of, and how often: `scope` and `form` are choices of the results page.

    `next_on` is the day from which the next one is due; None where none is.
    """

    practitioner = models.OneToOneField(Practitioner, models.CASCADE, related_name="+")
    scope = models.CharField(max_length=100)
    form = models.CharField(max_length=12)
    rhythm = models.CharField(_("how often"), max_length=10, choices=ReportRhythm, default=ReportRhythm.NEVER)
    next_on = models.DateField(null=True)

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "next_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm="never", next_on=None) | ~Q(rhythm="never") & Q(next_on__isnull=False),
                name="results_schedule_due_unless_never",
            )
        ]


class ResultsReportQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """One's own."""
        return self.filter(made_for=practitioner)

    def kept(self):
        """Without those that were removed and can still be taken back."""
        return self.filter(removed_at=None)

    def without_content(self):
        """For a list: what is in the files stays in the database."""
        return self.defer("content")


@data_classes(
    identity="made_for about",
    score="content",  # figures of ten clients or more
    technical="id organisation file_name made_on removed_at",
)
@without_history("a copy in the history would outlive its years; who made, took and removed it is in the access log")
class ResultsReport(TenantModel):
    """A report as it was on its day (PDF): figures with the small numbers hidden, about no client. Kept three years."""

    made_for = models.ForeignKey(Practitioner, models.CASCADE, related_name="+")
    about = LabelField(max_length=200)  # whose results, in the words of that day
    content = models.BinaryField()
    file_name = LabelField(max_length=60)
    made_on = models.DateField(default=timezone.localdate)
    removed_at = models.DateTimeField(null=True)

    objects = ResultsReportQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "made_on"])]

    def __str__(self):
        return self.file_name
