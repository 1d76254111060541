"""Give a client to another practitioner, team or service; take that back; say that one has heard of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.models import Client, Episode, Transfer
from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.undo import tell_done
from sessions_app.forms.transfer import TransferForm
from sessions_app.services import transfers
from sessions_app.views.shared import client_of, form_page, posted


@keeps_typed
@requires(Can.EDIT_CLIENT)
def client_transfer(request, client_id):
    """To whom, from when, with which words; what is open and goes along. Rights change when it is sent."""
    by, client = request.practitioner, client_of(request, client_id, "client.transfer_form")
    found = Episode.objects.visible_to(by).filter(client=client).open().select_related("service")
    episodes, today = list(found.newest_first()), today_in(by.organisation)
    form = TransferForm(posted(request), client=client, by=by, episodes=episodes, today=today)
    if request.method == "POST" and form.carry_out(transfers.transfer_client, client=client, by=by):
        made = form.outcome
        tell_done(request, _said(made), undo=reverse("transfer-undo", args=[made.pk]))
        sees = Client.objects.visible_to(by).filter(pk=client.pk).exists()
        return redirect("client-detail", client.pk) if sees else redirect("client-list")
    context = {"client": client, "open": transfers.open_things(client)}
    context["teams"] = client.teams.select_related("service").order_by("service__name", "name")
    return form_page(request, "sessions_app/client_transfer.html", form, **context)


@require_POST
@requires(Can.EDIT_CLIENT)
def transfer_undo(request, transfer_id):
    """The client is whose they were before."""
    transfer = _transfer(request, transfer_id, "client.transfer_undo")
    try:
        transfers.undo_transfer(transfer=transfer, by=request.practitioner)
        messages.success(request, _("The transfer is taken back. Everything is as it was."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("client-list")
    return redirect("client-detail", transfer.client_id)


@require_POST
@requires(Can.VIEW_CLIENT)
def transfer_seen(request, transfer_id):
    """One tap on Today: I have read it."""
    transfer = _transfer(request, transfer_id, "client.transfer_seen")
    transfers.note_seen(transfer=transfer, by=request.practitioner)
    return redirect("today")


def _transfer(request: HttpRequest, transfer_id, action: str) -> Transfer:
    rows = Transfer.objects.visible_to(request.practitioner).select_related("client__organisation", "to_contact")
    transfer = get_object_or_404(rows, pk=transfer_id)
    record_access(action, [transfer.client_id])
    return transfer


def _said(made: Transfer) -> str:
    given = {"client": str(made.client), "teams": made.went_to}
    if made.to_contact is None:
        return _("%(client)s is with %(teams)s now.") % given
    return _("%(name)s is the contact person of %(client)s now.") % (given | {"name": made.to_contact.name})
