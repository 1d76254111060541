"""Keep a client's records although their time is over."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.models import Client, LegalHold
from clients.services import legal_holds as services
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.form_pages import form_page
from sessions_app.forms.retention import LegalHoldForm


@requires(Can.ERASE_CLIENTS)
def client_holds(request, client_id):
    """What keeps the records of a client, and a form for one reason more."""
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by), pk=client_id)
    record_access(services.LOGGED, [client.pk])
    form = LegalHoldForm(request.POST if request.method == "POST" else None, organisation=by.organisation)
    today = today_in(by.organisation)
    if request.method == "POST" and form.carry_out(services.place_hold, client=client, today=today, by=by):
        messages.success(request, _("The records are kept, whatever their time."))
        return redirect("client-holds", client.pk)
    found = LegalHold.objects.visible_to(by).filter(client=client)
    standing = set(found.standing(today).values_list("pk", flat=True))
    holds = found.select_related("made_by", "lifted_by").order_by("-made_at")
    context = {"client": client, "holds": [(hold, hold.pk in standing) for hold in holds]}
    return form_page(request, "sessions_app/client_holds.html", form, **context)


@require_POST
@requires(Can.ERASE_CLIENTS)
def hold_lift(request, hold_id):
    """The records follow their rule again."""
    found = LegalHold.objects.visible_to(request.practitioner)
    hold = services.lift_hold(hold=get_object_or_404(found, pk=hold_id), by=request.practitioner)
    messages.success(request, _("Ended. The records follow their rule again."))
    return redirect("client-holds", hold.client_id)
