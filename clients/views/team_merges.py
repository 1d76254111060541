"""An admin merges two teams or two services: which one, what will happen, and then it is done."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from clients.services import team_merges
from organisations.access import requires
from organisations.forms.team import MergeIntoForm
from organisations.models import Service, Team
from organisations.roles import Can
from organisations.views.form_pages import form_page


@requires(Can.MANAGE_PEOPLE)
def team_merge(request, team_id):
    """The people and clients of a team go over to another one."""
    teams = Team.objects.visible_to(request.practitioner).select_related("service")
    team = get_object_or_404(teams, pk=team_id)
    form = MergeIntoForm(_sent(request), rows=teams.exclude(pk=team.pk))
    if _is_confirmed(request) and form.carry_out(team_merges.merge_teams, team=team, by=request.practitioner):
        return _done(request, team, form.outcome)
    return _page(request, form, team, team_merges.preview_of_teams)


@requires(Can.MANAGE_PEOPLE)
def service_merge(request, service_id):
    """The episodes and teams of a service go over to another one."""
    services = Service.objects.visible_to(request.practitioner)
    service = get_object_or_404(services, pk=service_id)
    form = MergeIntoForm(_sent(request), rows=services.exclude(pk=service.pk))
    by = request.practitioner
    if _is_confirmed(request) and form.carry_out(team_merges.merge_services, service=service, by=by):
        return _done(request, service, form.outcome)
    return _page(request, form, service, team_merges.preview_of_services)


def _is_confirmed(request):
    return request.method == "POST"


def _sent(request):
    """What was chosen: in the address while one looks at what will happen."""
    return request.POST if _is_confirmed(request) else request.GET or None


def _done(request, row, into):
    said = _("%(name)s is part of %(into)s now.") % {"name": row.name, "into": into.name}
    messages.success(request, said)
    return redirect("people")


def _page(request, form, row, preview_of):
    into = form.cleaned_data.get("into") if form.is_bound and form.is_valid() else None
    context = {"row": row, "into": into, "preview": preview_of(row, into) if into else None}
    response = form_page(request, "clients/team_merge.html", form, **context)
    if request.method != "POST":
        response.status_code = 200  # the choice is in the address: nothing was sent yet
    return response
