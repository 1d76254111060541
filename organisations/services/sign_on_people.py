"""Whom an identity provider's answer means here: tied by organisation and lasting id, never by an address."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from organisations.audit import account_events
from organisations.edits.versions import write
from organisations.login import session_clock
from organisations.login.sign_on.answers import Assertion
from organisations.login.sign_on.refusals import Refusal, SignOnRefused
from organisations.models import Capability, IdentityProvider, Organisation, Practitioner, SignOn, SignOnIdentity, User
from organisations.roles import Role
from organisations.services.invitations import InvitationState, ask_for_invitation, read_invitation, use_up
from organisations.services.local_day import today_in
from organisations.services.people import follow_role
from organisations.tenancy.context import as_user, tenant


@transaction.atomic
def person_of(assertion: Assertion, provider: IdentityProvider) -> Practitioner:
    """Who logs in: the person that the id is tied to, or, where that is allowed, a new one with the asserted role.

    SignOnRefused for nobody, for somebody whose access has ended, and for a role that the person cannot have now.
    """
    identity = _identity(provider, assertion)
    if identity is None:
        return _admit(assertion, provider)
    return _let_in(identity.practitioner, assertion)


@transaction.atomic
def accept_by_sign_on(capability_hash: str, assertion: Assertion, provider: IdentityProvider) -> Practitioner:
    """Tie whoever was invited, with an account of their own; the link is then used up. SignOnRefused else."""
    capability = Capability.objects.select_for_update().get(pk=bytes.fromhex(capability_hash))
    invitation = read_invitation(capability)
    if invitation.state != InvitationState.OPEN:
        raise SignOnRefused(Refusal.USED)
    if invitation.account is not None:
        raise SignOnRefused(Refusal.ELSEWHERE)
    _refuse_tied(provider, assertion)
    practitioner = Practitioner.objects.select_for_update(of=("self",)).get(pk=invitation.practitioner.pk)
    named = {"name": assertion.name} if assertion.name and practitioner.name == practitioner.email else {}
    write(practitioner, {"user": _new_user(practitioner.email, provider.organisation_id), **named})
    _tie(practitioner, assertion)
    use_up(capability)
    return _let_in(practitioner, assertion)


@transaction.atomic
def tie_account(practitioner_id: UUID, assertion: Assertion, provider: IdentityProvider) -> Practitioner:
    """Tie somebody who is logged in; SignOnRefused for an account that opens another organisation too."""
    practitioner = Practitioner.objects.select_for_update(of=("self",)).get(pk=practitioner_id)
    if practitioner.user_id is None:
        raise SignOnRefused(Refusal.CLOSED)
    user = User.objects.select_for_update().get(pk=practitioner.user_id)
    _refuse_tied(provider, assertion, but=practitioner)
    if works_elsewhere(user, provider.organisation_id) or practitioner.is_emergency_admin:
        raise SignOnRefused(Refusal.ELSEWHERE)
    user.signs_on_in_id = provider.organisation_id
    user.save(update_fields=["signs_on_in"])
    SignOnIdentity.objects.filter(practitioner=practitioner).delete()
    practitioner.user = user
    _tie(practitioner, assertion)
    return _let_in(practitioner, assertion)


@transaction.atomic
def tie_provisioned(*, practitioner: Practitioner, uid: str) -> bool:
    """Tie somebody without an account, whom the IT department names by their lasting id; whether that was done.

    Never somebody who has an account: only they themselves, or an administrator, decide who opens it.
    """
    provider = IdentityProvider.objects.filter(organisation=practitioner.organisation_id).first()
    is_on = Organisation.objects.exclude(sign_on=SignOn.OFF).filter(pk=practitioner.organisation_id).exists()
    if provider is None or not is_on or practitioner.user_id is not None or not practitioner.email:
        return False
    stored = Practitioner.objects.select_for_update(of=("self",)).get(pk=practitioner.pk)
    taken = SignOnIdentity.objects.filter(organisation=provider.organisation_id, issuer=provider.issuer, uid=uid)
    if not stored.is_active or taken.exists() or User.objects.filter(email=stored.email.lower()).exists():
        return False
    write(stored, {"user": _new_user(stored.email, provider.organisation_id)})
    SignOnIdentity.objects.create(
        organisation_id=stored.organisation_id, practitioner=stored, issuer=provider.issuer, uid=uid
    )
    account_events.record_of(stored, account_events.SIGN_ON_TIED, purpose="by scim")
    return True


@transaction.atomic
def untie(*, practitioner: Practitioner, by: Practitioner) -> None:
    """Forget whom the provider names, and log them out. Who has no password is left an invitation, and no account."""
    stored = Practitioner.objects.select_for_update(of=("self",)).get(pk=practitioner.pk)
    if not SignOnIdentity.objects.filter(practitioner=stored).delete()[0] or stored.user_id is None:
        return
    user = User.objects.select_for_update().get(pk=stored.user_id)
    session_clock.end_sessions(user)
    account_events.record_of(stored, account_events.SIGN_ON_UNTIED, purpose="by an administrator")
    user.signs_on_in = None
    if user.has_usable_password():
        user.save(update_fields=["signs_on_in"])
        return
    # The account was the provider's alone: its address is free for the invitation that follows.
    user.is_active, user.email = False, f"{user.pk}@untied.invalid"
    user.save(update_fields=["signs_on_in", "is_active", "email"])
    write(stored, {"user": None})
    if stored.is_active and stored.email:
        ask_for_invitation(practitioner=stored)


def works_elsewhere(user: User, organisation_id: UUID) -> bool:
    """Whether an account stands in another organisation too, also where its access has ended."""
    with tenant(""), as_user(user.pk):
        return Practitioner.objects.filter(user=user).exclude(organisation=organisation_id).exists()


def is_tied(practitioner: Practitioner) -> bool:
    """Whether the organisation's provider names this person."""
    return SignOnIdentity.objects.filter(practitioner=practitioner).exists()


