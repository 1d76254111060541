"""What stands around each request: its id, headers, language, the kiosk lock, the tenant."""

import logging
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from organisations.audit import origin, record
from organisations.audit.route_arguments import is_about_a_client
from organisations.database.statements import written_once
from organisations.history.tracking import enter
from organisations.models import HANDOVER, KIOSK, LOG_IN, SIGNED_ON, Practitioner, handover_here
from organisations.monitoring.logs import request_id_var
from organisations.tenancy.context import look_as_user
from organisations.tokens import capabilities
from organisations.web import errors, rate_limits
from organisations.web.bearer import enter_by_bearer

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
# Addresses that open nothing. A whole municipality may stand behind one IP address: whoever holds a token that exists
# is neither counted nor slowed down, however many wrong ones came from the same place.
GUESSES = rate_limits.Limit("token", at_most=60, seconds=60)


class Around:
    """Keeps the next handler."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response


class RequestIdMiddleware(Around):
    """A random id for each request: in the log, on error pages, in the access log."""

    def __call__(self, request):
        request.request_id = str(uuid.uuid4())
        token = request_id_var.set(request.request_id)
        try:
            response = self.get_response(request)
        finally:
            request_id_var.reset(token)
        response["X-Request-ID"] = request.request_id
        return response


class LanguageMiddleware(Around):
    """The browser's language until a user's, an organisation's or a form's own language is known."""

    def __call__(self, request):
        with translation.override(translation.get_language_from_request(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


class LoginMiddleware(LoginRequiredMiddleware):
    """As Django's, but a page that needs no log-in reads neither the session nor the user."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class KioskMiddleware(Around):
    """A handed-over device reaches its form, the thanks and the unlocking, and nothing else.

    Its own cookie goes with the session, in the same answer: it comes with the hand-over and goes with its end.
    """

    def __call__(self, request):
        response = self.get_response(request)
        if request.session.accessed:  # the form's own pages read no session
            self._show_whose_hands(request, response)
        return response

    def _show_whose_hands(self, request, response):
        here, parked = handover_here(request), request.session.get(KIOSK)
        if parked is not None:
            named = parked.get(HANDOVER)  # none in a session that an earlier release has parked
            if named and named != str(here):
                response.set_cookie(
                    settings.HANDOVER_COOKIE_NAME,
                    named,
                    max_age=request.session.get_expiry_age(),
                    secure=settings.SESSION_COOKIE_SECURE,
                    samesite="Lax",
                )
        elif here and (SESSION_KEY in request.session or (request.session.modified and request.session.is_empty())):
            # Also where the parked session was lost and somebody has logged in anew.
            capabilities.close_handover(here)
            response.delete_cookie(settings.HANDOVER_COOKIE_NAME, samesite="Lax")

    def process_view(self, request, view, args, kwargs):
        if getattr(view, "closed_in_kiosk", False) and KIOSK in request.session:
            return redirect(settings.UNLOCK_URL)
        if getattr(view, "kiosk_ok", False) or getattr(view, "public", False):
            return None
        if KIOSK in request.session:
            return redirect(settings.UNLOCK_URL)
        return None


