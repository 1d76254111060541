"""Log-ins and changes of an account, on record in the access log of every organisation that the person works in."""

from django.db import transaction

from organisations import chain
from organisations.logs import request_id_var
from organisations.models import AccessEvent, Practitioner, User
from organisations.tenancy import as_user, tenant

LOGGED_IN = "account.login"
FAILED = "account.login_failed"
FACTOR_FAILED = "account.factor_failed"
FACTOR_ADDED = "account.factor_added"
FACTOR_REMOVED = "account.factor_removed"
CODES_RENEWED = "account.codes_renewed"
PASSWORD_CHANGED = "account.password_changed"  # noqa: S105  an action's name
ENDED_EVERYWHERE = "account.ended_everywhere"
RULE_CHANGED = "account.rule_changed"


@transaction.atomic
def record(user: User, action: str, *, purpose: str = "") -> None:
    """A row without clients in each organisation where the user works, in the open transaction.

    An account that works nowhere leaves none: there is nobody to read it.
    """
    with as_user(user.pk):
        places = list(Practitioner.objects.filter(user=user, is_active=True).order_by("organisation_id"))
    for practitioner in places:
        record_of(practitioner, action, purpose=purpose)


def record_of(practitioner: Practitioner, action: str, *, purpose: str = "") -> None:
    """A row without clients about one practitioner, in their organisation only."""
    with tenant(practitioner.organisation_id):
        chain.append(
            [
                AccessEvent(
                    organisation_id=practitioner.organisation_id,
                    practitioner=practitioner,
                    role=practitioner.role,
                    action=action,
                    purpose=purpose[:120],
                    client_ids=[],
                    request_id=request_id_var.get()[:36],
                )
            ]
        )
