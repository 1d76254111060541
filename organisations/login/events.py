"""What happens at a log-in and when an account changes: clocks, the record, the other sessions."""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import ngettext

from organisations.audit import account_events
from organisations.audit.purposes import is_known
from organisations.login import session_clock
from organisations.login.second_factor import REAL
from organisations.models import User
from organisations.tokens.own import end_tokens


@receiver(user_logged_in)
def start_the_clocks(request: HttpRequest, user: User, **kwargs: Any) -> None:
    session_clock.begin(request, user)


@receiver(account.user_logged_in)
def note_log_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """How, too: "password", "password, totp" or "webauthn"."""
    ways = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
    account_events.record(
        user, account_events.LOGGED_IN, purpose=", ".join(way if is_known(way) else "other" for way in ways)
    )


@receiver(account.authentication_step_completed)
def change_the_key(request: HttpRequest, reauthenticated: bool = False, **kwargs: Any) -> None:
    """A confirmed session is a new one; at the log-in itself Django sees to that."""
    if reauthenticated:
        request.session.cycle_key()


@receiver([account.password_changed, account.password_reset])
def end_the_others(request: HttpRequest, user: User, **kwargs: Any) -> None:
    account_events.record(user, account_events.PASSWORD_CHANGED)
    session_clock.end_sessions(user, keep=request.session.session_key)


@receiver(account.password_changed)
def end_tokens_unless_kept(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever knew the old password may have made one; the form asks whether they stay."""
    if not request.POST.get("keep_tokens") and (ended := end_tokens(user)):
        words = ngettext("%d token of yours has ended.", "%d tokens of yours have ended.", ended) % ended
        messages.info(request, words)


@receiver(account.password_reset)
def end_tokens_at_reset(user: User, **kwargs: Any) -> None:
    """Nobody is asked here: who lost a password may have lost it to somebody."""
    end_tokens(user)


@receiver(mfa.authenticator_added)
def note_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    account_events.record(user, account_events.FACTOR_ADDED, purpose=authenticator.type)
    if authenticator.type in REAL:
        session_clock.note_second_factor(request, user, authenticator.type)
        request.session.cycle_key()


@receiver(mfa.authenticator_removed)
def note_removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    account_events.record(user, account_events.FACTOR_REMOVED, purpose=authenticator.type)


@receiver(mfa.authenticator_reset)
def note_renewed(user: User, **kwargs: Any) -> None:
    account_events.record(user, account_events.CODES_RENEWED)


@receiver(mfa.authentication_failed)
def note_wrong_code(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    account_events.record(user, account_events.FACTOR_FAILED, purpose=authenticator.type)
