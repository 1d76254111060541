"""`manage.py reseal_second_factors`: after a new SECRET_KEY, before the earlier one leaves SECRET_KEY_FALLBACKS."""

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from organisations.login.second_factor import reseal


class Command(BaseCommand):
    help = "Seals the secrets of authenticator apps and recovery codes with the newest SECRET_KEY."

    @transaction.atomic
    def handle(self, *args, **options):
        count = sum(reseal(authenticator) for authenticator in Authenticator.objects.select_for_update())
        self.stdout.write(f"{count} sealed anew")
