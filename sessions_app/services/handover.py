"""Hand the device over and take it back: the staff session is parked on the server meanwhile."""

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login, logout
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare

from clients.services.restrictions import refuse_restricted
from organisations.audit.record import record_access
from organisations.login import session_clock
from organisations.models import (
    CAME_FROM,
    HANDOVER,
    KIOSK,
    Capability,
    CapabilityKind,
    DeviceSession,
    Practitioner,
    SessionStore,
    User,
    handover_here,
    name_of,
)
from organisations.tenancy.context import as_user
from organisations.tokens import capabilities
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import Session
from sessions_app.services.locking import lock_countable
from sessions_app.services.ratings import ANSWERED, ratings_of, refuse_unfit

FORM_OPEN_FOR = timedelta(hours=4)
# A device that was offline may send later; after that the token opens nothing.
LATE_ANSWERS_FOR = timedelta(days=30)
ATTEMPTS = 5
BACK = "back"  # in a session that was parked: when and where it went on
JUST_NOW = 60  # seconds: a second tap, the other tab
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@transaction.atomic
def open_form(*, session: Session, form: FormKey, by: Practitioner, handover: UUID, closing: str = "") -> str:
    """A token for one form of one session, for one hand-over; earlier ones for the same form are closed.

    ValidationError when the form is answered already or cannot be measured.
    """
    session = lock_countable(session.pk)
    refuse_unfit(session, form)
    if form.key in ratings_of(session):
        raise ValidationError(ANSWERED, code="answered")
    refuse_restricted(session.client)
    close_earlier(object_id=session.pk, kind=CapabilityKind.HANDOVER, form=form)
    record_access("session.handover", [session.client_id], purpose=form.key)
    return capabilities.mint(
        kind=CapabilityKind.HANDOVER,
        organisation_id=session.organisation_id,
        object_id=session.pk,
        detail=form.key,
        lifetime=FORM_OPEN_FOR,
        closing=closing,
        handover=handover,
    )


def close_earlier(*, object_id: UUID, kind: CapabilityKind, form: FormKey) -> None:
    """End the opening of earlier tokens for the same form; what was marked with one still counts."""
    now = timezone.now()
    earlier = Capability.objects.filter(object_id=object_id, kind=kind, detail=form.key, used_at=None)
    earlier.filter(expires_at__gt=now).update(expires_at=now)


def close_session_forms(session: Session) -> None:
    """A session counts no more, or for somebody else: nobody opens its forms any longer, on whatever device."""
    kinds = (CapabilityKind.HANDOVER, CapabilityKind.LINK)
    capabilities.close_unanswered(Capability.objects.filter(object_id=session.pk, kind__in=kinds))


def handover_of(request: HttpRequest) -> UUID:
    """The hand-over of this browser: the one it is in, the one it carries forms for, or a new one."""
    parked = request.session.get(KIOSK, request.session)
    return UUID(parked[HANDOVER]) if HANDOVER in parked else uuid4()


@transaction.atomic
def carry_forms(
    *, session: Session, forms: Iterable[FormKey], by: Practitioner, handover: UUID
) -> list[tuple[FormKey, str]]:
    """Tokens for the forms of a session that are still due, for a device that may lose the network."""
    session = lock_countable(session.pk)
    refuse_restricted(session.client)
    record_access("session.carry", [session.client_id])
    return [
        (
            form,
            capabilities.mint(
                kind=CapabilityKind.HANDOVER,
                organisation_id=session.organisation_id,
                object_id=session.pk,
                detail=form.key,
                lifetime=FORM_OPEN_FOR,
                handover=handover,
            ),
        )
        for form in forms
    ]


def takes_answers(capability: Capability) -> bool:
    """Whether an answer is still kept: also after expiry, and after a second hand-over of the same form."""
    return capability.expires_at + LATE_ANSWERS_FOR > timezone.now()


def is_in_another_handover(request) -> bool:
    """Whether this device is in the hand-over of another form than the one that is asked for.

    Known from the hand-over's cookie: a session that has ended must not cost an answer, so none is read.
    """
    here, shown = handover_here(request), request.capability  # set by the middleware
    return shown.kind == CapabilityKind.HANDOVER and here not in (None, shown.handover)


def opens_here(request) -> bool:
    """Whether a form's lines may be shown on this device."""
    return capabilities.is_open(request.capability) and not is_in_another_handover(request)


def park_staff(request, *, opened: Capability, next_url: str) -> None:
    """Log out of this browser and remember on the server who may take it back. The cookie changes.

    From now on the browser is in the hand-over of the form that was `opened`: what it carried for another session, or
    still had open from a hand-over before, is closed.
    """
    handover, before = opened.handover or uuid4(), handover_here(request)
    carried = Capability.objects.filter(kind=CapabilityKind.HANDOVER, handover=handover)
    capabilities.close_unanswered(carried.exclude(object_id=opened.object_id))
    if before not in (None, handover):
        capabilities.close_handover(before)
    parked = {
        HANDOVER: str(handover),
        "user": str(request.user.pk),
        "practitioner": request.session.get("practitioner", ""),
        # Whoever changes the password meanwhile (a lost tablet) closes the parked session too.
        "hash": request.user.get_session_auth_hash(),
        "next": next_url,
        "language": _language_of(opened) or translation.get_language(),
        "log_in": session_clock.kept_of(request.session),
    }
    logout(request)
    request.session[KIOSK] = parked


