"""Logging in with one's organisation: there, back, and in, or a sentence why not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from organisations.access import capability, not_in_kiosk, public, requires
from organisations.history.tracking import enter
from organisations.login import session_clock
from organisations.login.sign_on.answers import Assertion, judge
from organisations.login.sign_on.refusals import SENTENCES, Refusal, SignOnRefused
from organisations.models import (
    SIGN_ON_ANEW,
    CapabilityKind,
    Organisation,
    Practitioner,
    ProviderKind,
    SignOnAttempt,
    SignOnPurpose,
    handover_here,
)
from organisations.services import sign_on as services
from organisations.services import sign_on_people as people
from organisations.services import sign_on_trial as trial
from organisations.services.invitations import JUST_INVITED, InvitationState, read_invitation
from organisations.tenancy.context import tenant
from organisations.web import errors, rate_limits

STATES = "sign_on_states"  # in the session: the answers that this browser waits for
WINDOWS = 5  # in which somebody may be under way at once
TRIES = rate_limits.Limit("sign-on", at_most=300, seconds=60)  # a whole municipality may come from one address


def in_organisation(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets the organisation that its address names, inside that tenant; too many tries wait."""

    @wraps(view)
    def inside(request: HttpRequest, slug: str) -> HttpResponse:
        if wait := TRIES.spend(rate_limits.address_of(request)):
            return errors.too_many(request, wait=wait)
        organisation = services.organisation_called(slug)
        if organisation is None:
            raise Http404
        request.collected.organisation_id = organisation.pk
        enter(organisation.pk, request.collected.author)
        return view(request, organisation)

    return inside


@not_in_kiosk
@public
@require_safe
def sign_on_choose(request):
    """Which organisation's log-in: never guessed from an address."""
    asked = request.GET.get("q", "").strip()[:60]
    everybody = services.organisations_with_sign_on()
    found = everybody.filter(name__icontains=asked) if asked else everybody
    context = {"organisations": found, "asked": asked, "is_long": everybody.count() > 10, "next": _next_of(request)}
    return TemplateResponse(request, "organisations/sign_on_choose.html", context)


@not_in_kiosk
@public
@require_safe
@in_organisation
def sign_on(request, organisation):
    """On to the provider. After a log-out, and on a device that a client has had, it is to ask anew who is there."""
    provider = services.provider_of(organisation)
    is_fresh = bool(request.GET.get("anew") or request.session.get(SIGN_ON_ANEW) or handover_here(request))
    try:
        if provider is None:
            raise SignOnRefused(Refusal.OFF)
        kept = {"next": _next_of(request)}
        question = services.begin(provider, organisation, is_fresh=is_fresh, language=get_language(), kept=kept)
    except SignOnRefused as refused:
        return _refused(request, organisation, refused.reason)
    _await(request, question.state)
    return HttpResponseRedirect(question.url)


@capability(CapabilityKind.INVITATION, kiosk=False)
@require_safe
def invitation_sign_on(request, token):
    """Accept an invitation with the organisation's own log-in: the link, not the address, says who it is."""
    invited = read_invitation(request.capability)
    organisation = invited.practitioner.organisation
    if invited.state != InvitationState.OPEN:
        return redirect("invitation", token=token)
    kept = {"invitation": bytes(request.capability.pk).hex()}
    return _leave(request, organisation, SignOnPurpose.INVITATION, kept)


@requires()
def account_sign_on(request):
    """Tie one's account to the organisation's own log-in: by a press of one's own, never by a link from elsewhere."""
    by = request.practitioner
    if request.method == "POST":
        kept = {"practitioner": str(by.pk), "user": str(request.user.pk)}
        return _leave(request, by.organisation, SignOnPurpose.TIE, kept)
    context = {"provider": services.provider_of(by.organisation), "is_tied": people.is_tied(by)}
    return TemplateResponse(request, "organisations/account_sign_on.html", context)


@not_in_kiosk
@public
@require_safe
@in_organisation
def sign_on_answer(request, organisation):
    """An OpenID provider sends the browser back."""
    return _finish(request, organisation, request.GET.get("state", ""))


@not_in_kiosk
@csrf_exempt
@public
@require_POST
@in_organisation
def sign_on_acs(request, organisation):
    """A SAML provider lets the browser bring its answer. It comes from another site, so without our session: it is
    put beside its try, and read where the browser comes to by itself."""
    state = request.POST.get("RelayState", "")
    try:
        services.keep_answer(organisation, state, request.POST.get("SAMLResponse", ""))
    except SignOnRefused as refused:
        return _refused(request, organisation, refused.reason)
    finish = reverse("sign-on-finish", kwargs={"slug": organisation.slug})
    response = HttpResponseRedirect(f"{finish}?{urlencode({'state': state})}")
    response.status_code = 303
    return response


@not_in_kiosk
@public
@require_safe
@in_organisation
def sign_on_finish(request, organisation):
    """The answer of a SAML provider is read with the session that asked for it."""
    return _finish(request, organisation, request.GET.get("state", ""))


