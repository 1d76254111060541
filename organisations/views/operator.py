"""Pages of whoever runs the installation: which organisations there are, and what is done with each."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from organisations.access import for_operators
from organisations.forms.operator import DeletionForm, OrganisationForm
from organisations.services import operator as services
from organisations.views.form_pages import form_page
from organisations.views.undo import tell_done

ACTS = {
    "create": gettext_lazy("Made it"),
    "suspend": gettext_lazy("Suspended it"),
    "resume": gettext_lazy("Opened it again"),
    "copy": gettext_lazy("Started its copy"),
    "ask_deletion": gettext_lazy("Asked for its deletion"),
    "confirm_deletion": gettext_lazy("Confirmed its deletion"),
    "withdraw_deletion": gettext_lazy("Took its deletion back"),
    "add_notice": gettext_lazy("Announced work"),
    "withdraw_notice": gettext_lazy("Took an announcement back"),
}
SHOWN_ACTS = 50


@require_safe
@for_operators
def operator_organisations(request):
    """Every organisation: name, number, country, state, since when. Nothing of what is inside."""
    organisations = services.organisations()
    return TemplateResponse(request, "organisations/operator_organisations.html", {"organisations": organisations})


@require_safe
@for_operators
def operator_acts(request):
    """What operators did last."""
    acts = [(act, ACTS.get(act.act, act.act)) for act in services.acts()[:SHOWN_ACTS]]
    return TemplateResponse(request, "organisations/operator_acts.html", {"acts": acts})


@for_operators
def operator_organisation_new(request):
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.carry_out(services.add_organisation, by=request.user):
        messages.success(request, _("It is there. Its administrator is invited by mail."))
        return redirect("operator-organisation", form.outcome.pk)
    return form_page(request, "organisations/operator_organisation_new.html", form)


@require_safe
@for_operators
def operator_organisation(request, organisation_id):
    organisation = get_object_or_404(services.organisations(), pk=organisation_id)
    state = getattr(organisation, "state", None)
    now = timezone.now()
    opens = state.suspended_at + services.WAIT if state and state.suspended_at else None
    context = {
        "one": organisation,
        "state": state,
        "opens": opens,
        "may_ask": opens is not None and opens <= now and state.deletion_asked_at is None,
        "is_second": state is not None and state.deletion_asked_by_id != request.user.pk,
        "command": f"manage.py delete_organisation {organisation.slug}",
        "is_final": services.may_be_deleted(state, now),
    }
    return TemplateResponse(request, "organisations/operator_organisation.html", context)


@require_POST
@for_operators
def operator_suspend(request, organisation_id):
    organisation = get_object_or_404(services.organisations(), pk=organisation_id)
    services.suspend_organisation(organisation=organisation, by=request.user)
    said = _("Suspended. Nobody of it gets in any more; everything stays.")
    tell_done(request, said, undo=reverse("operator-resume", args=[organisation.pk]))
    return redirect("operator-organisation", organisation.pk)


@require_POST
@for_operators
def operator_resume(request, organisation_id):
    organisation = get_object_or_404(services.organisations(), pk=organisation_id)
    services.resume_organisation(organisation=organisation, by=request.user)
    messages.success(request, _("Open again, as it was before."))
    return redirect("operator-organisation", organisation.pk)


@require_POST
@for_operators
def operator_copy(request, organisation_id):
    return _done(request, organisation_id, services.ask_for_copy, _("Started. Its administrators see what comes next."))


@for_operators
def operator_deletion(request, organisation_id):
    """The first of two steps."""
    organisation = get_object_or_404(services.organisations(), pk=organisation_id)
    form = DeletionForm(request.POST or None, request=request)
    if request.method == "POST" and form.carry_out(
        services.ask_for_deletion, organisation=organisation, by=request.user
    ):
        messages.success(request, _("Asked for. A second person has to confirm it."))
        return redirect("operator-organisation", organisation.pk)
    return form_page(request, "organisations/operator_deletion.html", form, one=organisation)


@require_POST
@for_operators
def operator_deletion_confirm(request, organisation_id):
    return _done(request, organisation_id, services.confirm_deletion, _("Confirmed."))


@require_POST
@for_operators
def operator_deletion_withdraw(request, organisation_id):
    return _done(
        request, organisation_id, services.withdraw_deletion, _("It is not to be deleted. It stays suspended.")
    )


def _done(request, organisation_id, service, said):
    organisation = get_object_or_404(services.organisations(), pk=organisation_id)
    try:
        service(organisation=organisation, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, said)
    return redirect("operator-organisation", organisation.pk)
