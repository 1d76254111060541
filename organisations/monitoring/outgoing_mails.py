"""Mails by SMTP, and when one was last taken by the mail server: for the status page."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from organisations.monitoring.parts import note_mail


class NotedSmtp(EmailBackend):
    """Django's; what the server took is noted, by its time alone."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        taken = super().send_messages(email_messages)
        if taken:
            note_mail()
        return taken
