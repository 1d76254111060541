"""Which fields the development document has, in the organisation and in a service."""

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from organisations.access import requires
from organisations.models import Service
from organisations.roles import Can
from organisations.views.form_pages import tell_saved
from sessions_app.forms.document import DocumentFieldsForm
from sessions_app.services.document import set_template
from sessions_app.views.shared import form_page, posted


@requires(Can.SET_MEASURES)
def document_fields(request):
    """The fields of the whole organisation."""
    return _fields(request, None)


@requires(Can.SET_MEASURES)
def document_fields_of(request, service_id):
    """The fields of one service."""
    return _fields(request, get_object_or_404(Service.objects.visible_to(request.practitioner), pk=service_id))


def _fields(request, service):
    by = request.practitioner
    form = DocumentFieldsForm(posted(request), organisation=by.organisation, service=service)
    if request.method == "POST" and form.carry_out(set_template, service=service, by=by):
        tell_saved(request, form, _("Saved. What is written already stays."))
        return redirect(request.path)
    services = Service.objects.visible_to(by).order_by("name")
    return form_page(request, "sessions_app/document_fields.html", form, service=service, services=services)
