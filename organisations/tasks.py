"""What the outbox starts for organisations."""

from celery import shared_task

from organisations.audit import account_events
from organisations.jobs.outbox import effect
from organisations.models import ApiToken, CopyStep, Organisation, OrganisationCopy, Outbox, Practitioner, User
from organisations.services import account_mail, mail_brake, organisation_copies
from organisations.services.invitations import LIFETIME, create_invitation_link
from organisations.services.local_day import today_in
from organisations.services.password_reset import send_reset
from organisations.tokens.confirming import confirmers_of
from organisations.tokens.scopes import PROVISIONING


@shared_task
def send_invitation(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Make the link and mail it. A mail that cannot be sent undoes the link too, and is tried again."""
    with effect(outbox_id, organisation_id) as wanted:
        if not wanted:
            return
        practitioner = Practitioner.objects.select_related("organisation").filter(pk=object_id).first()
        if practitioner is None or not practitioner.is_active or practitioner.user_id is not None:
            return
        if practitioner.access_begins_later(today_in(practitioner.organisation)):
            return  # put off since: another row is due on the first day
        cause = mail_brake.Cause(f"invitation {outbox_id}", send_invitation.name, practitioner.pk)
        if mail_brake.may_leave(practitioner, cause):
            link = create_invitation_link(practitioner=practitioner)
            account_mail.send_invitation(practitioner, link, LIFETIME.days)


@shared_task
def send_password_reset(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Mail the link to somebody who asked for a new password; who works nowhere gets none, there is nothing to open."""
    with effect(outbox_id, organisation_id) as wanted:
        user = User.objects.filter(pk=object_id, is_active=True).first()
        by_provider = user is not None and user.signs_on_in_id is not None and not user.has_usable_password()
        if wanted and user is not None and not by_provider and account_events.places_of(user):
            send_reset(user, Organisation.objects.get(pk=organisation_id))


@shared_task
def note_failed_log_in(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Put a wrong password on record where the person works, with the time at which it was tried."""
    with effect(outbox_id, organisation_id) as wanted:
        user = User.objects.filter(pk=object_id).first()
        if wanted and user is not None:
            tried_at = Outbox.objects.values_list("created_at", flat=True).get(pk=outbox_id)
            account_events.record(user, account_events.FAILED, at=tried_at)


@shared_task
def tell_of_reset(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Mail somebody that an administrator took their second factor away."""
    with effect(outbox_id, organisation_id) as wanted:
        if not wanted:
            return
        practitioner = Practitioner.objects.select_related("organisation", "user").get(pk=object_id)
        if practitioner.user is not None:
            account_mail.send_reset_factors(practitioner, practitioner.user)


@shared_task
def tell_of_token_request(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Mail everybody who may confirm a system's token that it waits; nobody once it is confirmed or closed."""
    with effect(outbox_id, organisation_id) as wanted:
        if not wanted:
            return
        token = ApiToken.objects.with_validity().with_waiting().select_related("created_by").get(pk=object_id)
        if token.is_waiting and token.revoked_at is None:
            cause = mail_brake.Cause(f"token {token.pk}", tell_of_token_request.name, token.pk)
            for person in confirmers_of(token):
                if mail_brake.may_leave(person, cause):
                    account_mail.send_token_request(
                        person, token.created_by, makes_log_ins=PROVISIONING in token.scopes
                    )


@shared_task
def tell_of_brake(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Mail the administrators that mails are held; nobody once they have decided, and each at most once a day."""
    with effect(outbox_id, organisation_id) as wanted:
        organisation = Organisation.objects.get(pk=organisation_id)
        count = mail_brake.count_held(organisation)
        if not wanted or not count:
            return
        cause = mail_brake.Cause(f"brake {today_in(organisation)}", tell_of_brake.name, organisation.pk)
        for person in mail_brake.administrators(organisation):
            if mail_brake.may_leave(person, cause, urgent=True):
                account_mail.send_brake(person, count)


@shared_task
def make_organisation_copy(*, outbox_id: str, organisation_id: str, object_id: str) -> None:
    """Write everything of an organisation into a file for the holder of a key."""
    with effect(outbox_id, organisation_id) as wanted:
        copy = OrganisationCopy.objects.select_related("organisation").filter(pk=object_id).first()
        if wanted and copy is not None and copy.step == CopyStep.WAITING:
            organisation_copies.make_copy(copy)