class TenantMiddleware(Around):
    """Opens the request's one transaction, sets its organisation, and writes the access log last."""

    def __call__(self, request):
        request.practitioner = request.capability = None
        request.practices, request.is_undone, request.is_broken = [], False, False
        request.collected = record.Collected(request_id=request.request_id)
        try:
            # Settings end with their transaction. Inside a longer one (a test's) they would outlive the request.
            outlasting = connection.in_atomic_block
            with transaction.atomic(), record.collecting(request.collected), origin.from_nowhere():
                if outlasting:
                    enter(None, {})
                response = self.get_response(request)
                if request.is_undone or request.is_broken:
                    transaction.set_rollback(True)
                else:
                    self._note_denial(request, response)
                    record.write(request.collected)
            if request.is_broken and not request.is_undone:
                self._write_alone(request.collected)
        except DatabaseError:
            # The access log could not be written, or the database is gone: nothing is shown, nothing is kept.
            logger.exception("The request's transaction failed")
            return errors.unavailable(request)
        return response

    def process_view(self, request, view, args, kwargs):
        kinds = getattr(view, "capability", None)
        if kinds is not None:
            token = kwargs.get("token") or request.COOKIES.get(capabilities.FORM_COOKIE, "")
            return self._enter_by_token(request, kinds, token)
        if getattr(view, "by_token", False):
            return enter_by_bearer(request)
        if not getattr(view, "public", False) and request.user.is_authenticated:
            return self._enter_by_user(request)
        return None

    def process_exception(self, request, exception):
        """A view that writes rows of the access log itself (a sealed answer, an account's) and could not.

        Or the disk is full, the database cannot just now: what the view wrote before is undone, it can be sent again.
        Where no savepoint stands around the view (`non_atomic_requests`) whatever it wrote is undone here.
        """
        request.is_broken = "default" in getattr(request.resolver_match.func, "_non_atomic_requests", ())
        if errors.is_passing(exception):
            request.is_undone = True
            logger.error("A view could not do its work now", exc_info=exception)
            return errors.unavailable(request)
        if isinstance(exception, record.NotWritten):
            logger.error("The access log could not be written", exc_info=exception)
            return errors.unavailable(request)
        return None

    def _write_alone(self, collected):
        """What was looked at stands in the log, though all that a view without a savepoint wrote is undone."""
        with transaction.atomic():
            enter(collected.organisation_id, collected.author)
            record.write(collected)

    def _note_denial(self, request, response):
        """An attempt at a client's data that was refused is on record too."""
        if response.status_code not in (403, 404) or request.practitioner is None or not request.resolver_match:
            return
        if is_about_a_client(request.resolver_match.kwargs):
            record.record_denied(request.collected, request.resolver_match.url_name or "", response.status_code)

    def _enter_by_token(self, request, kinds, token):
        # First the look-up, by sha-256: it costs one read of an index and tells nothing (capabilities.find).
        request.collected.role = "capability"
        request.capability = capabilities.find_and_enter(token, *kinds, author=request.collected.author)
        if request.capability is None:
            address = rate_limits.address_of(request)
            if wait := GUESSES.wait(address):
                return errors.too_many(request, wait=wait)
            GUESSES.spend(address)
            return None
        if errors.is_shut(request.capability, request.method):
            enter(None, {})
            return errors.suspended(request)
        request.collected.organisation_id = request.capability.organisation_id
        return None

    def _enter_by_user(self, request):
        if not request.user.is_active:
            logout(request)
            return None
        if request.user.is_operator:  # whatever rows there are: who runs the installation enters no organisation
            enter(None, {})
            self._speak(request, request.user.language)
            return None
        practitioner = self._practitioner_of(request)
        if request.is_suspended:
            logout(request)
            return redirect(f"{settings.LOGIN_URL}?why=suspended")
        if request.is_over:
            logout(request)
            return redirect(f"{settings.LOGIN_URL}?why=over")
        if request.is_other_way:
            logout(request)
            return redirect(f"{settings.LOGIN_URL}?why=sign_on")
        if practitioner is not None:
            request.practitioner = practitioner
            if request.session.get("practitioner") != str(practitioner.pk):  # else each page would write the session
                request.session["practitioner"] = str(practitioner.pk)
            request.collected.organisation_id = practitioner.organisation_id
            request.collected.practitioner_id = practitioner.pk
            request.collected.role = practitioner.role
            origin.come_from(rate_limits.whole_address_of(request), request.session.get(LOG_IN, ""))
        enter(request.collected.organisation_id, request.collected.author if practitioner else {})
        self._speak(request, request.user.language or (practitioner and practitioner.organisation.language))
        return None

    def _speak(self, request, language):
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language

    def _practitioner_of(self, request):
        """The chosen Practitioner row; the only one where there is no choice; else None.

        Where access is over or the organisation suspended nobody works any more; `is_over` and `is_suspended` where
        that leaves nothing.
        """
        look_as_user(request.user.pk)
        now = timezone.now()
        held = [one for one in _practices_of(request.user.pk) if one.is_active or one.access_until]
        mine = [one for one in held if one.is_active and not one.access_is_over(one.organisation.day_of(now))]
        request.is_over = not mine and any(one.access_is_over(one.organisation.day_of(now)) for one in held)
        working = [one for one in mine if not one.organisation.is_suspended]
        request.is_suspended = bool(mine) and not working
        mine = working
        request.practices = open_now = [one for one in mine if one.opens_by(request.session.get(SIGNED_ON, ""))]
        request.is_other_way = bool(mine) and not open_now
        mine = open_now
        chosen = request.session.get("practitioner")
        by_id = {str(practitioner.pk): practitioner for practitioner in mine}
        if chosen in by_id:
            return by_id[chosen]
        return mine[0] if len(mine) == 1 else None


@written_once  # asked before each page of somebody who is logged in
def _practices_of(user: uuid.UUID):
    return Practitioner.objects.filter(user=user).select_related("organisation__state")