def _identity(provider: IdentityProvider, assertion: Assertion) -> SignOnIdentity | None:
    found = SignOnIdentity.objects.select_related("practitioner__user", "practitioner__organisation")
    return found.filter(organisation=provider.organisation_id, issuer=assertion.issuer, uid=assertion.uid).first()


def _refuse_tied(provider: IdentityProvider, assertion: Assertion, but: Practitioner | None = None) -> None:
    identity = _identity(provider, assertion)
    if identity is not None and identity.practitioner != but:
        raise SignOnRefused(Refusal.UID_TAKEN)


def _let_in(practitioner: Practitioner, assertion: Assertion) -> Practitioner:
    user, today = practitioner.user, today_in(practitioner.organisation)
    is_open = practitioner.is_active and not practitioner.access_is_over(today)
    is_open = is_open and not practitioner.access_begins_later(today)
    if user is None or not user.is_active or not is_open:
        raise SignOnRefused(Refusal.CLOSED)
    if practitioner.role == Role.CONSULTANT:
        raise SignOnRefused(Refusal.ROLE_CHANGED)  # their access is opened case by case, by a lead here
    try:
        return follow_role(practitioner=practitioner, role=assertion.role)
    except ValidationError as error:
        raise SignOnRefused(Refusal.ROLE_CHANGED) from error


def _admit(assertion: Assertion, provider: IdentityProvider) -> Practitioner:
    """A new person, in no team yet: they see no client before somebody puts them in one."""
    if not provider.admits_new:
        raise SignOnRefused(Refusal.UNKNOWN)
    if not assertion.email:
        raise SignOnRefused(Refusal.NO_ADDRESS)
    organisation = Organisation.objects.select_for_update().get(pk=provider.organisation_id)
    has_address = Practitioner.objects.filter(organisation=organisation, email__iexact=assertion.email).exists()
    if has_address or User.objects.filter(email=assertion.email).exists():
        raise SignOnRefused(Refusal.ADDRESS_TAKEN)
    practitioner = Practitioner(
        organisation=organisation,
        user=_new_user(assertion.email, organisation.pk),
        name=assertion.name or assertion.email,
        email=assertion.email,
        role=assertion.role.value,
    )
    practitioner.full_clean()
    practitioner.save(force_insert=True)
    _tie(practitioner, assertion)
    account_events.record_of(practitioner, account_events.SIGN_ON_ADMITTED)
    return practitioner


def _new_user(email: str, organisation_id: UUID) -> User:
    """An account without a password, of this organisation alone. Its address is where mails go, and opens nothing."""
    user = User(email=email.lower(), signs_on_in_id=organisation_id)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save(force_insert=True)
    return user


def _tie(practitioner: Practitioner, assertion: Assertion) -> None:
    SignOnIdentity.objects.create(
        organisation_id=practitioner.organisation_id,
        practitioner=practitioner,
        issuer=assertion.issuer,
        uid=assertion.uid,
    )
    account_events.record_of(practitioner, account_events.SIGN_ON_TIED)
