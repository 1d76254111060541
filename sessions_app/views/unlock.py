"""Give the device back: PIN or password brings the parked session of staff back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisations.access import open_in_kiosk, public
from sessions_app.forms import UnlockForm
from sessions_app.services import handover


@public
@open_in_kiosk
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request):
    """Without a parked session there is nothing to unlock: the log-in page."""
    user = handover.parked_user(request)
    if user is None or "log_out" in request.POST:
        handover.end_parked(request)
        return redirect("account_login")
    pin = handover.uses_pin(user)
    form = UnlockForm(request.POST if request.method == "POST" else None, pin=pin)
    if form.is_bound and form.is_valid():
        next_url = handover.unlock(request, user=user, secret=form.cleaned_data["secret"])
        if next_url is not None:
            return redirect(next_url)
        if not handover.is_parked(request):
            messages.error(request, _("That was wrong too many times. Log in again."))
            return redirect("account_login")
        form.add_error("secret", _("That PIN is not right.") if pin else _("That password is not right."))
    return _page(request, user, form, pin)


def _page(request, user, form, pin):
    left = handover.attempts_left(user) if user.pin_failures else None
    context = {"form": form, "uses_pin": pin, "attempts_left": left}
    status = 422 if form.is_bound else 200
    with translation.override(user.language or translation.get_language()):
        return render(request, "sessions_app/unlock.html", context, status=status)
