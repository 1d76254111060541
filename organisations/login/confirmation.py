"""Confirming that it is oneself, before what changes how others log in."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from organisations.login import session_clock
from organisations.login.second_factor import has_second_factor
from organisations.models import User

View = Callable[..., HttpResponse]


def confirmation_required(view: View) -> View:
    """Let a view be used only where the person was asked lately; the library asks who has a password or a factor.

    It lets everybody else through unasked: who has nothing here but their organisation's log-in is sent to that.
    """
    by_library = reauthentication_required(app="organisations")(view)

    @wraps(view)
    def confirmed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        start = sign_on_first(request)
        if not start:
            return by_library(request, *args, **kwargs)
        messages.info(request, _("Confirm first that it is you: log in anew with your organisation."))
        return redirect(start)

    return confirmed


def sign_on_first(request: HttpRequest) -> str:
    """Where somebody without a password confirms: their organisation's own log-in; "" where nothing is to do."""
    user = cast("User", request.user)
    if user.has_usable_password() or session_clock.signed_on_lately(request) or user.signs_on_in is None:
        return ""
    start = reverse("sign-on", kwargs={"slug": user.signs_on_in.slug})
    # What was sent is lost, as with the library's own question: the page is shown again.
    back = request.path if request.method in ("GET", "HEAD") else reverse("people")
    return f"{start}?{urlencode({'anew': '1', 'next': back})}"


def factor_page(request: HttpRequest, back: str) -> str:
    """Where somebody with a second factor shows it, and comes back from; the password is not asked for there."""
    ways = [way["url"] for way in get_adapter().get_reauthentication_methods(request.user)]
    way = next(url for url in ways if url != reverse("account_reauthenticate"))
    return f"{way}?{urlencode({REDIRECT_FIELD_NAME: back})}"


def factor_first(request: HttpRequest) -> str:
    """Where somebody with a second factor has to show it anew; "" for who has none, or showed it lately."""
    if session_clock.used_second_factor_lately(request) or not has_second_factor(cast("User", request.user)):
        return ""
    return factor_page(request, request.path)
