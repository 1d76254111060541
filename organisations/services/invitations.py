"""Invite a person, and let them in when they accept."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.edits.versions import write
from organisations.jobs.outbox import ask_for
from organisations.models import Capability, CapabilityKind, Practitioner, User
from organisations.services.local_day import today_in
from organisations.tokens import capabilities

LIFETIME = timedelta(days=7)
SENT_AT = time(6)
"""When an invitation to a later day leaves on that day, where the organisation is."""
SEND_INVITATION = "organisations.tasks.send_invitation"
JUST_INVITED = "just_invited"  # in the session of somebody who has just accepted an invitation


class InvitationState(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    USED = "used"
    REPLACED = "replaced"
    EXPIRED = "expired"
    EARLY = "early"


@dataclass(frozen=True)
class Invitation:
    """An invitation as its link shows it. `account` is who already logs in with that address."""

    practitioner: Practitioner
    account: User | None
    state: InvitationState

    @property
    def has_password(self) -> bool:
        """Whether the person confirms with a password that they have, instead of choosing one."""
        return self.account is not None and self.account.has_usable_password()


def ask_for_invitation(*, practitioner: Practitioner) -> None:
    """Have an invitation mailed after this transaction, or on the first day of the access where that is to come.

    The token is made only then, and never stored.
    """
    if not practitioner.email:
        raise ValidationError({"email": _("Without an e-mail address nobody can be invited.")})
    organisation, due_at = practitioner.organisation, None
    if practitioner.access_from is not None and practitioner.access_begins_later(today_in(organisation)):
        zone = ZoneInfo(organisation.time_zone)
        due_at = datetime.combine(practitioner.access_from, SENT_AT, tzinfo=zone)
    ask_for(SEND_INVITATION, organisation_id=organisation.pk, object_id=practitioner.pk, due_at=due_at)


@transaction.atomic
def create_invitation_link(*, practitioner: Practitioner) -> str:
    """A new link for 7 days, absolute by SITE_URL; earlier links of the same person stop working."""
    revoke_invitations(practitioner=practitioner)
    token = capabilities.mint(
        kind=CapabilityKind.INVITATION,
        organisation_id=practitioner.organisation_id,
        object_id=practitioner.pk,
        lifetime=LIFETIME,
    )
    return settings.SITE_URL + reverse("invitation", kwargs={"token": token})


def revoke_invitations(*, practitioner: Practitioner) -> None:
    """Close every open link of a person."""
    Capability.objects.filter(
        kind=CapabilityKind.INVITATION, object_id=practitioner.pk, used_at=None, revoked_at=None
    ).update(revoked_at=timezone.now())


def forget_invitations(*, practitioner: Practitioner) -> None:
    """Delete every link of a person who is removed: it is a link that never was."""
    Capability.objects.filter(kind=CapabilityKind.INVITATION, object_id=practitioner.pk).delete()


def read_invitation(capability: Capability) -> Invitation:
    """Who is invited, and whether the link can still be used."""
    practitioner = Practitioner.objects.select_related("organisation").get(pk=capability.object_id)
    account = User.objects.filter(email=practitioner.email.lower()).first()
    return Invitation(practitioner, account, _state(capability, practitioner))


def _state(capability: Capability, practitioner: Practitioner) -> InvitationState:
    if capability.used_at is not None or practitioner.user_id is not None:
        return InvitationState.USED
    if capability.revoked_at is not None or not practitioner.is_active:
        return InvitationState.REPLACED
    if practitioner.access_begins_later(today_in(practitioner.organisation)):
        return InvitationState.EARLY
    return InvitationState.OPEN if capabilities.is_open(capability) else InvitationState.EXPIRED


@transaction.atomic
def accept_invitation(*, capability: Capability, name: str, language: str, password: str) -> Practitioner:
    """Tie the person to their account, made new where there is none; the link is then used up.

    `password` becomes the account's only where it has none yet: the caller has checked that of an
    existing account. ValidationError for a weak password, or a link that was used meanwhile.
    """
    capability = Capability.objects.select_for_update().get(pk=capability.pk)
    invitation = read_invitation(capability)
    if invitation.state != InvitationState.OPEN:
        raise ValidationError(_("This link has been used meanwhile."))
    practitioner = Practitioner.objects.select_for_update(of=("self",)).get(pk=invitation.practitioner.pk)
    user = invitation.account or User(email=practitioner.email.lower())
    if user.signs_on_in_id not in (None, practitioner.organisation_id):
        # That organisation's provider opens the account: it must not open this one with it.
        raise ValidationError(
            _("Your account is opened by another organisation's log-in. Ask for an invitation to another address.")
        )
    if not invitation.has_password:
        _set_password(user, password)
        user.language = language
        user.full_clean(exclude=["password"])
        user.save(update_fields=None if user._state.adding else ["password", "language"])
    write(practitioner, {"user": user, "name": name})
    use_up(capability)
    return practitioner


def use_up(capability: Capability) -> None:
    """The link opens nothing any more."""
    capability.used_at = timezone.now()
    capability.save(update_fields=["used_at"])


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)
