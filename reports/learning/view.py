"""For leads: how far colleagues are with FIT, and who answers the team's questions."""

from collections import defaultdict

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.roles import Can
from organisations.services import learning
from organisations.views.undo import tell_done
from reports.learning.steps import ROUNDS, steps_of


@require_safe
@requires(Can.SUPPORT_STAFF)
def team_people(request):
    """Everybody of the teams that one leads, with their steps; no figure about their clients."""
    by = request.practitioner
    places = defaultdict(list)
    for membership in learning.memberships_supported_by(by).select_related("team").order_by("team__name"):
        places[membership.practitioner_id].append(membership)
    people = steps_of(learning.people_supported_by(by))
    rows = [(person, places[person.practitioner.pk]) for person in people]
    rows.sort(key=lambda row: not row[0].is_new)
    named = any(membership.is_fit_resource for _person, own in rows for membership in own)
    return TemplateResponse(request, "reports/team_people.html", {"rows": rows, "rounds": ROUNDS, "has_named": named})


@require_POST
@requires(Can.SUPPORT_STAFF)
def resource_person_name(request, membership_id):
    """Name somebody a FIT resource person of a team."""
    membership = _membership(request, membership_id)
    learning.name_resource_person(membership=membership, named=True, by=request.practitioner)
    said = _("%(name)s answers the questions of %(team)s.")
    names = {"name": membership.practitioner.name, "team": membership.team.name}
    tell_done(request, said % names, undo=reverse("resource-person-end", args=[membership.pk]))
    return redirect("team-people")


@require_POST
@requires(Can.SUPPORT_STAFF)
def resource_person_end(request, membership_id):
    """Somebody is a FIT resource person of a team no longer."""
    membership = _membership(request, membership_id)
    learning.name_resource_person(membership=membership, named=False, by=request.practitioner)
    messages.success(request, _("%(name)s is no FIT resource person any more.") % {"name": membership.practitioner})
    return redirect("team-people")


@require_POST
@requires(Can.SUPPORT_STAFF)
def introduction_note(request, practitioner_id):
    """Somebody was introduced to FIT today."""
    colleague = _colleague(request, practitioner_id)
    learning.note_introduction(practitioner=colleague, by=request.practitioner)
    undo = reverse("introduction-undo", args=[colleague.pk])
    tell_done(request, _("%(name)s is introduced to FIT.") % {"name": colleague}, undo=undo)
    return redirect("team-people")


@require_POST
@requires(Can.SUPPORT_STAFF)
def introduction_undo(request, practitioner_id):
    """Take that back."""
    learning.undo_introduction(practitioner=_colleague(request, practitioner_id), by=request.practitioner)
    return redirect("team-people")


def _membership(request, membership_id):
    rows = learning.memberships_supported_by(request.practitioner).select_related("practitioner", "team")
    return get_object_or_404(rows, pk=membership_id)


def _colleague(request, practitioner_id):
    return get_object_or_404(learning.people_supported_by(request.practitioner), pk=practitioner_id)
