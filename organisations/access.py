"""Every route declares who may use it: `requires`, `capability` or `public`. Undeclared fails `manage.py check`."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect

from organisations.models import CapabilityKind
from organisations.roles import Can

# Routes of libraries, by the dotted start of their view's module, and who may use them.
THIRD_PARTY = {
    "allauth.account": "anybody: logging in, resetting a password; changing one asks for a log-in itself",
    "allauth.mfa": "anybody: confirming a log-in; one's own second factor asks for a log-in itself",
    "django.views.i18n": "anybody: translations of the scripts",
}

# A page is read or sent; any other method would run its code for reading, with consequences nobody thought of.
PAGE_METHODS = ("GET", "HEAD", "POST")


def requires(*verbs: Can) -> Callable:
    """A practitioner who can do one of `verbs`, in the organisation they work in now. Refused is 403.

    No verb: any practitioner (their own account).
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            practitioner = getattr(request, "practitioner", None)
            if practitioner is None:
                if getattr(request.user, "is_operator", False):
                    raise PermissionDenied  # who runs the installation enters no organisation
                # Somebody who works in two places chooses first; somebody who works nowhere is told so there.
                return redirect("organisation-choose")
            if verbs and not any(practitioner.can(verb) for verb in verbs):
                raise PermissionDenied
            if request.method not in PAGE_METHODS:
                return HttpResponseNotAllowed(PAGE_METHODS)
            return view(request, *args, **kwargs)

        guarded.requires = verbs
        return guarded

    return decorate


def capability(*kinds: CapabilityKind, kiosk: bool = True) -> Callable:
    """Whoever holds a token of one of `kinds`; the tenant comes from its row (middleware), never from a session."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if getattr(request, "capability", None) is None:
                raise Http404
            if request.method not in PAGE_METHODS:
                return HttpResponseNotAllowed(PAGE_METHODS)
            return view(request, *args, **kwargs)

        guarded.capability = kinds
        guarded.kiosk_ok = kiosk
        return login_not_required(guarded)

    return decorate


def public(view: Callable) -> Callable:
    """Anybody, logged in or not; shows no tenant's data."""
    view.public = True
    return login_not_required(view)


def keeps_typed(view: Callable) -> Callable:
    """A form in which somebody writes for a while: what they send after their log-in ended comes back after the next.

    Never a form that holds a password or a file.
    """
    view.keeps_typed = True
    return view


def not_in_kiosk(view: Callable) -> Callable:
    """A public page that stays shut while a client has the device: what it leads to would let the staff in."""
    view.closed_in_kiosk = True
    return view


def for_any_user(view: Callable) -> Callable:
    """A logged-in user whose organisation need not be chosen yet (the switcher)."""
    view.for_any_user = True
    return view


def for_operators(view: Callable) -> Callable:
    """Whoever runs the installation, after a second factor (SecondFactorMiddleware); they enter no organisation."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_operator:
            raise PermissionDenied
        if request.method not in PAGE_METHODS:
            return HttpResponseNotAllowed(PAGE_METHODS)
        return view(request, *args, **kwargs)

    guarded.for_operators = True
    return guarded


def for_client_eyes(view: Callable) -> Callable:
    """A page that a client looks at beside the practitioner: shown while the staff's pages are covered."""
    view.for_client_eyes = True
    return view


def open_while_restricted(view: Callable) -> Callable:
    """A page about the restriction of a client's data, or about what they ask for by law: no reason is asked first.

    It shows nothing of what is kept about the client beyond that.
    """
    view.open_while_restricted = True
    return view


def open_in_kiosk(view: Callable) -> Callable:
    """A page that a handed-over device may reach."""
    view.kiosk_ok = True
    return view


def declared(view: Callable) -> str | None:
    """How a view declares its access, None when it does not."""
    target = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
    for mark in ("requires", "capability", "public", "for_any_user", "by_token", "for_operators"):
        if hasattr(view, mark) or hasattr(target, mark):
            return mark
    module = getattr(target, "__module__", "")
    if any(module.startswith(start) for start in THIRD_PARTY):
        return "third party"
    return None
