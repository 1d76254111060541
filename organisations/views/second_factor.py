"""The second factor: one's own, and whether the organisation requires one. Changing it is django-allauth's."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import for_any_user, requires
from organisations.forms.account import LogInRulesForm
from organisations.login import session_clock
from organisations.login.confirmation import confirmation_required
from organisations.login.second_factor import factors_of
from organisations.models import SIGNED_ON
from organisations.roles import Can
from organisations.services import log_in_rules as services
from organisations.views.form_pages import form_page, tell_saved


@for_any_user
@require_safe
def second_factor(request):
    """What one has, and where one is led who has none and needs one."""
    organisation = request.practitioner and request.practitioner.organisation
    context = {
        "factors": factors_of(request.user),
        "required_by": organisation if organisation and organisation.requires_second_factor else None,
    }
    return TemplateResponse(request, "organisations/second_factor.html", context)


@for_any_user
@require_safe
def passkeys(request):
    """Where the library goes back to after a change: they stand on the page of all."""
    return redirect("mfa_index")


@requires(Can.MANAGE_PEOPLE)
@confirmation_required
def log_in_rules(request):
    """Whether everybody here needs a second factor, and who has none yet."""
    by = request.practitioner
    form = LogInRulesForm(request.POST if request.method == "POST" else None, by=by)
    used = session_clock.used_second_factor(request)
    if request.method == "POST" and form.carry_out(
        services.set_rules, by=by, used_second_factor=used, signed_on=SIGNED_ON in request.session
    ):
        tell_saved(request, form, _("Saved."))
        return redirect("people")
    missing, people = services.who_has_no_second_factor(by)
    context = {"missing": missing, "people": people, "sign_on": by.organisation.sign_on}
    return form_page(request, "organisations/log_in_rules.html", form, **context)
