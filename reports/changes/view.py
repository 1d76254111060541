"""What was changed about a client: who, when, which column, from what to what."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from clients.models import Client
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from reports.changes.event_list import as_change, changes_of
from reports.changes.texts import ChangeTexts

PAGE = 50


@requires(Can.VIEW_CLIENT)
def client_changes(request, client_id):
    """All changes of a client's data, the newest first, PAGE at a time."""
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by), pk=client_id)
    record_access("client.changes", [client.pk])
    page = Paginator(changes_of(client, by=by), PAGE).get_page(request.GET.get("page"))
    words = ChangeTexts((as_change(row) for row in page), client, by=by)
    context = {"client": client, "page": page, "rows": words.rows()}
    return TemplateResponse(request, "reports/client_changes.html", context)
