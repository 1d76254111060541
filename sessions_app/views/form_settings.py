"""What an organisation wants of the client's form."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from organisations.access import requires
from organisations.roles import Can
from organisations.views.form_pages import tell_saved
from sessions_app.forms.wording import FormSettingsForm
from sessions_app.services.form_settings import set_form
from sessions_app.views.shared import form_page, posted


@requires(Can.MANAGE_PACKS)
def form_settings(request):
    """How a mark is said aloud, whom clients ask about their data, what is kept of a photographed sheet, and so on."""
    form = FormSettingsForm(posted(request), organisation=request.practitioner.organisation)
    if request.method == "POST" and form.carry_out(set_form, by=request.practitioner):
        tell_saved(request, form, _("Saved. Forms that are opened from now on follow it."))
        return redirect("packs")
    return form_page(request, "sessions_app/form_settings.html", form)
