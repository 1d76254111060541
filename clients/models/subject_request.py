"""What a person asks for by law about their own data: access, a copy, correction, erasure, restriction, objection."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from clients.models.sealed_text import SealedTextField
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import Practitioner, TenantModel


class RequestKind(models.TextChoices):
    """What is asked for; the number of the article of the GDPR stands beside it on the page."""

    ACCESS = "access", _("To see what is kept")
    COPY = "copy", _("A copy to take along")
    CORRECTION = "correction", _("To have something put right")
    ERASURE = "erasure", _("To have something deleted")
    RESTRICTION = "restriction", _("That nothing is used for now")
    OBJECTION = "objection", _("To object to a use")
    LOOKS = "looks", _("To know who has looked")


class ObjectedUse(models.TextChoices):
    """What an objection is against."""

    STATISTICS = "statistics", _("Results and quality work")
    RESEARCH = "research", _("Research")
    ALL = "all", _("Both of these")


class RequestDecision(models.TextChoices):
    GRANTED = "granted", _("Granted")
    PARTLY = "partly", _("Granted in part")
    REFUSED = "refused", _("Refused")


class SubjectRequestQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Those of clients that a person may see; an administrator's pages show no word of them."""
        return self.filter(client__in=Client.objects.visible_to(practitioner))

    def waiting(self):
        """Those that nobody has answered."""
        return self.filter(answered_on=None)

    def standing_objections(self, purpose: str):
        """Objections that keep a client out of a use: until they are decided, and afterwards where they were granted.

        An objection granted in part holds for what it names; only a refused one no longer does.
        """
        reaches_all = (ObjectedUse.STATISTICS, ObjectedUse.RESEARCH)
        about = Q(objects_to=purpose) | (Q(objects_to=ObjectedUse.ALL) if purpose in reaches_all else Q(pk=None))
        return self.standing_objections_to_any().filter(about)

    def standing_objections_to_any(self):
        """The same, whatever they are against."""
        return self.filter(kind=RequestKind.OBJECTION).exclude(decision=RequestDecision.REFUSED)


@data_classes(
    identity="client recorded_by handler decided_by",
    words="wish extension_reason reason statement",
    score="kind objects_to arrived_on due_on extended_on told_extension_on decision answered_on",
    technical="id organisation created_at",
)
@keep_history()
@never_deleted
@named_in_routes("subject_request_id")
class SubjectRequest(TenantModel):
    """One request and what became of it; `due_on` is the last day to answer (clients/services/subject_deadlines.py)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="subject_requests")
    kind = models.CharField(_("what the client asks for"), max_length=12, choices=RequestKind)
    objects_to = models.CharField(_("objects to"), max_length=12, choices=ObjectedUse, blank=True, default="")
    wish = SealedTextField(
        _("in the client's own words"), words_of="client_id", max_length=2000, blank=True, default=""
    )
    arrived_on = models.DateField(_("arrived on"))
    due_on = models.DateField(_("to be answered by"), editable=False)
    recorded_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    handler = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who handles it")
    )
    extended_on = models.DateField(_("extended on"), null=True, editable=False)
    extension_reason = models.TextField(_("why it takes longer"), max_length=1000, blank=True, default="")
    told_extension_on = models.DateField(_("the client was told on"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=8, choices=RequestDecision, blank=True, default="")
    reason = models.TextField(_("reason"), max_length=2000, blank=True, default="")
    # Where something is not put right: the person's own account is kept beside it.
    statement = SealedTextField(
        _("the client's own statement"), words_of="client_id", max_length=2000, blank=True, default=""
    )
    decided_by = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"), editable=False
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SubjectRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=RequestKind.OBJECTION) & ~Q(objects_to=""))
                | (~Q(kind=RequestKind.OBJECTION) & Q(objects_to="")),
                name="subject_request_objects_to_something",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None, decision="", decided_by=None)
                | (Q(answered_on__isnull=False, decided_by__isnull=False) & ~Q(decision="") & ~Q(reason="")),
                name="subject_request_decided_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(extended_on=None, extension_reason="", told_extension_on=None)
                | (Q(extended_on__isnull=False, told_extension_on__isnull=False) & ~Q(extension_reason="")),
                name="subject_request_extended_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("arrived_on")), name="subject_request_in_order"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "answered_on", "due_on"])]

    @property
    def is_open(self) -> bool:
        return self.answered_on is None
