"""Use nothing of a client for now (article 18 of the GDPR), use it again, and read it nevertheless."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from clients.forms.restrictions import RestrictedReadingForm, RestrictionForm, RestrictionLiftForm
from clients.models import Client, Restriction
from clients.services import restrictions as services
from clients.services.restricted_reading import give_reason
from organisations.access import keeps_typed, open_while_restricted, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.form_pages import form_page


@open_while_restricted
@keeps_typed
@requires(Can.ANSWER_REQUESTS)
def restriction_new(request, client_id):
    """What happens then, and the form that asks why."""
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by), pk=client_id)
    record_access("restriction.page", [client.pk])
    form = RestrictionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carry_out(services.set_restriction, client=client, by=by):
        messages.success(request, _("Nothing of this client is used from now on."))
        return redirect("client-rights", client.pk)
    return form_page(request, "clients/restriction_new.html", form, client=client)


@open_while_restricted
@keeps_typed
@requires(Can.ANSWER_REQUESTS)
def restriction_lift(request, restriction_id):
    """When the client was told, and why it is used again."""
    by = request.practitioner
    rows = Restriction.objects.visible_to(by).select_related("client__organisation", "set_by")
    restriction = get_object_or_404(rows, pk=restriction_id)
    record_access("restriction.page", [restriction.client_id])
    form = RestrictionLiftForm(request.POST if request.method == "POST" else None, by=by)
    if request.method == "POST" and form.carry_out(services.lift_restriction, restriction=restriction, by=by):
        messages.success(request, _("The client's data are used again. What was closed stays closed."))
        return redirect("client-rights", restriction.client_id)
    return form_page(request, "clients/restriction_lift.html", form, client=restriction.client, restriction=restriction)


@open_while_restricted
@requires(Can.VIEW_CLIENT)
def restricted_reading(request, client_id):
    """Why somebody reads a client of whom nothing is used for now; then the page that they wanted (`next`)."""
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by), pk=client_id)
    record_access("restriction.page", [client.pk])
    form = RestrictedReadingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carry_out(give_reason, client=client, session=request.session):
        wanted = request.GET.get("next", "")
        ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return redirect(wanted if ours else reverse("client-detail", args=[client.pk]))
    restriction = services.standing_restriction(client)
    return form_page(request, "clients/restricted_reading.html", form, client=client, restriction=restriction)
