"""Create, change, archive a client."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.forms import ClientForm, TeamsForm
from clients.models import Client
from clients.services import clients as services
from organisations.access import requires
from organisations.audit import record_access
from organisations.roles import Can


@requires(Can.EDIT_CLIENT)
def client_new(request):
    form = ClientForm(request.POST or None, by=request.practitioner)
    if request.method == "POST" and form.is_valid():
        try:
            client = services.create_client(by=request.practitioner, **form.cleaned_data)
            messages.success(
                request, _("%(client)s is there. Start the first session when you meet.") % {"client": client}
            )
            return redirect("client-detail", client.pk)
        except ValidationError as error:
            form.add_error(None, error)
    return _form_page(request, form, None)


@requires(Can.EDIT_CLIENT)
def client_edit(request, client_id):
    client = get_object_or_404(Client.objects.visible_to(request.practitioner), pk=client_id)
    record_access("client.edit", [client.pk])
    form = ClientForm(request.POST or None, instance=client, by=request.practitioner)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_client(client=client, by=request.practitioner, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("client-detail", client.pk)
        except ValidationError as error:
            form.add_error(None, error)
    return _form_page(request, form, client)


@requires(Can.MANAGE_PEOPLE)
def client_teams(request, client_id):
    """An admin gives a client its teams and sees no more of it."""
    client = get_object_or_404(Client.objects.visible_to(request.practitioner), pk=client_id)
    record_access("client.teams", [client.pk])
    initial = {"teams": client.teams.all()}
    form = TeamsForm(request.POST or None, initial=initial, by=request.practitioner)
    if request.method == "POST" and form.is_valid():
        try:
            services.assign_teams(client=client, by=request.practitioner, teams=form.cleaned_data["teams"])
            messages.success(request, _("Saved."))
            return redirect("client-list")
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "reference": client.reference}
    return TemplateResponse(request, "clients/client_teams.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(Can.EDIT_CLIENT)
def client_archive(request, client_id):
    client = get_object_or_404(Client.objects.visible_to(request.practitioner), pk=client_id)
    try:
        services.archive_client(client=client, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("client-detail", client.pk)
    messages.success(
        request,
        _("%(client)s is archived. You find archived clients in the list and can bring them back.")
        % {"client": client},
    )
    return redirect("client-list")


@require_POST
@requires(Can.EDIT_CLIENT)
def client_restore(request, client_id):
    client = get_object_or_404(Client.objects.visible_to(request.practitioner), pk=client_id)
    services.restore_client(client=client, by=request.practitioner)
    messages.success(request, _("%(client)s is back in the list.") % {"client": client})
    return redirect("client-detail", client.pk)


def _form_page(request, form, client):
    context = {"form": form, "client": client}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "clients/client_form.html", context, status=status)
