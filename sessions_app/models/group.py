"""A meeting of a group, and who takes part: the measurements stand in each client's own session."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, refuse_national_id
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import keep_history
from organisations.models import LabelField, Practitioner, TenantModel
from organisations.roles import Role


class GroupMeetingQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Meetings in which a client takes part that the person may see; never an admin's."""
        if practitioner.role == Role.ADMIN:
            return self.none()
        members = GroupMember.objects.visible_to(practitioner)
        return self.filter(pk__in=members.values("meeting"))

    def newest_first(self):
        return self.order_by("-held_on", "-created_at")


@data_classes(identity="practitioner", words="name", score="held_on", technical="id organisation created_at")
@keep_history()
@never_deleted
@named_in_routes("meeting_id", by=("members__session__client",))
class GroupMeeting(TenantModel):
    """One meeting of a group on one day."""

    name = LabelField(_("name of the group"), max_length=60, validators=[refuse_national_id])
    held_on = models.DateField(_("date"))
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GroupMeetingQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        indexes = [models.Index(fields=["organisation", "held_on"])]

    def __str__(self):
        return self.name


class GroupMemberQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Each participant only to whoever may see that client."""
        if practitioner.role == Role.ADMIN:
            return self.none()
        return self.filter(session__client__in=Client.objects.visible_to(practitioner))

    def in_turn(self):
        """In the order in which the tablet goes round."""
        return self.order_by("place")


@data_classes(technical="id organisation meeting session place")
@keep_history()
@never_deleted
@named_in_routes("member_id")
class GroupMember(TenantModel):
    """A client's part in a meeting: their session of that day, and their place in the round."""

    meeting = models.ForeignKey(GroupMeeting, models.PROTECT, related_name="members")
    session = models.OneToOneField("sessions_app.Session", models.PROTECT, related_name="group_member")
    place = models.PositiveSmallIntegerField()

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "meeting", "place"], name="group_place_once"),
        ]
