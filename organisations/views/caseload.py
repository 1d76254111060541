"""What hangs on somebody is handed over: when their access ends, afterwards, or while they are on leave."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.forms.caseload import StandInForm, SuccessorForm
from organisations.models import Practitioner
from organisations.roles import Can
from organisations.services import departures, leave
from organisations.services.caseload import WorkOf, former_clients_of, lent_clients_of, planned_clients_of, work_of
from organisations.services.local_day import today_in
from organisations.tokens.confirming import made_for_systems


@requires(Can.MANAGE_PEOPLE)
def practitioner_deactivate(request, practitioner_id):
    """Says what hangs on somebody, asks who takes it over, and ends their access; handed over `later` all the same."""
    practitioner, form = _asked(request, practitioner_id)
    if form.is_bound and form.carry_out(
        departures.deactivate_practitioner, practitioner=practitioner, by=request.practitioner
    ):
        practitioner.refresh_from_db(fields=["is_active", "access_until"])
        messages.success(request, _said_of_end(practitioner))
        return redirect("people")
    return _page(request, practitioner, form, ends=True)


@requires(Can.MANAGE_PEOPLE)
def practitioner_hand_over(request, practitioner_id):
    """What still hangs on somebody whose access has ended, and who takes it over."""
    practitioner, form = _asked(request, practitioner_id)
    if form.is_bound and form.carry_out(departures.hand_over_rest, practitioner=practitioner, by=request.practitioner):
        messages.success(request, _("Handed over."))
        return redirect("people")
    return _page(request, practitioner, form, ends=False)


@requires(Can.MANAGE_PEOPLE)
def practitioner_leave(request, practitioner_id):
    """Until when somebody is away, and who looks after their clients; without a choice they stay theirs."""
    practitioner = _found(request, practitioner_id)
    of_clients = WorkOf([one for one in work_of(practitioner).clients if not (one.beyond or one.archived)], (), ())
    given = request.POST if request.method == "POST" else None
    form = StandInForm(given, leaving=practitioner, by=request.practitioner, work=of_clients)
    if form.is_bound and form.carry_out(leave.start_leave, practitioner=practitioner, by=request.practitioner):
        messages.success(request, _said_of_leave(practitioner, form.cleaned_data))
        return redirect("people")
    context = {"person": practitioner, "form": form, "work": of_clients, "lent": lent_clients_of(practitioner)}
    context["planned"] = planned_clients_of(practitioner) if practitioner.leave_from else []
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "organisations/practitioner_leave.html", context, status=status)


@requires(Can.MANAGE_PEOPLE)
@require_POST
def practitioner_return(request, practitioner_id):
    """Somebody is back, and their clients come back to them."""
    practitioner = _found(request, practitioner_id)
    try:
        count, stay = leave.end_leave(practitioner=practitioner, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("people")
    said = ngettext(
        "%(name)s is back; %(count)d client came back.", "%(name)s is back; %(count)d clients came back.", count
    )
    messages.success(request, said % {"name": practitioner.name, "count": count})
    if stay:
        said = _("They are in no team of these clients any more, who stay where they are: %(references)s.")
        messages.info(request, said % {"references": ", ".join(stay)})
    return redirect("people")


@require_safe
@requires(Can.MANAGE_PEOPLE)
def practitioner_former(request, practitioner_id):
    """Whose contact person somebody was: to see after they came back; nothing is given back by that."""
    practitioner = _found(request, practitioner_id)
    context = {"person": practitioner, "clients": former_clients_of(practitioner)}
    return TemplateResponse(request, "organisations/practitioner_former.html", context)


def _found(request, practitioner_id):
    return get_object_or_404(Practitioner.objects.visible_to(request.practitioner), pk=practitioner_id)


def _said_of_end(practitioner):
    if not practitioner.is_active:
        return _("%(name)s has no access any more.") % {"name": practitioner.name}
    day = date_format(practitioner.access_until, "DATE_FORMAT")
    said = _("%(name)s has access until %(day)s. The clients change hands the night after.")
    return said % {"name": practitioner.name, "day": day}


def _said_of_leave(practitioner, given):
    days = {name: date_format(given[name], "DATE_FORMAT") for name in ("since", "until")}
    if given["since"] > today_in(practitioner.organisation):
        return _("%(name)s is away from %(since)s until %(until)s.") % {"name": practitioner.name, **days}
    return _("%(name)s is away until %(day)s.") % {"name": practitioner.name, "day": days["until"]}


def _asked(request, practitioner_id):
    practitioner = _found(request, practitioner_id)
    given = request.POST if request.method == "POST" else None
    return practitioner, SuccessorForm(given, leaving=practitioner, by=request.practitioner, work=work_of(practitioner))


def _page(request, practitioner, form, *, ends):
    tokens = made_for_systems(practitioner) if ends else []
    planned = planned_clients_of(practitioner) if ends and practitioner.access_until else []
    context = {"person": practitioner, "work": form.work, "form": form, "tokens_left": tokens, "ends": ends}
    context["planned"] = planned
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "organisations/practitioner_deactivate.html", context, status=status)
