"""Mails to people about their place in an organisation."""

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from organisations.models import Practitioner


def send_invitation(practitioner: Practitioner, link: str, days: int) -> None:
    """The invitation in the organisation's language: where to, by whom, how long it works."""
    organisation = practitioner.organisation
    with translation.override(organisation.language):
        subject = _("%(organisation)s invites you to Medspil") % {"organisation": organisation.name}
        context = {"practitioner": practitioner, "organisation": organisation, "link": link, "days": days}
        body = render_to_string("organisations/mail/invitation.txt", context)
    send_mail(" ".join(subject.split()), body, None, [practitioner.email])
