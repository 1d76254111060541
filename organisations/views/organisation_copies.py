"""The copy of everything of an organisation, for its administrators; and their yes to its deletion."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.forms.operator import CertificateForm
from organisations.login.confirmation import confirmation_required
from organisations.models import CopyStep, OrganisationCopy
from organisations.roles import Can
from organisations.services import organisation_copies as services
from organisations.services.operator import agree_to_deletion
from organisations.views.form_pages import form_page


@requires(Can.MANAGE_PEOPLE)
def organisation_copies(request):
    """How far it is, whose key it is encrypted to, the file."""
    by = request.practitioner
    form = CertificateForm(request.POST or None, request=request)
    if request.method == "POST" and form.carry_out(services.give_certificate, by=by):
        messages.success(request, _("The file is being made. Look again in some minutes."))
        return redirect("organisation-copies")
    copies = OrganisationCopy.objects.visible_to(by).defer("content", "certificate").order_by("-given_at")
    state = getattr(by.organisation, "state", None)
    context = {"copies": copies, "state": state, "opening": services.OPENING, "making": services.MAKING}
    return form_page(request, "organisations/organisation_copies.html", form, **context)


@require_safe
@requires(Can.MANAGE_PEOPLE)
def organisation_copy_file(request, copy_id):
    """The file, which only the holder of the private key can open."""
    ready = OrganisationCopy.objects.visible_to(request.practitioner).filter(step=CopyStep.READY)
    copy = get_object_or_404(ready, pk=copy_id)
    # Read whole onto the disk before the tenant closes; streamed from there, since it may be larger than the memory.
    file = services.fetch(copy=copy, by=request.practitioner)
    answer = FileResponse(file, as_attachment=True, filename="organisation.zip.p7m", content_type=services.MEDIA_TYPE)
    answer["Content-Length"] = copy.size
    answer["Content-Encoding"] = "identity"  # encrypted: not to be compressed on its way
    return answer


@require_POST
@requires(Can.MANAGE_PEOPLE)
@confirmation_required
def organisation_deletion_agree(request):
    """Everything here may be deleted once the operator asks for it; or not."""
    agrees = request.POST.get("agrees") == "1"
    agree_to_deletion(by=request.practitioner, agrees=agrees)
    said = _("Noted: everything here may be deleted.") if agrees else _("Undone. Nothing may be deleted.")
    messages.success(request, said)
    return redirect("organisation-copies")
