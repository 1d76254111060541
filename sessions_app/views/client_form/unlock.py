"""Give the device back: PIN, password or passkey brings the parked session of staff back."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from organisations.access import open_in_kiosk, public
from organisations.login.passkeys import UnlockPasskeyForm, question_for
from organisations.login.second_factor import has_passkey
from sessions_app.forms.unlock import UnlockForm
from sessions_app.services import handover

# Said in the language that whoever handed the device over has chosen; else in that of the form.
WRONG = {True: gettext_lazy("That PIN is not right."), False: gettext_lazy("That password is not right.")}


@public
@open_in_kiosk
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request):
    """Without a parked session there is nothing to unlock: the log-in page, or where staff at work begin."""
    user = handover.user_to_unlock(request)
    if user is None or "log_out" in request.POST:
        return _out(request)
    pin = handover.uses_pin(user)
    form = UnlockForm(request.POST if request.method == "POST" else None, pin=pin)
    if form.is_bound and form.is_valid():
        next_url = handover.unlock(request, user=user, secret=form.cleaned_data["secret"])
        if next_url is not None:
            return redirect(next_url)
        form.add_error("secret", WRONG[pin])
    return _page(request, user, form)


@public
@open_in_kiosk
@require_http_methods(["GET", "HEAD", "POST"])
def unlock_passkey(request):
    """The question for the keys of whoever handed the device over, as JSON; and the answer, sent as a form."""
    user = handover.user_to_unlock(request)
    if user is None or not handover.is_parked(request):
        return _out(request)
    if not has_passkey(user):
        raise Http404
    if request.method != "POST":
        return JsonResponse({"request_options": question_for(user)})
    answer = UnlockPasskeyForm(request.POST, user=user)
    key = answer.cleaned_data["credential"] if answer.is_valid() else None
    next_url = handover.unlock_by_passkey(request, user=user, key=key)
    return redirect(next_url) if next_url is not None else _page(request, user, None, wrong_key=True)


def _out(request):
    handover.end_parked(request)
    return redirect("account_login")


def _page(request, user, form, *, wrong_key=False):
    if not handover.is_parked(request):
        messages.error(request, _("That was wrong too many times. Log in again."))
        return redirect("account_login")
    pin = handover.uses_pin(user)
    context = {
        "form": form or UnlockForm(pin=pin),
        "uses_pin": pin,
        "attempts_left": handover.attempts_left(user) if user.pin_failures else None,
        "has_passkey": has_passkey(user),
        "wrong_key": wrong_key,
    }
    status = 422 if wrong_key or context["form"].is_bound else 200
    with translation.override(user.language or handover.language_here(request) or translation.get_language()):
        return render(request, "sessions_app/unlock.html", context, status=status)
