"""Who else rates a client: a page to add, rename and leave out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.forms import RaterForm, RaterLabelForm
from clients.models import Client, Rater
from clients.services import raters as services
from clients.services.client_blocks import may_know_place, told_labels
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.form_pages import merge_page, tell_saved


@requires(Can.EDIT_CLIENT)
def client_raters(request, client_id):
    """Those who rate the client, and a form for one more."""
    client = get_object_or_404(Client.objects.visible_to(request.practitioner), pk=client_id)
    form = RaterForm(request.POST if request.method == "POST" else None, client=client)
    if request.method == "POST" and form.carry_out(services.add_rater, client=client, by=request.practitioner):
        messages.success(request, _("%(rater)s is asked from the next form on.") % {"rater": form.outcome})
        return redirect("client-raters", client.pk)
    return _page(request, client, form)


@require_POST
@requires(Can.EDIT_CLIENT)
def rater_rename(request, rater_id):
    rater = _rater_of(request, rater_id)
    if not may_know_place(request.practitioner, rater.client):  # what they are called is not told
        raise Http404
    form = RaterLabelForm(request.POST, instance=rater, prefix=rater.key)
    if form.carry_out(services.rename_rater, rater=rater, by=request.practitioner):
        tell_saved(request, form, _("Saved."))
        return redirect("client-raters", rater.client_id)
    if form.meanwhile is not None:
        record_access("client.raters", [rater.client_id])
        return merge_page(request, form, back=reverse("client-raters", args=[rater.client_id]))
    return _page(request, rater.client, RaterForm(client=rater.client), refused=form)


@require_POST
@requires(Can.EDIT_CLIENT)
def rater_active(request, rater_id):
    """Ask a rater no longer, or again with `asked=yes`; what they have marked stays."""
    rater = _rater_of(request, rater_id)
    is_active = request.POST.get("asked") == "yes"
    try:
        services.set_rater_active(rater=rater, is_active=is_active, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("client-raters", rater.client_id)
    said = _("%(rater)s is asked again.") if is_active else _("%(rater)s is asked no longer. The curve so far stays.")
    messages.success(request, said % {"rater": rater})
    return redirect("client-raters", rater.client_id)


def _rater_of(request, rater_id):
    found = Rater.objects.visible_to(request.practitioner).select_related("client")
    rater = get_object_or_404(found, pk=rater_id)
    return told_labels(rater.client, [rater])[0]


def _page(request, client, form, refused=None):
    """The page, which is a look at the client; `refused` is the form of a row whose new name did not hold."""
    record_access("client.raters", [client.pk])
    raters = told_labels(client, client.raters.order_by("-is_active", "created_at", "key"))
    rows = [(rater, _label_form(rater, refused)) for rater in raters]
    asked = sum(rater.is_active for rater, _row in rows)
    context = {"client": client, "rows": rows, "form": form, "may_add": asked < services.MOST, "refused": refused}
    status = 422 if refused or form.is_bound else 200
    return TemplateResponse(request, "clients/client_raters.html", context, status=status)


def _label_form(rater, refused):
    return refused if refused and refused.instance == rater else RaterLabelForm(instance=rater, prefix=rater.key)
