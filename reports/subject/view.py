"""A client's rights on one page, and the page before everything is given out."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clients.models import Client, HeldBackPassage
from clients.services.request_list import lines_of
from clients.services.restricted_reading import may_read
from clients.services.restrictions import standing_restriction
from clients.services.subject_requests import requests_of
from organisations.access import keeps_typed, open_while_restricted, requires
from organisations.audit.record import record_access
from organisations.login.confirmation import confirmation_required
from organisations.roles import Can
from organisations.services.local_day import today_in
from reports.subject.corrections import corrections_of
from reports.subject.form import HeldBackPassageForm
from reports.subject.page import subject_page
from reports.subject.passages import give_free, hold_back


@open_while_restricted
@require_safe
@requires(Can.VIEW_CLIENT)
def client_rights(request, client_id):
    """What the client asked for, whether anything is used now, and what was put right."""
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by).select_related("organisation"), pk=client_id)
    record_access("subject_request.view", [client.pk])
    restriction = standing_restriction(client)
    opened = restriction is None or may_read(client, request.session)
    context = {
        "client": client,
        "lines": lines_of(requests_of(client), today_in(by.organisation)),
        "restriction": restriction,
        "corrections": corrections_of(client) if opened else [],
        "answers": by.can(Can.ANSWER_REQUESTS),
    }
    return TemplateResponse(request, "reports/client_rights.html", context)


@require_safe
@requires(Can.ANSWER_REQUESTS)
@confirmation_required
def subject_export(request, client_id):
    """All words about the client, to go through, and the form that gives everything out."""
    client = client_asked(request, client_id)
    record_access("subject.review", [client.pk])
    return subject_page(request, client)


@require_POST
@keeps_typed
@requires(Can.ANSWER_REQUESTS)
@confirmation_required
def passage_hold_back(request, client_id):
    """Keep a passage out, with a reason."""
    client = client_asked(request, client_id)
    record_access("subject.review", [client.pk])
    form = HeldBackPassageForm(request.POST)
    if form.carry_out(hold_back, client=client, by=request.practitioner):
        messages.success(request, _("Held back. The client is told that something is, and why."))
        return redirect("subject-export", client.pk)
    return subject_page(request, client, hold=form)


@require_POST
@requires(Can.ANSWER_REQUESTS)
@confirmation_required
def passage_give_free(request, held_back_passage_id):
    """Give it to the client after all."""
    rows = HeldBackPassage.objects.visible_to(request.practitioner)
    held = give_free(held=get_object_or_404(rows, pk=held_back_passage_id), by=request.practitioner)
    messages.success(request, _("These words are given to the client."))
    return redirect("subject-export", held.client_id)


def client_asked(request, key) -> Client:
    """A client that one may see, else 404."""
    rows = Client.objects.visible_to(request.practitioner).select_related("organisation")
    return get_object_or_404(rows, pk=key)
