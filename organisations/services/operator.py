"""What an operator does with organisations: shuts and opens them, has a copy made, has them deleted."""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.account_events import places_of
from organisations.login import session_clock
from organisations.models import OperatorAct, Organisation, OrganisationState, OrganisationUse, Practitioner, User
from organisations.services.invitations import ask_for_invitation
from organisations.services.organisations import create_organisation
from organisations.tenancy.context import tenant

WAIT = timedelta(days=30)
"""How long an organisation is suspended before it can be deleted."""
# All of a row that is locked: nobody else changes one of them meanwhile.
COLUMNS = (
    *("suspended_at", "copy_asked_at", "copy_fetched_at", "deletion_asked_at", "deletion_asked_by"),
    *("deletion_confirmed_at", "deletion_confirmed_by"),
)


@transaction.atomic
def create_operator(*, email: str) -> tuple[User, str]:
    """An account that runs the installation, and the link with which its password is chosen; a repeat is a new link.

    ValidationError for somebody who works in an organisation: nobody is both.
    """
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    if user is not None and not user.is_operator and (places_of(user) or user.signs_on_in_id):
        raise ValidationError(
            _("This person works in an organisation. An operator works in none: use another address.")
        )
    if user is None:
        user = User.objects.create_user(address, is_operator=True)
    user.is_operator = user.is_active = True
    user.save(update_fields=["is_operator", "is_active"])
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return user, get_adapter().get_reset_password_from_key_url(key)


@transaction.atomic
def end_operator(*, email: str) -> None:
    """Take the account back at once. ValidationError for an address that no operator has."""
    user = User.objects.filter(email=email.strip().lower(), is_operator=True).first()
    if user is None:
        raise ValidationError(_("No operator has that address."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    session_clock.end_sessions(user)


def organisations() -> QuerySet[Organisation]:
    """All that there are, with their states: what an operator sees of them."""
    return Organisation.objects.select_related("state").order_by("name", "slug")


def acts() -> QuerySet[OperatorAct]:
    """What operators did, the newest first."""
    return OperatorAct.objects.order_by("-at")


def use_of(months: int) -> QuerySet[OrganisationUse]:
    """The counts of the newest months, the newest month first."""
    newest = OrganisationUse.objects.order_by("-month").values_list("month", flat=True).distinct()[:months]
    rows = OrganisationUse.objects.filter(month__in=list(newest)).select_related("organisation")
    return rows.order_by("-month", "organisation__name")


@transaction.atomic
def add_organisation(*, by: User, **given: str) -> Organisation:
    """An organisation, and the invitation of its first administrator on its way."""
    organisation, admin = create_organisation(**given)
    with tenant(organisation.pk):
        ask_for_invitation(practitioner=admin)
    note(by, "create", organisation)
    return organisation


@transaction.atomic
def suspend_organisation(*, organisation: Organisation, by: User) -> None:
    """Nobody enters from now on, by no way; everything stays. A repeat changes nothing."""
    state = state_for_change(organisation)
    if state.suspended_at is None:
        state.suspended_at = timezone.now()
        state.save(update_fields=COLUMNS)
        note(by, "suspend", organisation)


@transaction.atomic
def resume_organisation(*, organisation: Organisation, by: User) -> None:
    """As it was before; what was decided about deleting it is forgotten."""
    state = state_for_change(organisation)
    if state.suspended_at is not None:
        state.suspended_at = state.deletion_asked_at = state.deletion_asked_by = None
        state.deletion_confirmed_at = state.deletion_confirmed_by = None
        state.save(update_fields=COLUMNS)
        note(by, "resume", organisation)


@transaction.atomic
def ask_for_copy(*, organisation: Organisation, by: User) -> None:
    """Let its administrators have everything of it as a file; they say to whose key it is encrypted.

    ValidationError while nobody of it can log in.
    """
    state = state_for_change(organisation)
    if state.suspended_at is not None:
        raise ValidationError(_("Nobody of a suspended organisation can fetch the file. Resume it first."))
    state.copy_asked_at, state.copy_fetched_at = timezone.now(), None
    state.save(update_fields=COLUMNS)
    note(by, "copy", organisation)


@transaction.atomic
def ask_for_deletion(*, organisation: Organisation, name: str, by: User) -> None:
    """The first of two: ValidationError before the days are over, or for another name than the organisation's."""
    state = state_for_change(organisation)
    if state.suspended_at is None or timezone.now() < state.suspended_at + WAIT:
        raise ValidationError(_("An organisation can be deleted when it has been suspended for 30 days."))
    if " ".join(name.split()) != " ".join(organisation.name.split()):
        raise ValidationError({"name": _("That is not its name, letter by letter.")})
    state.deletion_asked_at, state.deletion_asked_by = timezone.now(), by
    state.save(update_fields=COLUMNS)
    note(by, "ask_deletion", organisation)


@transaction.atomic
def confirm_deletion(*, organisation: Organisation, by: User) -> None:
    """The second, by another operator. ValidationError for the same person, or where nobody asked."""
    state = state_for_change(organisation)
    if state.deletion_asked_at is None:
        raise ValidationError(_("Nobody has asked for it to be deleted."))
    if state.deletion_asked_by_id == by.pk:
        raise ValidationError(_("A second person has to confirm it."))
    state.deletion_confirmed_at, state.deletion_confirmed_by = timezone.now(), by
    state.save(update_fields=COLUMNS)
    note(by, "confirm_deletion", organisation)


@transaction.atomic
def withdraw_deletion(*, organisation: Organisation, by: User) -> None:
    """It is not to be deleted after all; it stays suspended."""
    state = state_for_change(organisation)
    state.deletion_asked_at = state.deletion_asked_by = None
    state.deletion_confirmed_at = state.deletion_confirmed_by = None
    state.save(update_fields=COLUMNS)
    note(by, "withdraw_deletion", organisation)


@transaction.atomic
def agree_to_deletion(*, by: Practitioner, agrees: bool) -> None:
    """An administrator of the organisation says that everything may be deleted, in place of a second operator.

    `agrees` False takes it back.
    """
    state = state_for_change(by.organisation)
    state.deletion_confirmed_at = timezone.now() if agrees else None
    state.deletion_confirmed_by = by.user if agrees else None
    state.save(update_fields=COLUMNS)


def state_for_change(organisation: Organisation) -> OrganisationState:
    """The organisation's row, locked until the end of the transaction."""
    OrganisationState.objects.get_or_create(organisation=organisation)
    return OrganisationState.objects.select_for_update().get(organisation=organisation)


def may_be_deleted(state: OrganisationState | None, now: datetime) -> bool:
    """Whether all that a deletion needs is there: suspended for the days, asked for, confirmed by another."""
    return bool(
        state
        and state.suspended_at
        and state.suspended_at + WAIT <= now
        and state.deletion_asked_at
        and state.deletion_confirmed_at
        and state.deletion_asked_by_id != state.deletion_confirmed_by_id
    )


def note(by: User, act: str, organisation: Organisation | None = None) -> None:
    """A row of what operators did."""
    names = [organisation.name] if organisation else []
    OperatorAct.objects.create(by=by.email, act=act, organisation_names=names)
