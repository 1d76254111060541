"""The organisation's own log-in, set up in steps: who we are to it, who it is to us, a try, on."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.forms.identity_provider import IdentityProviderForm
from organisations.login.confirmation import confirmation_required
from organisations.login.sign_on.refusals import sentence_of
from organisations.models import IdentityProvider, Practitioner, ProviderKind, SignOnPurpose
from organisations.roles import Can
from organisations.services import identity_provider as services
from organisations.services import sign_on, sign_on_people, sign_on_trial
from organisations.services.local_day import today_in
from organisations.views.form_pages import form_page, tell_saved
from organisations.views.sign_on import leave_for_provider


@requires(Can.MANAGE_PEOPLE)
def identity_provider(request):
    """How far it is, what to copy over there, what the last try brought, and the latest log-ins."""
    organisation = request.practitioner.organisation
    provider = sign_on.provider_of(organisation)
    context = {
        "provider": provider,
        "kinds": ProviderKind.choices,
        "redirect_uri": sign_on.redirect_uri_of(organisation),
        "addresses": sign_on.addresses_of(organisation),
        "trial": request.session.get(sign_on_trial.REPORT),
    }
    if provider is not None:
        context["endings"] = services.endings(provider, today_in(organisation))
        context["fault"] = sentence_of(provider.document_fault)
        context["attempts"] = [(one, sentence_of(one.outcome)) for one in sign_on.latest_attempts(provider)]
    return TemplateResponse(request, "organisations/identity_provider.html", context)


@requires(Can.MANAGE_PEOPLE)
@confirmation_required
def identity_provider_edit(request, provider_kind):
    """The settings, of one kind; choosing the other kind begins anew."""
    if provider_kind not in ProviderKind.values:
        raise Http404
    by, kind = request.practitioner, provider_kind
    stored = sign_on.provider_of(by.organisation)
    provider = stored if stored is not None and stored.kind == kind else IdentityProvider(kind=kind)
    form = IdentityProviderForm(request.POST if request.method == "POST" else None, provider=provider)
    if request.method == "POST" and form.carry_out(services.save_provider, kind=kind, by=by):
        request.session.pop(sign_on_trial.REPORT, None)
        tell_saved(request, form, _("Saved. Now try it out."))
        return redirect("identity-provider")
    return form_page(request, "organisations/identity_provider_form.html", form, provider=provider)


@requires(Can.MANAGE_PEOPLE)
@require_POST
def identity_provider_try(request):
    """On to the provider as the administrator oneself; nobody is logged in by it."""
    kept = {"user": str(request.user.pk)}
    request.session.pop(sign_on_trial.REPORT, None)
    return leave_for_provider(request, request.practitioner.organisation, SignOnPurpose.TRY, kept, fresh=False)


@requires(Can.MANAGE_PEOPLE)
@require_POST
@confirmation_required
def identity_provider_switch(request):
    """On or off for everybody here."""
    on = request.POST.get("on") == "1"
    try:
        services.switch(on=on, by=request.practitioner)
        messages.success(
            request,
            _("Everybody here can log in with it now.") if on else _("Switched off. Everybody logs in as before."),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("identity-provider")


@requires(Can.MANAGE_PEOPLE)
@require_POST
def identity_provider_refresh(request):
    """Ask the provider again what it publishes: after new keys over there."""
    provider = get_object_or_404(IdentityProvider.objects.visible_to(request.practitioner))
    if services.refresh_document(provider):
        messages.success(request, _("Fetched anew."))
    else:
        messages.error(request, sentence_of(provider.document_fault))
    return redirect("identity-provider")


@requires(Can.MANAGE_PEOPLE)
@require_POST
@confirmation_required
def practitioner_untie(request, practitioner_id):
    """Somebody has another log-in there now, or left it: the tie ends, and with it what is open."""
    person = get_object_or_404(Practitioner.objects.visible_to(request.practitioner), pk=practitioner_id)
    sign_on_people.untie(practitioner=person, by=request.practitioner)
    messages.success(request, _("%(name)s is no longer tied to the organisation's log-in.") % {"name": person.name})
    return redirect("practitioner-edit", practitioner_id=person.pk)
