"""Second factors for the tests: an authenticator app that knows its codes."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import reverse

from tests.people import PASSWORD

PERIOD = 30  # seconds


class App:
    """An authenticator app that a user has set up."""

    def __init__(self, user):
        self.secret = generate_totp_secret()
        self.authenticator = TOTP.activate(user, self.secret).instance

    def code(self, periods: int = 0) -> str:
        """The code of now, or of so many half minutes later."""
        return code_of(self.secret, periods)


def code_of(secret: str, periods: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + periods))


def recovery_codes_of(user) -> list[str]:
    return RecoveryCodes.activate(user).get_unused_codes()


def kinds_of(user) -> set[str]:
    """What a user has set up."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def log_in(browser, user, password: str = PASSWORD):
    """Send the log-in form; the answer."""
    return browser.post(reverse("account_login"), {"login": user.email, "password": password})


def confirm(browser, password: str = PASSWORD):
    """Show once more who one is, as changes ask for."""
    return browser.post(reverse("account_reauthenticate"), {"password": password})