@not_in_kiosk
@public
@require_safe
@in_organisation
def sign_on_metadata(request, organisation):
    """What a SAML provider imports of us."""
    provider = services.provider_of(organisation)
    if provider is None or provider.kind != ProviderKind.SAML:
        return errors.not_found(request)
    from organisations.login.sign_on.saml_metadata import metadata_of_ours  # loads XML's libraries

    told = metadata_of_ours(provider, services.addresses_of(organisation))
    return HttpResponse(told, content_type="application/samlmetadata+xml")


def leave_for_provider(
    request: HttpRequest, organisation: Organisation, purpose: SignOnPurpose, kept: dict[str, Any], *, fresh: bool
) -> TemplateResponse:
    """A page with a link to the provider: a form may not lead away from this site, a link may."""
    with tenant(organisation.pk):
        provider = services.provider_of(organisation)
        try:
            if provider is None:
                raise SignOnRefused(Refusal.OFF)
            question = services.begin(
                provider, organisation, purpose=purpose, is_fresh=fresh, language=get_language(), kept=kept
            )
        except SignOnRefused as refused:
            return _refused(request, organisation, refused.reason)
    _await(request, question.state)
    return TemplateResponse(request, "organisations/sign_on_leave.html", {"provider": provider, "url": question.url})


def _leave(request, organisation, purpose, kept):
    return leave_for_provider(request, organisation, purpose, kept, fresh=purpose == SignOnPurpose.TIE)


def _await(request, state):
    request.session[STATES] = [*request.session.get(STATES, []), state][-WINDOWS:]


def _finish(request, organisation, state):
    awaited = request.session.get(STATES, [])
    if not state or state not in awaited:
        return _refused(request, organisation, Refusal.LATE)
    request.session[STATES] = [one for one in awaited if one != state]
    try:
        attempt = services.open_attempt(organisation, state)
    except SignOnRefused as refused:
        return _refused(request, organisation, refused.reason)
    try:
        with transaction.atomic():
            return _enter_by(request, attempt, organisation)
    except SignOnRefused as refused:
        services.close(attempt, refused.reason)
        return _refused(request, organisation, refused.reason, attempt)


def _enter_by(request, attempt: SignOnAttempt, organisation: Organisation) -> HttpResponse:
    provider, kept = attempt.provider, services.kept_of(attempt)
    answer = services.verified_answer(attempt, organisation, request.GET.dict())
    if attempt.purpose == SignOnPurpose.TRY:
        report = trial.note(provider, answer, attempt, is_own=kept.get("user") == str(request.user.pk))
        request.session[trial.REPORT] = report
        services.close(attempt, services.OK)
        return redirect("identity-provider")
    assertion = judge(answer, provider, began_at=attempt.began_at, is_fresh=attempt.is_fresh)
    practitioner = _person(request, attempt, kept, assertion)
    services.close(attempt, services.OK)
    return _log_in(request, practitioner, assertion, attempt, kept)


def _person(request, attempt: SignOnAttempt, kept: dict[str, Any], assertion: Assertion) -> Practitioner:
    if attempt.purpose == SignOnPurpose.INVITATION:
        return people.accept_by_sign_on(kept["invitation"], assertion, attempt.provider)
    if attempt.purpose == SignOnPurpose.TIE:
        if kept["user"] != str(request.user.pk):
            raise SignOnRefused(Refusal.LATE)
        return people.tie_account(kept["practitioner"], assertion, attempt.provider)
    return people.person_of(assertion, attempt.provider)


def _log_in(request, practitioner, assertion, attempt, kept):
    user = practitioner.user
    if request.user.is_authenticated and request.user != user:
        logout(request)
    request.session.pop(SIGN_ON_ANEW, None)
    session_clock.note_sign_on(
        request,
        user,
        organisation=practitioner.organisation_id,
        is_strong=assertion.is_strong,
        is_fresh=attempt.is_fresh,
    )
    to = kept.get("next") or str(settings.LOGIN_REDIRECT_URL)
    if attempt.purpose == SignOnPurpose.TIE:
        messages.success(request, _("Your account is tied: from now on you log in with your organisation."))
        to = reverse("account")
    response = _pass_stages(request, user, to, is_strong=assertion.is_strong)
    request.session["practitioner"] = str(practitioner.pk)
    if attempt.purpose == SignOnPurpose.INVITATION:
        request.session[JUST_INVITED] = True
    return response


def _pass_stages(request, user, to, *, is_strong):
    """In; a level that is no two factors asks for the second one of ours, where somebody has one."""
    if not is_strong:
        return perform_login(request, user, redirect_url=to)
    adapter = get_adapter(request)
    hook = {"email_verification": "none", "signal_kwargs": None, "email": None, "signup": False, "redirect_url": to}
    if response := adapter.pre_login(request, user, **hook):
        return response
    adapter.login(request, user)
    return adapter.post_login(request, user, **hook)


def _refused(request, organisation, reason, attempt=None):
    context = {"said": SENTENCES[reason], "organisation_asked": organisation, "attempt": attempt}
    return TemplateResponse(request, "organisations/sign_on_refused.html", context, status=403)


def _next_of(request):
    """The page of ours to go on to; "" for any other address."""
    asked = request.GET.get(REDIRECT_FIELD_NAME, "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""
