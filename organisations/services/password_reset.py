"""A new password for somebody who has forgotten theirs: the mail."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from organisations.models import Organisation, User


def send_reset(user: User, organisation: Organisation) -> None:
    """Mail the link, in the person's language. It works once, and as long as PASSWORD_RESET_TIMEOUT says."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    context = {"user": user, "password_reset_url": get_adapter().get_reset_password_from_key_url(key)}
    with translation.override(user.language or organisation.language):
        subject = render_to_string("account/email/password_reset_key_subject.txt", context)
        body = render_to_string("account/email/password_reset_key_message.txt", context)
    send_mail(" ".join(subject.split()), body, None, [user.email])
