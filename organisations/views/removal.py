"""Remove a service, a team or a person: asked once more, and refused with what hangs on it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from organisations.access import requires
from organisations.models import Practitioner, Service, Team
from organisations.roles import Can
from organisations.services.removal import remove_if_empty, what_goes_along, what_hangs_on


@requires(Can.MANAGE_PEOPLE)
def service_remove(request, service_id):
    return _page(request, get_object_or_404(Service.objects.visible_to(request.practitioner), pk=service_id))


@requires(Can.MANAGE_PEOPLE)
def team_remove(request, team_id):
    return _page(request, get_object_or_404(Team.objects.visible_to(request.practitioner), pk=team_id))


@requires(Can.MANAGE_PEOPLE)
def practitioner_remove(request, practitioner_id):
    return _page(request, get_object_or_404(Practitioner.objects.visible_to(request.practitioner), pk=practitioner_id))


def _page(request, row):
    refusal = ""
    if request.method == "POST":
        try:
            remove_if_empty(row=row, by=request.practitioner)
            messages.success(request, _("%(name)s is removed.") % {"name": row.name})
            return redirect("people")
        except ValidationError as error:
            refusal = " ".join(error.messages)
    found = {"found": what_hangs_on(row), "goes_along": what_goes_along(row)}
    context = {"row": row, "refusal": refusal} | found
    return TemplateResponse(request, "organisations/removal.html", context, status=422 if refusal else 200)