def _language_of(opened: Capability) -> str:
    """The language of the form that a client is handed, if the application's own words speak it; else ""."""
    found = Session.objects.filter(pk=opened.object_id).values_list("client__form_language", flat=True).first()
    return found if found in dict(settings.LANGUAGES) else ""


def language_here(request: HttpRequest) -> str:
    """The language of a handed-over device: that of its form; "" where none is handed over."""
    return request.session.get(KIOSK, {}).get("language", "")


def user_to_unlock(request: HttpRequest) -> User | None:
    """As `parked_user`, for taking the device back: also while another tab, or a first tap, is just doing so.

    None too for a parked session that was ended meanwhile.
    """
    if is_parked(request):
        user = parked_user(request)
        stands = user is not None and request.session.exists(request.session.session_key or "")
        return user if stands or _just_back(request) else None
    back = _just_back(request) if request.method == "POST" else None
    whose = None if back is None else back.user_id
    return User.objects.select_for_update().filter(pk=whose, is_active=True).first() if whose else None


def _just_back(request: HttpRequest) -> DeviceSession | None:
    """The session of staff that this browser's parked one has become within the last minute; else None."""
    parked = name_of(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
    since = time.time() - JUST_NOW
    rows = DeviceSession.objects.filter(came_from=parked, expire_date__gt=timezone.now())
    return next((row for row in rows if row.get_decoded().get(BACK, {}).get("at", 0) >= since), None)


def parked_user(request: HttpRequest) -> User | None:
    """Whose session is parked in this browser, locked until the end of the transaction; None if nobody's."""
    parked = request.session.get(KIOSK)
    if parked is None:
        return None
    user = User.objects.select_for_update().filter(pk=UUID(parked["user"]), is_active=True).first()
    if user is None or not constant_time_compare(parked["hash"], user.get_session_auth_hash()):
        return None
    return user if _may_come_back(user, parked) else None


def _may_come_back(user: User, parked: dict[str, Any]) -> bool:
    """Not after a working day, and not where somebody's access has ended meanwhile."""
    with as_user(user.pk):
        works_here = Practitioner.objects.filter(pk=parked["practitioner"], user=user, is_active=True).exists()
    return works_here and not session_clock.is_too_long_ago(parked.get("log_in", {}))


def uses_pin(user: User) -> bool:
    """Whether the PIN opens; after too many wrong ones only the password does."""
    return user.has_pin and user.pin_failures < ATTEMPTS


def opens_by_pin(request: HttpRequest) -> bool:
    """Whether this device is in a hand-over that a PIN ends."""
    user = parked_user(request)
    return user is not None and uses_pin(user)


def attempts_left(user: User) -> int:
    """How many more wrong attempts end in a full log-out, at least one."""
    return max(1, ATTEMPTS - user.pin_failures)


def unlock(request: HttpRequest, *, user: User, secret: str) -> str | None:
    """Bring the parked session back: the address to go on at, or None when `secret` is wrong.

    The last wrong attempt ends the parked session. Wrong attempts are counted on the user, so neither a new
    session nor a second device gives more of them.
    """
    right = user.check_pin(secret) if uses_pin(user) else user.check_password(secret)
    if not right:
        _count_wrong(request, user)
        return None
    return _bring_back(request, user)


def unlock_by_passkey(request: HttpRequest, *, user: User, key: Authenticator | None) -> str | None:
    """As `unlock`, by one of the user's own passkeys; None is a wrong answer and counts like a wrong PIN."""
    if key is None:
        _count_wrong(request, user)
        return None
    key.record_usage()
    return _bring_back(request, user)


def _count_wrong(request: HttpRequest, user: User) -> None:
    last = attempts_left(user) == 1
    user.pin_failures = min(ATTEMPTS, user.pin_failures + 1)  # the row is locked by parked_user
    user.save(update_fields=["pin_failures"])
    if last:
        end_parked(request)


def _bring_back(request: HttpRequest, user: User) -> str:
    """What was open in the hand-over is closed. The user's row is locked: of several at once only the first logs in."""
    User.objects.filter(pk=user.pk).update(pin_failures=0)
    if (back := _just_back(request)) is not None:
        request.session = SessionStore(back.session_key)
        request.session.modified = True  # the answer brings its key, should the first one's answer be lost
        return request.session[BACK]["next"]
    capabilities.close_handover(handover_of(request))
    before, parked = request.session.session_key or "", request.session.pop(KIOSK)
    login(request, user, backend=BACKEND)  # rotates the session's key
    session_clock.take_back(request, parked.get("log_in", {}))
    request.session["practitioner"] = parked["practitioner"]
    request.session[CAME_FROM] = name_of(before)
    request.session[BACK] = {"at": int(time.time()), "next": parked["next"]}
    request.session.save()  # whole, before the lock ends
    return parked["next"]


def is_parked(request: HttpRequest) -> bool:
    """Whether a staff session is parked in this browser."""
    return KIOSK in request.session


def end_parked(request: HttpRequest) -> None:
    """Full log-out: nothing of a parked session is left, its forms are closed; one of staff at work is left alone."""
    if is_parked(request):
        capabilities.close_handover(handover_of(request))
        request.session.flush()
