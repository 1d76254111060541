"""What the IT department may do by SCIM: the address, the token, the roles, and what it has done lately."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from organisations.access import requires
from organisations.forms.provisioning import ProvisioningForm
from organisations.login.confirmation import confirmation_required
from organisations.roles import Can
from organisations.services import provisioning as services
from organisations.services.sign_on import provider_of
from organisations.tokens import service as tokens
from organisations.views.form_pages import form_page, tell_saved


@requires(Can.MANAGE_PEOPLE)
@confirmation_required
def provisioning(request):
    """Four steps, and below them the latest calls with what went wrong in words."""
    by = request.practitioner
    stored = services.provisioning_of(by.organisation)
    form = ProvisioningForm(request.POST if request.method == "POST" else None, by=by, provisioning=stored)
    if request.method == "POST" and form.carry_out(services.save_provisioning, by=by):
        tell_saved(request, form, _("Saved."))
        return redirect("provisioning")
    held = services.provisioning_tokens(by.organisation).with_validity().with_waiting().newest_first()
    context = {
        "stored": stored,
        "address": services.address(),
        "tokens": [one for one in tokens.told(held) if one.state in ("open", "waiting")],
        "calls": services.latest_calls(by.organisation),
        "counts": services.counts_of(by.organisation),
        "has_provider": provider_of(by.organisation) is not None,
    }
    return form_page(request, "organisations/provisioning.html", form, **context)
