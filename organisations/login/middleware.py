"""What stands between a session and the pages: the end of a log-in, and a second factor where one is required."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from organisations.access import declared
from organisations.login import session_clock, typed_text
from organisations.login.confirmation import factor_page
from organisations.login.second_factor import has_second_factor
from organisations.models import SIGN_ON_ANEW, SIGNED_ON, TYPED_TEXT
from organisations.web.middleware import Around

# Routes that show no organisation's data: anybody's, a token's own, and those of logging in.
BEFORE_THE_FACTOR = frozenset({"public", "capability", "for_any_user", "by_token", "third party"})
QUIET = "X-Medspil-Quiet"  # a page that looks by itself how things are: no sign of a person


def to_log_in(request: HttpRequest, why: str, *, kept: bool = False) -> HttpResponse:
    """The log-in page, which says why, and leads back to the page that was asked for, or to the text that was kept."""
    back = {REDIRECT_FIELD_NAME: request.get_full_path()} if request.method == "GET" else {}
    if kept:
        back = {REDIRECT_FIELD_NAME: reverse("typed-again")}
    return redirect(f"{reverse('account_login')}?{urlencode({'why': why} | back)}")


class SessionCookieMiddleware(SessionMiddleware):
    """Django's, but an answer to an older session leaves the browser's cookie alone.

    A hand-over gives the browser a new key. What the page asked for just before (its manifest, its icon) can be
    answered after that; taking away "the cookie", or setting the old key again, would take the new one: the
    practitioner would be logged out. A log-out still takes its cookie away: there the session was emptied in the
    request itself. A log-in's cookie has no end of its own (a parked one's is later than the log-in's), so there is
    nothing to gain by setting the same key again.
    """

    def process_response(self, request, response):
        gone = settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()
        if gone and not request.session.modified:
            patch_vary_headers(response, ("Cookie",))
            return response
        response = super().process_response(request, response)
        if request.session.accessed and not gone and hasattr(request, "user"):
            typed_text.remember_typist(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and cookie.value and cookie.value == request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response


class SessionLimitsMiddleware(Around):
    """Ends a log-in after a time without a sign of life, and after a working day."""

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            lost = settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()
            kept = typed_text.keep(request, view)
            return to_log_in(request, "ended", kept=kept) if lost or kept else None
        if why := session_clock.why_over(request.session):
            signed_on = SIGNED_ON in request.session
            logout(request)
            if signed_on:
                request.session[SIGN_ON_ANEW] = True
            return to_log_in(request, why, kept=typed_text.keep(request, view))
        if TYPED_TEXT in request.session and request.method == "POST":
            self._forget_sent(request)
        if QUIET not in request.headers:
            session_clock.note_sign_of_life(request.session)
        return None

    def _forget_sent(self, request):
        """What was kept is on its way again."""
        kept = typed_text.kept_for(request)
        if kept is None or kept.path == request.get_full_path():
            typed_text.forget(request)


class NoPasswordMiddleware(Around):
    """Who logs in with their organisation has no password to change; the library would lead to a page of its own."""

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        asked = request.resolver_match.url_name == "account_change_password"
        if asked and request.user.is_authenticated and not request.user.has_usable_password():
            messages.info(request, _("You log in with your organisation and have no password here."))
            return redirect("account")
        return None


class SecondFactorMiddleware(Around):
    """Where an organisation requires a second factor no page of it opens before one was shown at this log-in.

    Nor does a page of whoever runs the installation, wherever they are.
    """

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        practitioner = request.practitioner
        if declared(view) in BEFORE_THE_FACTOR:
            return None
        if practitioner is None and declared(view) != "for_operators":
            return None
        if practitioner is not None and not practitioner.organisation.requires_second_factor:
            return None
        if session_clock.used_factor_of_provider(request):
            return None
        if not has_second_factor(request.user):
            return redirect("mfa_index")
        if session_clock.used_second_factor(request):
            return None
        back = request.get_full_path() if request.method == "GET" else "/"
        return redirect(factor_page(request, back))
