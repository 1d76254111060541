"""Mails to people about their place in an organisation, and about their account there."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from organisations.models import Practitioner, User


def send_invitation(practitioner: Practitioner, link: str, days: int) -> None:
    """Mail the invitation in its language: where to, by whom, how long it works."""
    organisation = practitioner.organisation
    with translation.override(practitioner.invited_in or organisation.language):
        subject = _("%(organisation)s invites you to Medspil") % {"organisation": organisation.name}
        context = {"practitioner": practitioner, "organisation": organisation, "link": link, "days": days}
        body = render_to_string("organisations/mail/invitation.txt", context)
    send_mail(" ".join(subject.split()), body, None, [practitioner.email])


def send_reset_factors(practitioner: Practitioner, user: User) -> None:
    """Mail to somebody's log-in address that an administrator took their second factor away."""
    organisation = practitioner.organisation
    with translation.override(user.language or organisation.language):
        subject = _("Medspil: your second factor was taken away")
        context = {"practitioner": practitioner, "organisation": organisation, "url": settings.SITE_URL}
        body = render_to_string("organisations/mail/factors_reset.txt", context)
    send_mail(" ".join(subject.split()), body, None, [user.email])


def send_brake(person: Practitioner, count: int) -> None:
    """Mail an administrator that mails are held, and where to let them go."""
    if person.user is None:
        return
    with translation.override(person.user.language or person.organisation.language):
        subject = _("Medspil: mails are held")
        url = f"{settings.SITE_URL}{reverse('held-mails')}"
        body = render_to_string("organisations/mail/brake.txt", {"name": person.name, "count": count, "url": url})
    send_mail(" ".join(subject.split()), body, None, [person.user.email])


def send_token_request(person: Practitioner, asked_by: Practitioner, *, makes_log_ins: bool) -> None:
    """Mail that a system asks to read clients, or to make log-ins, and where to decide; it names no system or team."""
    if person.user is None:
        return
    with translation.override(person.user.language or person.organisation.language):
        reads = _("Medspil: a system asks to read clients")
        subject = _("Medspil: a system asks to make log-ins") if makes_log_ins else reads
        url = f"{settings.SITE_URL}{reverse('token-requests')}"
        context = {"name": person.name, "asked_by": asked_by, "url": url, "makes_log_ins": makes_log_ins}
        body = render_to_string("organisations/mail/token_request.txt", context)
    send_mail(" ".join(subject.split()), body, None, [person.user.email])
