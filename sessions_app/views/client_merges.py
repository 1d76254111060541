"""Two records of one person: find the other one, see what will happen, merge, and take it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from clients.models import ClientMerge
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.undo import tell_done
from sessions_app.forms.client_merge import ClientMergeForm, ClientMergeSearchForm
from sessions_app.services.built_on_merges import stands_in_the_way
from sessions_app.services.client_merge_preview import preview_of
from sessions_app.services.client_merge_undo import merges_into, undo_merge
from sessions_app.services.client_merges import merge_clients
from sessions_app.views.shared import client_of, form_page, posted

# What goes along, by the kind of `MergePreview.counts`.
COUNTED = {
    "episodes": lazy("Episodes"),
    "sessions": lazy("Sessions, also those taken out"),
    "ratings": lazy("Answers"),
    "notes": lazy("The client's own words"),
    "drafts": lazy("Forms that are not finished"),
    "pending": lazy("Answers that wait"),
    "alerts": lazy("Alerts"),
    "forms": lazy("Forms given out that are open"),
    "groups": lazy("Parts in groups"),
    "raters": lazy("Others who rate"),
    "consents": lazy("Answers about consent"),
}


@requires(Can.MERGE_CLIENTS)
def client_merge(request, client_id):
    """Choose the other record of the same person; what was merged before can be taken back from here."""
    by, client = request.practitioner, client_of(request, client_id, "client.merge_search")
    form = ClientMergeSearchForm(posted(request), by=by, client=client)
    if request.method == "POST" and form.is_valid():
        return redirect("client-merge-preview", client.pk, form.given["other"].pk)
    offered = [one.pk for one in (*form.offered, *form.look_alikes)]
    record_access("client.choices", offered, typed=form.typed)
    merges = [(merge, stands_in_the_way(merge)) for merge in merges_into(client, by)]
    context = {"client": client, "look_alikes": form.look_alikes, "merges": merges}
    return form_page(request, "sessions_app/client_merge.html", form, **context)


@requires(Can.MERGE_CLIENTS)
def client_merge_preview(request, client_id, other_id):
    """What will happen, what differs and is chosen; sent, it is done."""
    by, one = request.practitioner, client_of(request, client_id, "client.merge_preview")
    other = client_of(request, other_id, "client.merge_preview")
    preview = preview_of(one, other)
    form = ClientMergeForm(posted(request), preview=preview, by=by)
    if request.method == "POST" and form.carry_out(merge_clients, one=one, other=other, by=by):
        merge = form.outcome
        said = _("%(emptied)s and %(kept)s are one record now. What was sent out stays open.")
        facts = {"emptied": merge.emptied.reference, "kept": merge.kept.reference}
        tell_done(request, said % facts, undo=reverse("client-merge-undo", args=[merge.pk]))
        return redirect("client-detail", merge.kept_id)
    rows = [(words, *preview.counts[kind]) for kind, words in COUNTED.items() if any(preview.counts[kind])]
    context = {"client": one, "other": other, "preview": preview, "rows": rows}
    return form_page(request, "sessions_app/client_merge_preview.html", form, **context)


@require_POST
@requires(Can.MERGE_CLIENTS)
def client_merge_undo(request, merge_id):
    """Both records are as they were; refused, with what stands in the way, once something was built on it."""
    merges = ClientMerge.objects.visible_to(request.practitioner).select_related("kept", "emptied")
    merge = get_object_or_404(merges, pk=merge_id)
    record_access("client.merge_undo", [merge.kept_id, merge.emptied_id])
    try:
        undo_merge(merge=merge, by=request.practitioner)
        said = _("%(one)s and %(other)s are two records again, as they were.")
        facts = {"one": merge.kept.reference, "other": merge.emptied.reference}
        messages.success(request, said % facts)
    except ValidationError as error:
        messages.error(request, " ".join([_("This cannot be taken back."), *error.messages]))
    return redirect("client-detail", merge.kept_id)
