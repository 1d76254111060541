"""What the two contact persons of a client tell each other, on a page of its own."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.forms import PairMessageForm
from clients.models import Client, PairMessage
from clients.services import pair_messages as services
from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.form_pages import form_page
from organisations.views.undo import tell_done

PAGE = 20


@keeps_typed
@requires(Can.EDIT_CLIENT)
def client_pair(request, client_id):
    """For the contact persons alone: 404 for everybody else, a team lead included."""
    by = request.practitioner
    rows = Client.objects.visible_to(by).select_related("contact", "second_contact")
    client = get_object_or_404(rows, pk=client_id)
    if by.pk not in (client.contact_id, client.second_contact_id):
        raise Http404
    record_access("pair.read", [client.pk])
    other, form = services.other_of(client, by), PairMessageForm(request.POST or None)
    if request.method == "POST" and form.carry_out(services.write_message, client=client, by=by):
        said = _("%(name)s sees it on Today. No mail goes out.") % {"name": other}
        messages.success(request, said)
        return redirect("client-pair", client.pk)
    told = PairMessage.objects.visible_to(by).filter(client=client).select_related("written_by", "read_by")
    page = Paginator(told.order_by("-written_at", "pk"), PAGE).get_page(request.GET.get("page"))
    away = other.away_until if other and other.is_away(today_in(by.organisation)) else None
    return form_page(request, "clients/client_pair.html", form, client=client, other=other, page=page, away=away)


@require_POST
@requires(Can.EDIT_CLIENT)
def message_read(request, message_id):
    """One tap: taken note of."""
    message = services.take_note(message=_found(request, message_id), by=request.practitioner)
    undo = reverse("message-unread", args=[message.pk])
    tell_done(request, _("Read. It stays on the client's page for the two of you."), undo=undo)
    return redirect(_back(request, message))


@require_POST
@requires(Can.EDIT_CLIENT)
def message_unread(request, message_id):
    """Take that back."""
    message = services.keep_unread(message=_found(request, message_id), by=request.practitioner)
    messages.success(request, _("Undone. It stands on Today again."))
    return redirect(_back(request, message))


def _found(request, message_id):
    return get_object_or_404(PairMessage.objects.visible_to(request.practitioner), pk=message_id)


def _back(request, message):
    """The page that asked, where it is one of ours; else Today."""
    asked = request.POST.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else reverse("today")
