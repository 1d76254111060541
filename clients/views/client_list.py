"""The list of clients: find, sort, page."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from clients.services.merged_records import once_named
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can

PAGE = 50
CURRENT = "current"
# Parts of the list, as the access log tells of them.
SHOWN = {
    CURRENT: _("current clients"),
    "archived": _("archived clients"),
    "practice": _("practice clients"),
    "without-team": _("clients without a team"),
}


@requires(Can.LIST_CLIENTS)
def client_list(request):
    """`q` finds in reference and name; `show` is current, archived, practice or without-team."""
    by = request.practitioner
    words, show = request.GET.get("q", "").strip()[:60], request.GET.get("show", "")
    show = show if show in SHOWN else CURRENT
    clients = _shown(Client.objects.visible_to(by), show)
    sees_names = by.can(Can.VIEW_CLIENT)
    for word in words.split():
        found = Q(reference__icontains=word) | Q(pk__in=once_named(word))
        clients = clients.filter(found | Q(first_name__icontains=word) if sees_names else found)
    order = clients.alphabetical() if sees_names else clients.order_by("reference")
    page = Paginator(order.prefetch_related("teams"), PAGE).get_page(request.GET.get("page"))
    record_access("client.list", [client.pk for client in page], purpose=show, typed=words)
    context = {
        "page": page,
        "words": words,
        "show": show,
        "query": urlencode({"q": words, "show": show}),
        "sees_names": sees_names,
        "may_edit": by.can(Can.EDIT_CLIENT),
        "any": bool(page.paginator.count) or bool(words) or show != CURRENT,
    }
    return TemplateResponse(request, "clients/client_list.html", context)


def _shown(clients, show: str):
    if show == "archived":
        return clients.exclude(archived_at=None)
    if show == "practice":
        return clients.current().filter(is_practice=True)
    if show == "without-team":
        return clients.current().filter(client_teams=None)
    return clients.current()
