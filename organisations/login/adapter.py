"""django-allauth, closed: people come by invitation, never by signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from organisations.login.by_address import NOTE_FAILED, ask_about
from organisations.models import SIGN_ON_ANEW, SIGNED_ON, User
from organisations.web.errors import too_many

TOO_MANY = {"too_many_login_attempts", "rate_limited"}
WINDOW = 15 * 60  # seconds, as in ACCOUNT_RATE_LIMITS: after that the oldest failure no longer counts


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No sign-up; links in mails come from SITE_URL, never from a request's Host header."""

    def is_open_for_signup(self, request):
        return False

    def get_reset_password_from_key_url(self, key):
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As the trusted proxies say; where they say nothing usable, who is connected."""
        try:
            return super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            return request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104  (no address to bind, one to count)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # By the account alone: the library adds the Host header, whose port anybody may invent.
        return str(credentials.get("email", "")).strip().lower()

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Too many attempts are a page of their own, with Retry-After, instead of a sentence in the form."""
        if code in TOO_MANY:
            raise ImmediateHttpResponse(too_many(context.request, wait=WINDOW))
        return super().validation_error(code, *args)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """None for a closed account too, also with the right password: nobody learns that it was right."""
        user = super().authenticate(request, **credentials)
        if user is not None and not user.is_active:
            self.pre_authenticate(request, **credentials)  # the library has just taken the attempt back
            self.authentication_failed(request, **credentials)
            return None
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """On record later, by the worker: a row of the access log would take its time for known addresses only."""
        ask_about(NOTE_FAILED, str(credentials.get("email", "")))

    def logout(self, request: HttpRequest) -> None:
        """After a sign-on the provider may still know who was here: whoever comes next is to be asked anew."""
        signed_on = SIGNED_ON in request.session
        super().logout(request)
        if signed_on:
            request.session[SIGN_ON_ANEW] = True

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """After the commit; a mail server that is away undoes nothing and breaks no page."""
        send = super().send_mail

        def deliver() -> None:
            send(template_prefix, email, context)

        transaction.on_commit(deliver, robust=True)
