"""Teams that somebody leads alone: who could lead them instead, and the change of it when they leave."""

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from organisations.edits.versions import write
from organisations.models import Membership, Organisation, Practitioner, Team
from organisations.roles import Role
from organisations.services.caseload import HandOver, OpenWork, TeamWork
from organisations.services.local_day import today_in


def led_alone(person: Practitioner) -> list[TeamWork]:
    """The teams whose only lead the person is, with who could lead them; two queries.

    A lead of another team joins this one; a practitioner of the team becomes its lead.
    """
    if person.role != Role.TEAM_LEAD:
        return []
    teams = list(_alone(person.organisation, [person.pk]).order_by("name"))
    others = Practitioner.objects.filter(organisation=person.organisation_id).contacts().exclude(pk=person.pk)
    people = list(others.order_by("name").prefetch_related("memberships"))
    return [
        TeamWork(f"lead-{team.pk}", _("Lead of %(team)s") % {"team": team.name}, _could_lead(people, team))
        for team in teams
    ]


def hand_over_leads(*, from_: Practitioner, to: HandOver, by: Practitioner) -> None:
    """Make those who were chosen leads of the teams; ValidationError for a choice that does not fit.

    A team can be left without a lead where nobody was chosen: then it stands among what is not handed over.
    """
    for work in led_alone(from_):
        taker = to.teams.get(work.key)
        if taker is None:
            continue
        if taker not in work.takers:
            raise ValidationError({work.key: _("%(name)s cannot lead that team.") % {"name": taker.name}})
        team = UUID(work.key.removeprefix("lead-"))
        stored = Practitioner.objects.select_for_update(of=("self",)).get(pk=taker.pk)
        if stored.role != Role.TEAM_LEAD:
            write(stored, {"role": Role.TEAM_LEAD.value})
        Membership.objects.get_or_create(organisation_id=stored.organisation_id, practitioner=stored, team_id=team)


def count_leads(organisation: Organisation, gone: Iterable[UUID]) -> Mapping[UUID, int]:
    """How many teams with people in them these people leave without a lead; one query."""
    keys = set(gone)
    rows = Membership.objects.filter(practitioner__in=keys, practitioner__role=Role.TEAM_LEAD)
    return Counter(rows.filter(team__in=_alone(organisation, keys)).values_list("practitioner", flat=True))


LEADS = OpenWork({}, lambda person, clients: {}, led_alone, hand_over_leads, count_leads, hand_over_leads)


def _alone(organisation: Organisation, people: Iterable[UUID]) -> QuerySet[Team]:
    """Teams that one of these people leads and nobody else, where somebody else works."""
    keys, today = list(people), today_in(organisation)
    members = Membership.objects.filter(team=OuterRef("pk"))
    here = members.filter(practitioner__is_active=True).exclude(practitioner__access_until__lt=today)
    here = here.exclude(practitioner__in=keys)
    theirs = members.filter(practitioner__in=keys, practitioner__role=Role.TEAM_LEAD)
    return Team.objects.filter(
        Q(Exists(theirs)),
        Exists(here),
        ~Exists(here.filter(practitioner__role=Role.TEAM_LEAD)),
        organisation=organisation,
    )


def _could_lead(people: Iterable[Practitioner], team: Team) -> list[Practitioner]:
    return [
        one
        for one in people
        if one.role == Role.TEAM_LEAD or any(place.team_id == team.pk for place in one.memberships.all())
    ]
