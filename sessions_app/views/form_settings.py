"""What an organisation wants of the client's form."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from organisations.access import requires
from organisations.roles import Can
from sessions_app.packs.forms import FormSettingsForm
from sessions_app.services.form_settings import set_form
from sessions_app.views.loading import form_page, posted


@requires(Can.MANAGE_PACKS)
def form_settings(request):
    """How a mark is said aloud, whom clients ask about their data, and whether last words may be chosen."""
    of = request.practitioner.organisation
    numbers = "number" if of.form_speaks_numbers else "words"
    initial = {"numbers": numbers, "contact": of.privacy_contact, "closings": of.offers_closings}
    form = FormSettingsForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        set_form(**form.cleaned_data, by=request.practitioner)
        messages.success(request, _("Saved. Forms that are opened from now on follow it."))
        return redirect("packs")
    return form_page(request, "sessions_app/form_settings.html", form)
