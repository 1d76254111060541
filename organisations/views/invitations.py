"""The link of an invitation: the way in."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation

from organisations.access import capability
from organisations.forms.people import InvitationForm
from organisations.models import CapabilityKind, SignOn
from organisations.services.invitations import JUST_INVITED, InvitationState, accept_invitation, read_invitation


@capability(CapabilityKind.INVITATION, kiosk=False)
def invitation(request, token):
    """Name, language and password, once; a link that is used up or too old says how to get a new one."""
    invited = read_invitation(request.capability)
    organisation = invited.practitioner.organisation
    usual = invited.practitioner.invited_in or organisation.language
    _speak((invited.account and invited.account.language) or usual, request)
    context = {"invitation": invited, "organisation": organisation}
    if invited.state != InvitationState.OPEN:
        return TemplateResponse(request, "organisations/invitation_closed.html", context, status=410)
    form = InvitationForm(request.POST or None, request=request, invitation=invited)
    if request.method == "POST" and form.carry_out(accept_invitation, capability=request.capability):
        return _enter(request, form.outcome)
    context["form"] = form
    if organisation.sign_on != SignOn.OFF and not invited.has_password:
        context["sign_on_url"] = reverse("invitation-sign-on", kwargs={"token": token})
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "organisations/invitation.html", context, status=status)


def _enter(request, practitioner):
    # Logging in also ends the session of whoever was logged in on this device before.
    response = perform_login(request, practitioner.user, redirect_url=str(settings.LOGIN_REDIRECT_URL))
    request.session["practitioner"] = str(practitioner.pk)
    request.session[JUST_INVITED] = True
    return response


def _speak(language, request):
    translation.activate(language)
    request.LANGUAGE_CODE = language
