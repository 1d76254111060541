"""What a lead notes of colleagues' learning: who was introduced to FIT, and who answers the team's questions."""

from django.db import transaction
from django.db.models import QuerySet

from organisations.models import Membership, Practitioner
from organisations.roles import Can, Role
from organisations.services.local_day import today_in


def people_supported_by(by: Practitioner) -> QuerySet[Practitioner]:
    """Whose learning somebody sees to: an administrator everybody's who works with clients, a lead the teams'."""
    people = Practitioner.objects.visible_to(by).contacts()
    if not by.can(Can.SUPPORT_STAFF):
        return people.none()
    if by.role == Role.ADMIN:
        return people
    return people.filter(memberships__team__in=by.memberships.values("team")).distinct()


def memberships_supported_by(by: Practitioner) -> QuerySet[Membership]:
    """The same people's places in teams; a lead those of the teams that they lead."""
    places = Membership.objects.visible_to(by).filter(practitioner__in=people_supported_by(by))
    return places if by.role == Role.ADMIN else places.filter(team__in=by.memberships.values("team"))


@transaction.atomic
def name_resource_person(*, membership: Membership, named: bool, by: Practitioner) -> None:
    """Somebody is, or is no longer, a FIT resource person of a team; it ends by itself when they leave the team."""
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if membership.is_fit_resource != named:
        membership.is_fit_resource = named
        membership.save(update_fields=["is_fit_resource"])


@transaction.atomic
def note_introduction(*, practitioner: Practitioner, by: Practitioner) -> None:
    """Somebody was introduced to FIT today; the first day stands."""
    stored = Practitioner.objects.select_for_update(of=("self",)).get(pk=practitioner.pk)
    if stored.introduced_on is None:
        stored.introduced_on = today_in(by.organisation)
        stored.save(update_fields=["introduced_on"])


@transaction.atomic
def undo_introduction(*, practitioner: Practitioner, by: Practitioner) -> None:
    """Take that back."""
    stored = Practitioner.objects.select_for_update(of=("self",)).get(pk=practitioner.pk)
    stored.introduced_on = None
    stored.save(update_fields=["introduced_on"])
