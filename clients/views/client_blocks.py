"""Who sees a client alone, and whether nobody may tell where they are: on a page of its own."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.forms.client_blocks import ClientBlockForm, LiftBlockForm
from clients.models import Client
from clients.services import client_blocks as services
from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.models import Practitioner, Team
from organisations.roles import Can
from organisations.views.form_pages import form_page

TEMPLATE = "clients/client_block.html"


@keeps_typed
@requires(Can.PROTECT_CLIENT)
def client_block(request, client_id):
    """How it stands, with what was before; the form blocks."""
    client = _found(request, client_id)
    given = request.POST if request.method == "POST" else None
    form = ClientBlockForm(given, client=client, by=request.practitioner)
    if request.method == "POST" and form.carry_out(services.block_client, client=client, by=request.practitioner):
        messages.success(request, _("Blocked. For everybody else there is no such client any more."))
        return redirect("client-block", client.pk)
    return form_page(request, TEMPLATE, form, **_shown(client, request.practitioner))


@keeps_typed
@requires(Can.PROTECT_CLIENT)
def client_block_lift(request, client_id):
    """Lift the block, with a reason."""
    client = _found(request, client_id)
    form = LiftBlockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carry_out(services.lift_block, client=client, by=request.practitioner):
        messages.success(request, _("The block is lifted. The client's teams see the client again."))
        return redirect("client-block", client.pk)
    shown = _shown(client, request.practitioner)
    if shown["standing"] is None:
        return redirect("client-block", client.pk)
    return form_page(request, "clients/client_block_lift.html", form, **shown)


@require_POST
@requires(Can.PROTECT_CLIENT)
def client_protected(request, client_id):
    """Set the mark that nobody may tell where the client is, or take it away."""
    client, is_protected = _found(request, client_id), request.POST.get("is_protected") == "on"
    try:
        services.set_protected(client=client, is_protected=is_protected, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("client-list")
    if is_protected:
        messages.success(request, _("Marked. Names that tell a place are shown to those who help the client alone."))
    else:
        messages.success(request, _("The mark is gone."))
    return redirect("client-block", client.pk)


def _found(request, client_id) -> Client:
    rows = Client.objects.visible_to(request.practitioner).select_related("contact", "second_contact")
    client = get_object_or_404(rows, pk=client_id)
    record_access("client.protection", [client.pk])
    return client


def _shown(client: Client, by: Practitioner) -> dict:
    """The block that holds, with names, and those before it."""
    blocks = list(services.blocks_of(client, by))
    standing = next((block for block in blocks if block.lifted_at is None), None)
    teams = Team.objects.visible_to(by).filter(pk__in=standing.teams).order_by("name") if standing else []
    named = standing and {
        "teams": [services.place_shown(team, client, by) for team in teams],
        "people": list(Practitioner.objects.visible_to(by).filter(pk__in=standing.people).order_by("name")),
    }
    return {"client": client, "standing": standing, "named": named, "before": [one for one in blocks if one.lifted_at]}
