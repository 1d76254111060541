"""What an organisation wants of the client's form."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from organisations.access import requires
from organisations.roles import Can
from sessions_app.packs.forms import SpokenForm
from sessions_app.services.form_settings import set_spoken
from sessions_app.views.loading import form_page, posted


@requires(Can.MANAGE_PACKS)
def form_settings(request):
    """Whether a screen reader says a mark in words or as a number."""
    by = request.practitioner
    form = SpokenForm(posted(request), initial={"numbers": "yes" if by.organisation.form_speaks_numbers else ""})
    if request.method == "POST" and form.is_valid():
        set_spoken(numbers=form.cleaned_data["numbers"], by=by)
        messages.success(request, _("Saved. Forms that are opened from now on follow it."))
        return redirect("packs")
    return form_page(request, "sessions_app/form_settings.html", form)
