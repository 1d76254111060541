"""Somebody's access ends, and what hangs on them is handed over: at once, or afterwards."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from organisations.access import requires
from organisations.forms.caseload import SuccessorForm
from organisations.models import Practitioner
from organisations.roles import Can
from organisations.services import people
from organisations.services.caseload import work_of
from organisations.tokens.confirming import made_for_systems


@requires(Can.MANAGE_PEOPLE)
def practitioner_deactivate(request, practitioner_id):
    """Says what hangs on somebody, asks who takes it over, and ends their access; handed over `later` all the same."""
    practitioner, form = _asked(request, practitioner_id)
    if form.is_bound and form.carry_out(
        people.deactivate_practitioner, practitioner=practitioner, by=request.practitioner
    ):
        messages.success(request, _("%(name)s has no access any more.") % {"name": practitioner.name})
        return redirect("people")
    return _page(request, practitioner, form, ends=True)


@requires(Can.MANAGE_PEOPLE)
def practitioner_hand_over(request, practitioner_id):
    """What still hangs on somebody whose access has ended, and who takes it over."""
    practitioner, form = _asked(request, practitioner_id)
    if form.is_bound and form.carry_out(people.hand_over_rest, practitioner=practitioner, by=request.practitioner):
        messages.success(request, _("Handed over."))
        return redirect("people")
    return _page(request, practitioner, form, ends=False)


def _asked(request, practitioner_id):
    practitioner = get_object_or_404(Practitioner.objects.visible_to(request.practitioner), pk=practitioner_id)
    given = request.POST if request.method == "POST" else None
    return practitioner, SuccessorForm(given, leaving=practitioner, by=request.practitioner, work=work_of(practitioner))


def _page(request, practitioner, form, *, ends):
    tokens = made_for_systems(practitioner) if ends else []
    context = {"person": practitioner, "work": form.work, "form": form, "tokens_left": tokens, "ends": ends}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "organisations/practitioner_deactivate.html", context, status=status)
