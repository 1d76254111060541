"""Create, change, archive a client."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.forms import ClientForm, TeamsForm
from clients.models import Client
from clients.services import clients as services
from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.form_pages import form_page, tell_saved
from organisations.views.undo import tell_done

TEMPLATE = "clients/client_form.html"


@keeps_typed
@requires(Can.EDIT_CLIENT)
def client_new(request):
    form = ClientForm(request.POST or None, by=request.practitioner)
    if request.method == "POST" and form.carry_out(services.create_client, by=request.practitioner):
        client = form.outcome
        messages.success(request, _("%(client)s is there. Start the first session when you meet.") % {"client": client})
        return redirect("client-detail", client.pk)
    return form_page(request, TEMPLATE, form, client=None)


@keeps_typed
@requires(Can.EDIT_CLIENT)
def client_edit(request, client_id):
    client = get_object_or_404(Client.objects.visible_to(request.practitioner), pk=client_id)
    record_access("client.edit", [client.pk])
    form = ClientForm(request.POST or None, instance=client, by=request.practitioner)
    if request.method == "POST" and form.carry_out(services.update_client, client=client, by=request.practitioner):
        tell_saved(request, form, _("Saved."))
        return redirect("client-detail", client.pk)
    return form_page(request, TEMPLATE, form, client=client)


@requires(Can.MANAGE_PEOPLE)
def client_teams(request, client_id):
    """An admin gives a client its teams and sees no more of it."""
    client = get_object_or_404(Client.objects.visible_to(request.practitioner), pk=client_id)
    record_access("client.teams", [client.pk])
    form = TeamsForm(request.POST or None, client=client, by=request.practitioner)
    if request.method == "POST" and form.carry_out(services.assign_teams, client=client, by=request.practitioner):
        tell_saved(request, form, _("Saved."))
        return redirect("client-list")
    return form_page(request, "clients/client_teams.html", form, reference=client.reference)


@require_POST
@requires(Can.EDIT_CLIENT)
def client_archive(request, client_id):
    client = get_object_or_404(Client.objects.visible_to(request.practitioner), pk=client_id)
    try:
        services.archive_client(client=client, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("client-detail", client.pk)
    said = _("%(client)s is archived. You find archived clients in the list and can bring them back.")
    tell_done(request, said % {"client": client}, undo=reverse("client-restore", args=[client.pk]))
    return redirect("client-list")


@require_POST
@requires(Can.EDIT_CLIENT)
def client_restore(request, client_id):
    client = get_object_or_404(Client.objects.visible_to(request.practitioner), pk=client_id)
    services.restore_client(client=client, by=request.practitioner)
    messages.success(request, _("%(client)s is back in the list.") % {"client": client})
    return redirect("client-detail", client.pk)
