"""Hand the device over and take it back: the staff session is parked on the server meanwhile."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth import login, logout
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from organisations import capabilities, log_in
from organisations.audit import record_access
from organisations.device_sessions import KIOSK
from organisations.models import Capability, CapabilityKind, Practitioner, User
from organisations.tenancy import as_user
from sessions_app.form_ref import FormRef
from sessions_app.models import Session
from sessions_app.services.locking import lock_countable
from sessions_app.services.recording import ANSWERED, ratings_of, refuse_unfit

FORM_OPEN_FOR = timedelta(hours=4)
# A device that was offline may send later; after that the token opens nothing.
LATE_ANSWERS_FOR = timedelta(days=30)
ATTEMPTS = 5
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@transaction.atomic
def open_form(*, session: Session, form: FormRef, by: Practitioner, closing: str = "") -> str:
    """A token for one form of one session; earlier ones for the same form are closed.

    ValidationError when the form is answered already or cannot be measured.
    """
    session = lock_countable(session.pk)
    refuse_unfit(session, form)
    if form.detail in ratings_of(session):
        raise ValidationError(ANSWERED, code="answered")
    close_earlier(object_id=session.pk, kind=CapabilityKind.HANDOVER, form=form)
    record_access("session.handover", [session.client_id], purpose=form.detail)
    return capabilities.mint(
        kind=CapabilityKind.HANDOVER,
        organisation_id=session.organisation_id,
        object_id=session.pk,
        detail=form.detail,
        lifetime=FORM_OPEN_FOR,
        closing=closing,
    )


def close_earlier(*, object_id: UUID, kind: CapabilityKind, form: FormRef) -> None:
    """End the opening of earlier tokens for the same form; what was marked with one still counts."""
    now = timezone.now()
    earlier = Capability.objects.filter(object_id=object_id, kind=kind, detail=form.detail, used_at=None)
    earlier.filter(expires_at__gt=now).update(expires_at=now)


@transaction.atomic
def carry_forms(*, session: Session, forms: Iterable[FormRef], by: Practitioner) -> list[tuple[FormRef, str]]:
    """Tokens for the forms of a session that are still due, for a device that may lose the network."""
    session = lock_countable(session.pk)
    record_access("session.carry", [session.client_id])
    return [
        (
            form,
            capabilities.mint(
                kind=CapabilityKind.HANDOVER,
                organisation_id=session.organisation_id,
                object_id=session.pk,
                detail=form.detail,
                lifetime=FORM_OPEN_FOR,
            ),
        )
        for form in forms
    ]


def takes_answers(capability: Capability) -> bool:
    """Whether an answer is still kept: also after expiry, and after a second hand-over of the same form."""
    return capability.expires_at + LATE_ANSWERS_FOR > timezone.now()


def park_staff(request, *, next_url: str) -> None:
    """Log out of this browser and remember on the server who may take it back. The cookie changes."""
    parked = {
        "user": str(request.user.pk),
        "practitioner": request.session.get("practitioner", ""),
        # Whoever changes the password meanwhile (a lost tablet) closes the parked session too.
        "hash": request.user.get_session_auth_hash(),
        "next": next_url,
        "log_in": log_in.kept_of(request.session),
    }
    logout(request)
    request.session[KIOSK] = parked


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
    return works_here and not log_in.is_too_long_ago(parked.get("log_in", {}))


def uses_pin(user: User) -> bool:
    """Whether the PIN opens; after too many wrong ones only the password does."""
    return bool(user.pin_hash) and user.pin_failures < ATTEMPTS


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
    User.objects.filter(pk=user.pk).update(pin_failures=0)
    parked = request.session.pop(KIOSK)
    login(request, user, backend=BACKEND)  # rotates the session's key
    log_in.take_back(request, parked.get("log_in", {}))
    request.session["practitioner"] = parked["practitioner"]
    return parked["next"]


def is_parked(request: HttpRequest) -> bool:
    """Whether a staff session is parked in this browser."""
    return KIOSK in request.session


def end_parked(request: HttpRequest) -> None:
    """Full log-out: nothing of a parked session is left; one of staff at work is left alone."""
    if is_parked(request):
        request.session.flush()
