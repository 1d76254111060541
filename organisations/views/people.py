"""People and teams: who works here, and what an administrator does about it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.forms.people import PractitionerForm
from organisations.login.confirmation import confirmation_required
from organisations.login.second_factor import has_second_factor
from organisations.models import Practitioner, Service, Team
from organisations.roles import Can
from organisations.services import access_ends, lost_factors, mail_brake, people
from organisations.services.caseload import left_by
from organisations.services.local_day import today_in
from organisations.tokens.confirming import requests_for
from organisations.views.form_pages import form_page, tell_saved


@requires(Can.MANAGE_PEOPLE)
def people_page(request):
    """Services with their teams, and everybody: who works here, then who did."""
    by = request.practitioner
    teams = Team.objects.visible_to(by).order_by("name")
    everybody = Practitioner.objects.visible_to(by).order_by("-is_active", "name")
    context = {
        "services": Service.objects.visible_to(by).prefetch_related(Prefetch("teams", teams)).order_by("name"),
        "people": everybody.prefetch_related(Prefetch("teams", teams)),
        "now_on": today_in(by.organisation),
        "token_requests": requests_for(by),
        "left": left_by(by.organisation, everybody.gone(today_in(by.organisation))),
        "held_mails": mail_brake.count_held(by.organisation),
    }
    return TemplateResponse(request, "organisations/people.html", context)


@requires(Can.MANAGE_PEOPLE)
def practitioner_new(request):
    form = PractitionerForm(request.POST or None, by=request.practitioner)
    if request.method == "POST" and form.carry_out(people.add_practitioner, by=request.practitioner):
        _tell_invited(request, form.outcome)
        return redirect("people")
    return _form_page(request, form, None)


@requires(Can.MANAGE_PEOPLE)
def practitioner_edit(request, practitioner_id):
    practitioner = _found(request, practitioner_id)
    form = PractitionerForm(request.POST or None, instance=practitioner, by=request.practitioner)
    if request.method == "POST" and form.carry_out(
        people.edit_practitioner, practitioner=practitioner, by=request.practitioner
    ):
        tell_saved(request, form, _("Saved."))
        return redirect("people")
    return _form_page(request, form, practitioner)


@requires(Can.MANAGE_PEOPLE)
@require_POST
def practitioner_invite(request, practitioner_id):
    practitioner = _found(request, practitioner_id)
    try:
        people.invite_again(practitioner=practitioner, by=request.practitioner)
        messages.success(
            request,
            _("A new invitation is on its way to %(email)s; the earlier link stops working.")
            % {"email": practitioner.email},
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("people")


@requires(Can.MANAGE_PEOPLE)
@require_POST
def practitioner_reactivate(request, practitioner_id):
    practitioner = _found(request, practitioner_id)
    try:
        people.reactivate_practitioner(practitioner=practitioner, by=request.practitioner)
        messages.success(request, _("%(name)s works here again.") % {"name": practitioner.name})
        return redirect("practitioner-former", practitioner.pk)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("people")


@requires(Can.MANAGE_PEOPLE)
@require_POST
def practitioner_extend(request, practitioner_id):
    """Four weeks more for somebody whose access has an end."""
    practitioner = _found(request, practitioner_id)
    try:
        until = access_ends.extend_access(practitioner=practitioner, by=request.practitioner)
        given = {"name": practitioner.name, "day": date_format(until, "DATE_FORMAT")}
        messages.success(request, _("%(name)s has access until %(day)s.") % given)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("people")


@requires(Can.MANAGE_PEOPLE)
@confirmation_required
def practitioner_factors(request, practitioner_id):
    """Take the second factor from somebody who has lost it; asked once more, and refused with the reason."""
    person, by = _found(request, practitioner_id), request.practitioner
    context, status = {"person": person}, 200
    try:
        if request.method == "POST":
            lost_factors.reset_second_factors(practitioner=person, by=by)
            messages.success(request, _("%(name)s sets up a new second factor now.") % {"name": person.name})
            return redirect("people")
        lost_factors.refuse_reset(person, by)
    except ValidationError as error:
        context["refusal"], status = " ".join(error.messages), 422 if request.method == "POST" else 200
    return TemplateResponse(request, "organisations/practitioner_factors.html", context, status=status)


def _tell_invited(request, person):
    if person.access_begins_later(today_in(request.practitioner.organisation)):
        given = {"email": person.email, "day": date_format(person.access_from, "DATE_FORMAT")}
        messages.success(request, _("The invitation to %(email)s is sent on %(day)s.") % given)
    else:
        messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": person.email})


def _found(request, practitioner_id):
    return get_object_or_404(Practitioner.objects.visible_to(request.practitioner), pk=practitioner_id)


def _form_page(request, form, person):
    has_factor = bool(person and person.user) and has_second_factor(person.user)
    return form_page(request, "organisations/practitioner_form.html", form, person=person, has_factor=has_factor)
