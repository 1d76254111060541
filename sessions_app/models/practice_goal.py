"""What a practitioner sets out to practise, and the cases they bring to supervision."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Episode, Restriction, SealedCharField, SealedTextField
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history, without_history
from organisations.models import LabelField, Practitioner, TenantModel
from organisations.roles import Role
from sessions_app.models.supervision import SupervisionShare


def _shared_by(practitioner):
    """The colleagues who let somebody see their development page now."""
    shares = SupervisionShare.objects.open().filter(shared_with=practitioner.pk, with_development=True)
    return shares.values("practitioner")


class PracticeGoalQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """One's own, and those of whoever shows them: no role sees more."""
        if not practitioner.is_active:
            return self.none()
        own = self.filter(organisation=practitioner.organisation_id)
        return own.filter(Q(practitioner=practitioner.pk) | Q(practitioner__in=_shared_by(practitioner)))


@data_classes(
    identity="practitioner agreed_with",
    words="wording",
    score="set_on practised_on reached_on",
    technical="id organisation created_at",
)
@without_history("about no client; gone for good when its owner takes it away")
class PracticeGoal(TenantModel):
    """A goal for one's own practice, the days on which it was practised, and the day on which it was reached."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    wording = models.CharField(_("what you want to practise"), max_length=200)
    agreed_with = LabelField(_("agreed with"), max_length=80, blank=True, default="")
    set_on = models.DateField(_("set on"))
    practised_on = ArrayField(models.DateField(), default=list, blank=True, editable=False)
    reached_on = models.DateField(_("reached on"), null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PracticeGoalQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "practitioner", "set_on"])]


class SupervisionCaseQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """One's own, and those of whoever shows them, as far as one may see the client and their data are used."""
        if not practitioner.is_active or practitioner.role == Role.ADMIN:
            return self.none()
        own = self.filter(organisation=practitioner.organisation_id)
        whose = Q(practitioner=practitioner.pk) | Q(practitioner__in=_shared_by(practitioner))
        seen = own.filter(whose, episode__client__in=Client.objects.visible_to(practitioner))
        return seen.exclude(episode__client__in=Restriction.objects.standing().values("client"))

    def standing(self):
        """Without those that were taken off the list."""
        return self.filter(removed_at=None)


@data_classes(
    identity="practitioner",
    words="question taken_home",
    score="brought_on",
    technical="id organisation episode removed_at created_at",
)
@keep_history()
@never_deleted
@named_in_routes("supervision_case_id")
class SupervisionCase(TenantModel):
    """A case that somebody brings to their supervision: what they ask, and once it was there what they took home."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="supervision_cases", verbose_name=_("case"))
    question = SealedCharField(_("your question"), words_of="episode.client_id", max_length=400)
    brought_on = models.DateField(_("brought on"), null=True, blank=True)
    taken_home = SealedTextField(
        _("what you took home"), words_of="episode.client_id", max_length=1000, blank=True, default=""
    )
    removed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SupervisionCaseQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "practitioner", "created_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_home="") | ~Q(brought_on=None), name="supervision_case_taken_home_from_a_day"
            ),
        ]
