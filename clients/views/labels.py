"""The organisation's labels, kept by its administrators."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.forms import LabelForm
from clients.models import ClientLabel
from clients.services import labels as services
from organisations.access import requires
from organisations.roles import Can
from organisations.views.form_pages import form_page, tell_saved
from organisations.views.undo import tell_done

CURRENT = Count("labelled", filter=Q(labelled__client__archived_at=None))


@requires(Can.MANAGE_PEOPLE)
def labels(request):
    """The list with how many current clients have each, and the form for a new one."""
    form = LabelForm(request.POST or None)
    if request.method == "POST" and form.carry_out(services.add_label, by=request.practitioner):
        messages.success(request, _("“%(label)s” can be put on clients now.") % {"label": form.outcome})
        return redirect("labels")
    rows = ClientLabel.objects.visible_to(request.practitioner).annotate(clients_count=CURRENT).alphabetical()
    in_use = [label for label in rows if label.retired_at is None]
    retired = [label for label in rows if label.retired_at is not None]
    return form_page(request, "clients/labels.html", form, in_use=in_use, retired=retired)


@requires(Can.MANAGE_PEOPLE)
def label_edit(request, label_id):
    label = _found(request, label_id)
    form = LabelForm(request.POST or None, instance=label)
    if request.method == "POST" and form.carry_out(services.rename_label, label=label, by=request.practitioner):
        tell_saved(request, form, _("Saved."))
        return redirect("labels")
    return form_page(request, "clients/label_edit.html", form, label=label)


@require_POST
@requires(Can.MANAGE_PEOPLE)
def label_retire(request, label_id):
    label = services.retire_label(label=_found(request, label_id), by=request.practitioner)
    said = _("“%(label)s” is out of use. It stands nowhere any more; whoever had it has it again if you bring it back.")
    tell_done(request, said % {"label": label}, undo=reverse("label-return", args=[label.pk]))
    return redirect("labels")


@require_POST
@requires(Can.MANAGE_PEOPLE)
def label_return(request, label_id):
    try:
        label = services.bring_label_back(label=_found(request, label_id), by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("“%(label)s” is in use again.") % {"label": label})
    return redirect("labels")


def _found(request, label_id):
    return get_object_or_404(ClientLabel.objects.visible_to(request.practitioner), pk=label_id)
