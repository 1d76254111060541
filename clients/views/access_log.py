"""Who has looked: for a client to be told, and for an administrator to search."""

from datetime import datetime, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from clients.forms import LookSearchForm
from clients.models import Client
from clients.services.merged_records import keys_of_all_records, with_merged
from organisations.access import requires
from organisations.audit import texts
from organisations.audit.record import record_access
from organisations.models import AccessEvent
from organisations.roles import Can

PAGE = 100


@requires(Can.VIEW_CLIENT)
def client_looks(request, client_id):
    """All looks at one client; `all` puts them on one page, to be printed."""
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by), pk=client_id)
    record_access("client.looks", [client.pk])
    events = AccessEvent.objects.visible_to(by).filter(client_ids__overlap=keys_of_all_records(client))
    events = events.select_related("practitioner").prefetch_related("practitioner__teams").order_by("-seq")
    size = max(1, events.count()) if "all" in request.GET else PAGE
    page = Paginator(events, size).get_page(request.GET.get("page"))
    context = {
        "client": client,
        "page": page,
        "rows": [texts.row_of(event, by.organisation) for event in page],
        "names": by.organisation.country in texts.NAMES_ARE_TOLD,
    }
    return TemplateResponse(request, "clients/client_access_log.html", context)


@requires(Can.MANAGE_PEOPLE)
def access_log(request):
    """The organisation's log by day, person and reference; of a client the reference only."""
    by = request.practitioner
    form = LookSearchForm(request.GET or None, by=by)
    events = AccessEvent.objects.visible_to(by).select_related("practitioner").order_by("-seq")
    asked = form.cleaned_data if form.is_valid() else {}
    page = Paginator(_found(events, asked, by), PAGE).get_page(request.GET.get("page"))
    shown = {client for event in page for client in event.client_ids[:5]}
    references = dict(with_merged(by).filter(pk__in=shown).values_list("pk", "reference"))
    record_access("access.search", references, typed=_typed(asked))
    rows = [texts.row_of(event, by.organisation) | _clients(event, references) for event in page]
    query = urlencode({key: value for key, value in request.GET.items() if key != "page"})
    context = {"form": form, "page": page, "rows": rows, "query": query}
    return TemplateResponse(request, "clients/access_log.html", context)


def _typed(asked) -> str:
    """What the administrator looked for, as it is kept on record."""
    named = (asked.get("since"), asked.get("until"), asked.get("person"), asked.get("reference"))
    return " ".join(str(one) for one in named if one)


def _found(events, asked, by):
    zone = ZoneInfo(by.organisation.time_zone)
    if asked.get("since"):
        events = events.filter(at__gte=datetime.combine(asked["since"], time(), zone))
    if asked.get("until"):
        events = events.filter(at__lte=datetime.combine(asked["until"], time.max, zone))
    if asked.get("person"):
        events = events.filter(practitioner=asked["person"])
    if asked.get("reference"):
        clients = Client.objects.visible_to(by).named(asked["reference"])
        keys = [key for client in clients for key in keys_of_all_records(client)]
        events = events.filter(client_ids__overlap=keys)
    return events


def _clients(event, references):
    shown = event.client_ids[:5]
    named = sorted(references[client] for client in shown if client in references)
    return {
        "references": named,
        "searched": _searched(event, named),
        "more": len(event.client_ids) - len(shown),
    }


def _searched(event, references: list[str]) -> str:
    """What was searched for, as far as an administrator may know it: a reference, never a client's name."""
    if not event.typed or not event.action.endswith((".list", ".search")):
        return ""
    found = " ".join(references).casefold()
    if event.action == "access.search" or all(word in found for word in event.typed.casefold().split()):
        return event.typed
    return _("words other than a reference")
