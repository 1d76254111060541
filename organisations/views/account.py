"""One's own account, and the choice of the organisation one works in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import for_any_user, requires
from organisations.audit import account_events
from organisations.forms.account import AccountForm, PinForm
from organisations.login import session_clock, typed_text
from organisations.login.second_factor import factors_of
from organisations.roles import Can
from organisations.services import account as services
from organisations.tokens.own import count_open_tokens, end_tokens
from organisations.views.form_pages import form_page, tell_saved
from organisations.web import cover


@requires()
def account(request):
    form = AccountForm(request.POST or None, by=request.practitioner)
    if request.method == "POST" and form.carry_out(services.edit_account, by=request.practitioner, user=request.user):
        tell_saved(request, form, _("Saved."))
        return redirect("account")
    context = {
        "has_pin": request.user.has_pin,
        "may_use_api": request.practitioner.can(Can.VIEW_CLIENT),
        "may_confirm_tokens": request.practitioner.can(Can.CONFIRM_TOKENS),
        "factors": factors_of(request.user),
        "devices": session_clock.sessions_of(request.user),
        "own_tokens": count_open_tokens(request.user),
        "is_tied": request.user.signs_on_in_id == request.practitioner.organisation_id,
    }
    return form_page(request, "organisations/account.html", form, **context)


@requires()
def account_pin(request):
    """`next` is the page of ours to go back to."""
    asked = request.GET.get("next", "")
    back = asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else reverse("account")
    form = PinForm(request.POST or None, request=request)
    if request.method == "POST" and form.carry_out(services.change_pin, by=request.user):
        messages.success(request, _("The PIN is set."))
        return HttpResponseRedirect(back)
    context = {"form": form, "has_pin": request.user.has_pin, "back": back}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "organisations/account_pin.html", context, status=status)


@for_any_user
@require_POST
def log_out_everywhere(request):
    """End every session of the user, those of handed-over devices too; and their tokens, unless they keep them."""
    account_events.record(request.user, account_events.ENDED_EVERYWHERE)
    if not request.POST.get("keep_tokens"):
        end_tokens(request.user)
    session_clock.end_sessions(request.user)
    logout(request)
    return redirect(reverse("account_login") + "?why=everywhere")


@for_any_user
@require_safe
def stay(request):
    """Asked by an open page: how many seconds are left, the token that its forms need now, and who works here now."""
    who = str(request.practitioner.pk) if request.practitioner else ""
    left = session_clock.seconds_left(request.session)
    return JsonResponse({"left": left, "token": get_token(request), "who": who})


@require_POST
@requires()
def uncover(request):
    """Show the staff's pages again after a client looked at the screen; on to the page of this site in `next`."""
    cover.uncover(request.session)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if is_ours else "/")


@for_any_user
@require_safe
def organisation_choose(request):
    """Where the user works, to choose one; somebody who works nowhere is told so."""
    context = {"practices": request.practices}
    return TemplateResponse(request, "organisations/organisation_choose.html", context)


@for_any_user
@require_POST
def organisation_switch(request):
    """Work in another of one's organisations from now on."""
    chosen = {str(practice.pk): practice for practice in request.practices}.get(request.POST.get("practitioner"))
    if chosen is None:
        raise Http404
    request.session.cycle_key()
    request.session["practitioner"] = str(chosen.pk)
    return redirect(settings.LOGIN_REDIRECT_URL)


@requires()
def typed_again(request):
    """The text, with a button that sends it where it was going; posted to here it is thrown away."""
    kept = typed_text.kept_for(request)
    if request.method == "POST" or kept is None:
        typed_text.forget(request)
        return redirect("/") if kept is None else HttpResponseRedirect(kept.path)
    return TemplateResponse(request, "organisations/typed_again.html", {"kept": kept})
