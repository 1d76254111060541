"""Log-ins and changes of an account, on record in the access log of every organisation that the person works in."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from organisations.audit import origin, purposes
from organisations.audit.record import store
from organisations.models import AccessEvent, Practitioner, User
from organisations.monitoring.logs import request_id
from organisations.tenancy.context import as_user, tenant

LOGGED_IN = "account.login"
FAILED = "account.login_failed"
FACTOR_FAILED = "account.factor_failed"
FACTOR_ADDED = "account.factor_added"
FACTOR_REMOVED = "account.factor_removed"
CODES_RENEWED = "account.codes_renewed"
PASSWORD_CHANGED = "account.password_changed"  # noqa: S105  an action's name
ENDED_EVERYWHERE = "account.ended_everywhere"
FACTORS_RESET = "account.factors_reset"
ACCESS_ENDED = "account.access_ended"
RULE_CHANGED = "account.rule_changed"
PROVIDER_CHANGED = "account.provider_changed"
ACCESS_REOPENED = "account.access_reopened"
PROVISIONED = "account.provisioned"
PROVISIONING_CHANGED = "account.provisioning_changed"
SIGN_ON_TIED = "account.sign_on_tied"
SIGN_ON_UNTIED = "account.sign_on_untied"
SIGN_ON_ADMITTED = "account.sign_on_admitted"
SIGN_ON_REFUSED = "account.sign_on_refused"


@transaction.atomic
def record(user: User, action: str, *, purpose: str = "", at: datetime | None = None) -> None:
    """A row without clients in each organisation where the user works, in the open transaction.

    `at` is when it happened, if not now. An account that works nowhere leaves none: there is nobody to read it.
    """
    for practitioner in places_of(user):
        record_of(practitioner, action, purpose=purpose, at=at)


def places_of(user: User) -> list[Practitioner]:
    """Where somebody works, one row an organisation, whichever organisation the open transaction belongs to."""
    with tenant(""), as_user(user.pk):  # inside an organisation only its own rows are there
        return list(Practitioner.objects.filter(user=user, is_active=True).order_by("organisation_id"))


def record_unnamed(organisation_id: UUID, action: str, *, purpose: str = "") -> None:
    """A row about somebody whom nobody knows here, in the organisation that they came to."""
    with tenant(organisation_id):
        store([_event(organisation_id, None, action, purpose, None)])


def record_of(practitioner: Practitioner, action: str, *, purpose: str = "", at: datetime | None = None) -> None:
    """A row without clients about one practitioner, in their organisation only."""
    with tenant(practitioner.organisation_id):
        store([_event(practitioner.organisation_id, practitioner, action, purpose, at)])


def _event(
    organisation_id: UUID, practitioner: Practitioner | None, action: str, purpose: str, at: datetime | None
) -> AccessEvent:
    came_from = origin.here()
    return AccessEvent(
        organisation_id=organisation_id,
        practitioner=practitioner,
        role=practitioner.role if practitioner else "system",
        action=action,
        purpose=purposes.checked(purpose),
        client_ids=[],
        request_id=(request_id() or "-")[:36],
        address=came_from.address,
        log_in=came_from.log_in,
        at=at or timezone.now(),
    )
