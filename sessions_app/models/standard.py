"""Rows that are only ever added: trajectories as they were learnt, values as they were chosen."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.row_rights import append_only
from organisations.history.tracking import without_history
from organisations.models import OrganisationQuerySet, Practitioner, TenantModel


class TrajectoryFitQuerySet(OrganisationQuerySet):
    def current(self):
        """The newest version of each stratum."""
        stratum = ("instrument", "rater", "age_band")
        return self.order_by(*stratum, "-version").distinct(*stratum)


# Of at least as many clients as a fit needs: nobody's own.
@data_classes(
    technical="id organisation instrument rater age_band version fitted_at window_start window_end n_episodes "
    "n_closed model trust code_version data_digest"
)
@without_history("only ever grows: each row says when and from what")
@append_only
class TrajectoryFit(TenantModel):
    """One fit of the expected course in a stratum (instrument, rater, age band); never changed or deleted.

    `model` is what measures.trajectory_model.Model.as_json wrote; None where too few episodes are left, so
    that the documented default (or none) holds again. `data_digest` tells whether the data are others now.
    `trust` is what refit.py found about how far it can be trusted: calibration on held-out episodes, limits,
    and with 200 closed episodes SD, reliability and mean for the filter of changes.
    """

    instrument = models.CharField(max_length=10)
    rater = models.CharField(max_length=20)
    age_band = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    fitted_at = models.DateTimeField(default=timezone.now)
    window_start = models.DateField(null=True)
    window_end = models.DateField(null=True)
    n_episodes = models.PositiveIntegerField()
    n_closed = models.PositiveIntegerField()
    model = models.JSONField(null=True)
    code_version = models.CharField(max_length=20)
    data_digest = models.CharField(max_length=64)
    trust = models.JSONField(null=True)

    objects = TrajectoryFitQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "instrument", "rater", "age_band", "version"], name="trajectory_version_once"
            )
        ]


@data_classes(identity="by", words="reason", technical="id organisation key value at")
@without_history("only ever grows: each row says who, when and why")
@append_only
class MeasureValue(TenantModel):
    """A value chosen by the organisation instead of a default; the newest row of a key holds.

    `value` is in the unit of standards.values: tenths of a point, session numbers, times or per cent.
    """

    key = models.CharField(max_length=40)
    value = models.PositiveIntegerField(_("value"))
    reason = models.CharField(_("reason"), max_length=400)
    by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "at"])]
