"""Services and their teams."""

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from organisations.access import requires
from organisations.forms.team import ServiceForm, TeamForm
from organisations.models import Service, Team
from organisations.roles import Can
from organisations.services import teams
from organisations.views.form_pages import form_page, tell_saved


@requires(Can.MANAGE_PEOPLE)
def service_new(request):
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.carry_out(teams.add_service, by=request.practitioner):
        return _saved(request, form)
    return _form_page(request, form, _("New service"))


@requires(Can.MANAGE_PEOPLE)
def service_edit(request, service_id):
    service = get_object_or_404(Service.objects.visible_to(request.practitioner), pk=service_id)
    form = ServiceForm(request.POST or None, instance=service)
    if request.method == "POST" and form.carry_out(teams.edit_service, service=service, by=request.practitioner):
        return _saved(request, form)
    return _form_page(request, form, _("Edit the service"), service=service)


@requires(Can.MANAGE_PEOPLE)
def team_new(request):
    initial = {"service": request.GET.get("service")}
    form = TeamForm(request.POST or None, initial=initial, by=request.practitioner)
    if request.method == "POST" and form.carry_out(teams.add_team, by=request.practitioner):
        return _saved(request, form)
    return _form_page(request, form, _("New team"))


@requires(Can.MANAGE_PEOPLE)
def team_edit(request, team_id):
    team = get_object_or_404(Team.objects.visible_to(request.practitioner), pk=team_id)
    form = TeamForm(request.POST or None, instance=team, by=request.practitioner)
    if request.method == "POST" and form.carry_out(teams.edit_team, team=team, by=request.practitioner):
        return _saved(request, form)
    return _form_page(request, form, _("Edit the team"), team=team)


def _saved(request, form):
    tell_saved(request, form, _("Saved."))
    return redirect("people")


def _form_page(request, form, heading, **row):
    return form_page(request, "organisations/team_form.html", form, heading=heading, **row)
