"""The list of clients: find, narrow, sort, page; and the views that somebody keeps of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.forms import SavedViewForm
from clients.models import Client, SavedView
from clients.services import saved_views
from clients.services.labels import with_labels
from clients.services.list_filters import CURRENT, STATES, FilterChoices, ListFilters, choices_for
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.form_pages import form_page

PAGE = 50


@requires(Can.LIST_CLIENTS)
def client_list(request):
    """`q` finds in reference and name; the rest narrows as `ListFilters` says."""
    by = request.practitioner
    filters = ListFilters.read(request.GET, by)
    clients, sees_names = filters.of(Client.objects.visible_to(by), by), by.can(Can.VIEW_CLIENT)
    order = clients.alphabetical() if sees_names else clients.order_by("reference")
    rows = with_labels(order.select_related("contact", "second_contact")) if sees_names else order
    page = Paginator(rows.prefetch_related("teams"), PAGE).get_page(request.GET.get("page"))
    record_access("client.list", [client.pk for client in page], purpose=filters.show, typed=filters.q)
    context = {
        "page": page,
        "filters": filters,
        "choices": choices_for(by) if sees_names else FilterChoices([], [], []),
        "states": STATES.items(),
        "views": SavedView.objects.visible_to(by).order_by("name") if sees_names else [],
        "sees_names": sees_names,
        "may_edit": by.can(Can.EDIT_CLIENT),
        "may_open": by.can(Can.OPEN_EMERGENCY),
        "sees_requests": by.can(Can.SEE_REQUESTS),
        "any": bool(page.paginator.count or filters.q or filters.narrows) or filters.show != CURRENT,
    }
    return TemplateResponse(request, "clients/client_list.html", context)


@requires(Can.VIEW_CLIENT)
def view_new(request):
    """A name for the filters that the address holds."""
    filters = ListFilters.read(request.GET, request.practitioner)
    form = SavedViewForm(request.POST or None)
    if request.method == "POST" and form.carry_out(saved_views.save_view, query=filters.kept, by=request.practitioner):
        messages.success(request, _("The view stands above the list from now on."))
        return redirect(f"{reverse('client-list')}?{filters.kept}")
    return form_page(request, "clients/saved_view.html", form, filters=filters)


@require_POST
@requires(Can.VIEW_CLIENT)
def view_remove(request, view_id):
    view = get_object_or_404(SavedView.objects.visible_to(request.practitioner), pk=view_id)
    back = ListFilters.read(QueryDict(view.query), request.practitioner)
    saved_views.remove_view(view=view, by=request.practitioner)
    messages.success(request, _("The view is gone; its clients are where they were."))
    return redirect(f"{reverse('client-list')}?{back.kept}")
