"""What a session knows of its log-in: since when it lasts, its last sign of life, whether by a second factor."""

import time
from typing import Any
from uuid import UUID, uuid4

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records

# Internal to allauth: a parked session must remember whose log-in it is, and no public name says where that stands.
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from organisations.audit import origin
from organisations.models import LOG_IN, SIGNED_ON, DeviceSession, User
from organisations.web.rate_limits import whole_address_of

SINCE, SEEN = "since", "seen"  # seconds since 1970
# What comes back with a session that was parked while a client had the device.
KEPT = (SINCE, LOG_IN, SIGNED_ON, AUTHENTICATION_METHODS_SESSION_KEY, _AUTHENTICATION_METHODS_USER_SESSION_KEY)
ROUGHLY = 60  # seconds: a sign of life is written down once a minute
IDLE, LONG = "idle", "long"
SIGN_ON = "sign_on"  # as a way of logging in


def begin(request: HttpRequest, user: User) -> None:
    """Somebody has logged in, by whatever way: both clocks start, and the cookie goes with the browser."""
    request.session.set_expiry(0)
    request.session[SINCE] = request.session[SEEN] = int(time.time())
    request.session[LOG_IN] = str(uuid4())
    origin.come_from(whole_address_of(request), request.session[LOG_IN])
    request.session.pop(SIGNED_ON, None)
    if organisation := _signed_on_in(request, user):
        request.session[SIGNED_ON] = organisation


def is_too_long_ago(session: Any) -> bool:
    """Whether a log-in has lasted a working day. A session without clocks is over."""
    return time.time() - session.get(SINCE, 0) >= settings.SESSION_COOKIE_AGE


def why_over(session: Any) -> str:
    """IDLE or LONG if the log-in of a session is over, else ""."""
    if is_too_long_ago(session):
        return LONG
    now = time.time()
    return IDLE if now - session.get(SEEN, 0) >= 60 * settings.SESSION_IDLE_MINUTES else ""


def note_sign_of_life(session: Any) -> None:
    """Start the idle clock again."""
    now = int(time.time())
    if now - session.get(SEEN, 0) >= ROUGHLY:
        session[SEEN] = now


def seconds_left(session: Any) -> int:
    """Until the session is over if nothing happens any more."""
    now = time.time()
    idle = session.get(SEEN, 0) + 60 * settings.SESSION_IDLE_MINUTES - now
    long = session.get(SINCE, 0) + settings.SESSION_COOKIE_AGE - now
    return max(0, int(min(idle, long)))


def kept_of(session: Any) -> dict[str, Any]:
    """What a session that is parked must remember of its log-in."""
    return {name: session[name] for name in KEPT if name in session}


def take_back(request: HttpRequest, kept: dict[str, Any]) -> None:
    """After the return: the log-in is still the one of before, with its second factor, and no younger."""
    request.session.update({name: value for name, value in kept.items() if name in KEPT})


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this log-in showed a second factor (or a passkey, which is two), here or at an identity provider."""
    records = get_authentication_records(request, request.user)
    return used_factor_of_provider(request) or any(record.get("method") == "mfa" for record in records)


def used_second_factor_lately(request: HttpRequest) -> bool:
    """Whether a second factor was shown here within the time that a confirmation counts."""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == "mfa" and one["at"] > since for one in records)


def used_factor_of_provider(request: HttpRequest) -> bool:
    """Whether an identity provider vouches for two factors: none of ours is needed then."""
    return any(record.get("second_factor") for record in get_authentication_records(request, request.user))


def note_second_factor(request: HttpRequest, user: User, kind: str) -> None:
    """Somebody who has just set up a factor has shown that they have it."""
    record = {"method": "mfa", "at": time.time(), "type": kind}
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [*get_authentication_records(request, user), record]


def note_sign_on(request: HttpRequest, user: User, *, organisation: UUID, is_strong: bool, is_fresh: bool) -> None:
    """An organisation's identity provider has just named the user; `is_strong`: at a level that is two factors."""
    record = {"method": SIGN_ON, "at": time.time(), "organisation": str(organisation), "second_factor": is_strong}
    if is_fresh:
        record["reauthenticated"] = True
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [*get_authentication_records(request, user), record]
    request.session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)


def signed_on_lately(request: HttpRequest) -> bool:
    """Whether an identity provider asked the user anew within the time that a confirmation counts."""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == SIGN_ON and one.get("reauthenticated") and one["at"] > since for one in records)


def _signed_on_in(request: HttpRequest, user: User) -> str:
    """Whose provider opened this log-in; "" for one by password or passkey, also after an earlier sign-on."""
    ways = [
        record
        for record in get_authentication_records(request, user)
        if record["method"] == SIGN_ON
        or (record["method"] == "password" and not record.get("reauthenticated"))
        or record.get("passwordless")
    ]
    return ways[-1].get("organisation", "") if ways else ""


def sessions_of(user: User) -> int:
    """On how many devices somebody is logged in, those included that a client has at the moment."""
    return DeviceSession.objects.filter(user=user, expire_date__gt=timezone.now()).count()


def end_sessions(user: User, *, keep: str | None = None) -> int:
    """Log somebody out everywhere, parked sessions too; `keep` is the key of one that stays. How many ended."""
    return DeviceSession.objects.filter(user=user).exclude(session_key=keep or "").delete()[0]
