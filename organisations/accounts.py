"""Log-in by django-allauth, closed: people come by invitation, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No sign-up; links in mails come from SITE_URL, never from a request's Host header."""

    def is_open_for_signup(self, request):
        return False

    def get_reset_password_from_key_url(self, key):
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)
